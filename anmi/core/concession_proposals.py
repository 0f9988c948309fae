"""From what somebody wishes to what it comes to: the exact offer, and its instalments, before anybody is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final

from anmi.core.balance import NOTHING_OWED, Balance, Component
from anmi.core.concession_offers import Offer, principal_only, settlement, waiver
from anmi.core.concessions import NEVER_PROMISED, Kind
from anmi.core.money import ZERO, Money
from anmi.core.payment_plans import PaymentPlan, RefusedPlan, plan

COVERED: Final[Mapping[Kind, frozenset[Component]]] = {
    Kind.PENALTY_WAIVER: frozenset({Component.PENALTY_INTEREST, Component.LATE_CHARGE}),
    Kind.INTEREST_WAIVER: frozenset({Component.INTEREST}),
    Kind.FEE_WAIVER: frozenset({Component.FEE}),
    Kind.PRINCIPAL_WAIVER: frozenset({Component.PRINCIPAL}),
}
"""What a waiver of each kind may touch."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wishes: shares of components for a waiver, a sum for a settlement, and in how many instalments.

    A waiver that names no share is of all its components in whole.
    """

    kind: Kind
    shares: Mapping[Component, Fraction] = field(default_factory=dict[Component, Fraction])
    to_pay: Money | None = None
    instalments: int = 1
    first_due_on: date | None = None
    down_payment: Money = ZERO


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the wish comes to."""

    offer: Offer
    plan: PaymentPlan | None


@dataclass(frozen=True, slots=True)
class RefusedProposal:
    """Why the wish comes to nothing."""

    reason: str


def propose(owed: Balance, wish: Wish, most_instalments: int) -> Proposal | RefusedProposal:
    """Reckon what a wish comes to: what is paid and what is waived add up to what is owed."""
    if not owed.total:
        return RefusedProposal("nothing_is_owed")
    offer = _offer(owed, wish)
    if isinstance(offer, RefusedProposal) or (wish.instalments == 1 and wish.kind is not Kind.INSTALMENT_RELIEF):
        return offer if isinstance(offer, RefusedProposal) else Proposal(offer, None)
    if wish.first_due_on is None:
        return RefusedProposal("first_day_needed")
    if not 0 <= wish.down_payment.fen < offer.pays.total.fen:
        return RefusedProposal("down_payment_too_much")
    planned = plan(
        offer.pays.total, wish.instalments, wish.first_due_on, most=most_instalments, down_payment=wish.down_payment
    )
    if isinstance(planned, RefusedPlan):
        return RefusedProposal(f"instalments_{planned.reason}")
    return Proposal(offer, planned)


def _offer(owed: Balance, wish: Wish) -> Offer | RefusedProposal:
    match wish.kind:
        case kind if kind in NEVER_PROMISED:
            return RefusedProposal("may_never_be_promised")
        case kind if kind in COVERED:
            return _waiver(owed, wish)
        case Kind.PRINCIPAL_ONLY:
            offer = principal_only(owed)
            return offer if offer.waives.total else RefusedProposal("nothing_is_waived")
        case Kind.LUMP_SUM_SETTLEMENT | Kind.INSTALMENT_RELIEF:
            if wish.kind is Kind.LUMP_SUM_SETTLEMENT and wish.to_pay in {None, owed.total}:
                return RefusedProposal("nothing_is_waived")
            to_pay = owed.total if wish.to_pay is None else wish.to_pay
            return settlement(owed, to_pay) if ZERO < to_pay <= owed.total else RefusedProposal("to_pay_out_of_range")
        case _:
            # 延期 and 停计利息 change days and rates of what comes, not what is owed now.
            return Offer(owed, NOTHING_OWED)


def _waiver(owed: Balance, wish: Wish) -> Offer | RefusedProposal:
    covered = COVERED[wish.kind]
    shares = wish.shares or dict.fromkeys(covered, Fraction(1))
    if not shares.keys() <= covered:
        return RefusedProposal("component_not_covered")
    if any(not 0 <= share <= 1 for share in shares.values()):
        return RefusedProposal("share_out_of_range")
    offer = waiver(owed, shares)
    return offer if offer.waives.total else RefusedProposal("nothing_is_waived")
