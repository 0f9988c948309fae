"""A promise to pay (承诺还款): until when it may be kept, what counts as paid for it, and how it stands.

The tolerance in days and in share is the product's, not ours; a claimed payment keeps a promise open for a while,
because the money may be on its way through the bank.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from anmi.core.calendar import HolidayCalendar
from anmi.core.money import Money, total


class PromiseState(StrEnum):
    """How a promise stands."""

    OPEN = "open"
    KEPT = "kept"
    PARTLY_KEPT = "partly_kept"
    BROKEN = "broken"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class PromiseToPay:
    """The sum a debtor promised, when he promised it, and for which day."""

    amount: Money
    taken_on: date
    due_on: date

    def __post_init__(self) -> None:
        if self.amount.fen <= 0:
            raise ValueError("a promise is of more than nothing")
        if self.due_on < self.taken_on:
            raise ValueError("a promise is for the day it is made or a later one")


@dataclass(frozen=True, slots=True)
class Tolerance:
    """What a product forgives: days after the due day, the share that is enough, and days to reconcile a claim."""

    days: int = 0
    share: Fraction = Fraction(1)
    claim_days: int = 0

    def __post_init__(self) -> None:
        if self.days < 0 or self.claim_days < 0 or not 0 < self.share <= 1:
            raise ValueError("a tolerance is some days and a share between nothing and all")


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money of the case: received and confirmed, or so far only claimed. A reversed payment is no receipt."""

    on: date
    amount: Money
    is_confirmed: bool = True


def last_day(promise: PromiseToPay, tolerance: Tolerance, calendar: HolidayCalendar) -> date:
    """Return the last day on which money counts: banks are shut on the due day, or the product gives some days."""
    return calendar.next_working_day(promise.due_on) + timedelta(days=tolerance.days)


def paid_for(promise: PromiseToPay, receipts: Iterable[Receipt], until: date) -> Money:
    """Add up what was confirmed from the day the promise was made up to `until`; earlier money was not promised."""
    return total([one.amount for one in receipts if one.is_confirmed and promise.taken_on <= one.on <= until])


def is_kept(promise: PromiseToPay, paid: Money, tolerance: Tolerance) -> bool:
    return paid >= promise.amount.share(tolerance.share)


def state(
    promise: PromiseToPay,
    receipts: Iterable[Receipt],
    tolerance: Tolerance,
    calendar: HolidayCalendar,
    today: date,
) -> PromiseState:
    """Say how the promise stands on the evening of `today`. Cancelling is a decision and not found here."""
    end = last_day(promise, tolerance, calendar)
    received = tuple(receipts)
    paid = paid_for(promise, received, min(end, today))
    if is_kept(promise, paid, tolerance):
        return PromiseState.KEPT
    if today <= end:
        return PromiseState.OPEN
    claimed = total([one.amount for one in received if not one.is_confirmed and promise.taken_on <= one.on <= end])
    if today <= end + timedelta(days=tolerance.claim_days) and is_kept(promise, paid + claimed, tolerance):
        return PromiseState.OPEN
    return PromiseState.PARTLY_KEPT if paid.fen > 0 else PromiseState.BROKEN
