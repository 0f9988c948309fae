"""Where a payment goes: over the components in the contract's order, over the accounts from the oldest.

Without a contract's word the law's order holds: costs, then interest, then the debt itself (民法典 art. 561).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from anmi.core.balance import NOTHING_OWED, Balance, Component
from anmi.core.money import Money

Order = tuple[Component, ...]

STATUTORY_ORDER: Final[Order] = (
    Component.FEE,
    Component.LATE_CHARGE,
    Component.PENALTY_INTEREST,
    Component.INTEREST,
    Component.PRINCIPAL,
)


@dataclass(frozen=True, slots=True)
class Allocation:
    """What of a payment went to which component, and what was more than is owed."""

    parts: Balance
    over: Money

    @property
    def payment(self) -> Money:
        return self.parts.total + self.over


@dataclass(frozen=True, slots=True)
class AccountOwing:
    """An account of the case with what it owes and since when."""

    account_id: str
    due_on: date
    owed: Balance


@dataclass(frozen=True, slots=True)
class Posting:
    """The part of a payment that is booked on one account."""

    account_id: str
    parts: Balance


@dataclass(frozen=True, slots=True)
class Spread:
    """A payment over several accounts, and what was more than all of them owe."""

    postings: tuple[Posting, ...]
    over: Money


def read_order(names: Sequence[str]) -> Order:
    """Read a contract's order; raise ValueError unless it names every component once."""
    order = tuple(Component(name) for name in names)
    if sorted(order) != sorted(Component):
        raise ValueError("the order of a contract names every component once")
    return order


def allocate(payment: Money, owed: Balance, order: Order = STATUTORY_ORDER) -> Allocation:
    """Fill the components in `order` until the payment is used up; what is left is over-payment."""
    if payment.fen < 0 or owed.is_negative:
        raise ValueError("a payment and what is owed are not below nothing; a reversal has its own way")
    left = payment
    parts: dict[Component, Money] = {}
    for component in order:
        parts[component] = min(owed[component], left)
        left -= parts[component]
    return Allocation(Balance.of(parts), left)


def spread(
    payment: Money,
    accounts: Iterable[AccountOwing],
    order: Order = STATUTORY_ORDER,
    spared: Balance = NOTHING_OWED,
) -> Spread:
    """Fill one account after the other, the longest overdue first; accounts that get nothing are left out.

    What a granted concession would waive is `spared`: it is paid only by money that is left when all else is paid.
    """
    oldest_first = sorted(accounts, key=lambda one: (one.due_on, one.account_id))
    last = _spare(oldest_first, spared)
    left = payment
    parts = dict.fromkeys(last, NOTHING_OWED)
    for round_of in ({one.account_id: one.owed - last[one.account_id] for one in oldest_first}, last):
        for account_id, owed in round_of.items():
            allocation = allocate(left, owed, order)
            left = allocation.over
            parts[account_id] += allocation.parts
    return Spread(tuple(Posting(account_id, part) for account_id, part in parts.items() if part.total), left)


def _spare(oldest_first: Sequence[AccountOwing], spared: Balance) -> dict[str, Balance]:
    """Say what of each account is spared, beginning with the youngest."""
    left = spared
    last: dict[str, Balance] = {}
    for account in reversed(oldest_first):
        kept = Balance.of({part: min(account.owed[part], left[part]) for part in Component})
        last[account.account_id] = kept
        left -= kept
    return {account.account_id: last[account.account_id] for account in oldest_first}


def reversal(allocation: Allocation) -> Allocation:
    """Return the allocation that undoes this one: each component is owed again, to the fen, as it was.

    Payments that came later keep their places: what was posted under the contract's order is not rewritten.
    """
    return Allocation(-allocation.parts, -allocation.over)
