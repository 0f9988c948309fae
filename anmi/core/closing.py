"""Why a case closes. Paid in full (全额结清) and settled in full (减免结清) are two things and never one flag."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from anmi.core.money import Money, total


class ClosingReason(StrEnum):
    """Why a case is closed."""

    PAID_IN_FULL = "paid_in_full"
    SETTLED_IN_FULL = "settled_in_full"
    RETURNED = "returned"
    RECALLED = "recalled"


@dataclass(frozen=True, slots=True)
class Settlement:
    """A granted concession: the sum that settles the debt, what is waived then, and the last day for it."""

    to_pay: Money
    waived: Money
    valid_until: date


def closing_reason(
    owed: Money, received: tuple[tuple[date, Money], ...], settlement: Settlement | None = None
) -> ClosingReason | None:
    """Say whether the money closes the case. `owed` is what was owed before any of `received` came in.

    Who pays all has paid in full, whatever was granted; a settlement only counts if its sum came in its time.
    """
    paid = total([amount for _, amount in received])
    if paid >= owed:
        return ClosingReason.PAID_IN_FULL
    if settlement is None or settlement.waived.fen <= 0:
        return None
    in_time = total([amount for on, amount in received if on <= settlement.valid_until])
    return ClosingReason.SETTLED_IN_FULL if in_time >= settlement.to_pay else None
