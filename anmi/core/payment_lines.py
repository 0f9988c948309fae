"""Payments that a creditor lists, held against those that are known: the same money is never booked twice."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from anmi.core.money import Money


@dataclass(frozen=True, slots=True)
class ToldPayment:
    """Money that a row says has come."""

    amount: Money
    paid_on: date
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class KnownPayment:
    """A payment of the same case: booked, or so far only claimed."""

    payment_id: str
    amount: Money
    paid_on: date
    reference: str | None = None
    is_booked: bool = False


def known_of(told: ToldPayment, known: Collection[KnownPayment], claim_days: int) -> KnownPayment | None:
    """Return the payment that a row speaks of: one that is booked, else the nearest claim within some days."""
    same = [one for one in known if one.amount == told.amount and not _contradict(told, one)]
    for one in same:
        if one.is_booked and (one.paid_on == told.paid_on or (one.reference and one.reference == told.reference)):
            return one
    claims = [one for one in same if not one.is_booked and _apart(told, one) <= claim_days]
    return min(claims, key=lambda one: _apart(told, one), default=None)


def _contradict(told: ToldPayment, one: KnownPayment) -> bool:
    return bool(told.reference and one.reference and told.reference != one.reference)


def _apart(told: ToldPayment, one: KnownPayment) -> int:
    return abs((told.paid_on - one.paid_on).days)
