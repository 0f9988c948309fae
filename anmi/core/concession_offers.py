"""The calculators of relief: what a waiver or a settlement asks the debtor to pay, and what the creditor gives up.

Whatever is offered, what is paid and what is waived add up to what was owed, component by component.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from anmi.core.balance import Balance, Component
from anmi.core.money import ZERO, Money

WAIVED_FIRST: Final = (
    Component.LATE_CHARGE,
    Component.PENALTY_INTEREST,
    Component.FEE,
    Component.INTEREST,
    Component.PRINCIPAL,
)
"""The usual order in which a creditor gives way; principal comes last and takes an authority of its own."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What the debtor pays and what the creditor waives."""

    pays: Balance
    waives: Balance

    @property
    def touches_principal(self) -> bool:
        return self.waives.principal.fen > 0

    @property
    def share_waived(self) -> Fraction:
        """Return what is waived as a share of what was owed."""
        owed = self.pays.total + self.waives.total
        return Fraction(self.waives.total.fen, owed.fen) if owed else Fraction(0)


def waiver(owed: Balance, shares: Mapping[Component, Fraction]) -> Offer:
    """Waive a share of each component that is named; raise ValueError for a share outside nothing to all."""
    if any(not 0 <= share <= 1 for share in shares.values()):
        raise ValueError("a share waived lies between nothing and all")
    _must_be_owed(owed)
    # The odd fen is waived: a debtor is never asked to pay it.
    pays = Balance.of({part: owed[part].share(1 - shares.get(part, Fraction(0))) for part in Component})
    return Offer(pays, owed - pays)


def settlement(owed: Balance, to_pay: Money, order: Sequence[Component] = WAIVED_FIRST) -> Offer:
    """Let the debtor go for `to_pay`, waiving components in `order`; raise ValueError for more than is owed."""
    _must_be_owed(owed)
    if not 0 <= to_pay.fen <= owed.total.fen:
        raise ValueError("a settlement asks for no more than is owed")
    if sorted(order) != sorted(Component):
        raise ValueError("the order of waiving names every component once")
    left = owed.total - to_pay
    waives: dict[Component, Money] = {}
    for part in order:
        waives[part] = min(owed[part], left)
        left -= waives[part]
    given_up = Balance.of(waives)
    return Offer(owed - given_up, given_up)


def principal_only(owed: Balance) -> Offer:
    """Waive everything but the principal (只还本金)."""
    return waiver(owed, {part: Fraction(1) for part in Component if part is not Component.PRINCIPAL})


def _must_be_owed(owed: Balance) -> None:
    if owed.is_negative or owed.total == ZERO:
        raise ValueError("nothing is owed that could be waived")
