"""Until when a claim can be enforced (诉讼时效), and what starts the time anew.

民法典 art. 188: three years; art. 195: a demand or the debtor's consent interrupts; art. 189: instalments run from the
last of them; art. 192: after the time, only the debtor's own consent revives the claim. The years come as data.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class InterruptKind(StrEnum):
    """What interrupts the time, given that there is evidence of it."""

    DEMAND_DELIVERED = "demand_delivered"
    DEBTOR_CONSENTED = "debtor_consented"  # a promise, a part payment, a plan
    COURT = "court"  # suit or arbitration


@dataclass(frozen=True, slots=True)
class Interrupt:
    """One interrupting event; without evidence it counts for nothing."""

    on: date
    kind: InterruptKind
    has_evidence: bool = True


def limitation_due(last_instalment_due_on: date, interrupts: Iterable[Interrupt], years: int) -> date:
    """Return the last day of the time, which begins when the last instalment fell due."""
    due = years_later(last_instalment_due_on, years)
    for one in sorted(interrupts, key=lambda interrupt: interrupt.on):
        is_in_time = last_instalment_due_on <= one.on <= due
        revives = one.on > due and one.kind is InterruptKind.DEBTOR_CONSENTED
        if one.has_evidence and (is_in_time or revives):
            due = years_later(one.on, years)
    return due


def has_effective_demands(delivered_on: Iterable[date], count: int, gap_days: int) -> bool:
    """Whether `count` demands were delivered, each `gap_days` or more after the one counted before it.

    两高 on credit card overdraft, art. 6 (as reported): two effective demands, 30 days or more apart.
    """
    counted: list[date] = []
    for on in sorted(delivered_on):
        if not counted or (on - counted[-1]).days >= gap_days:
            counted.append(on)
    return len(counted) >= count


def years_later(day: date, years: int) -> date:
    """Return the same day `years` later; where the month has none, its last day (民法典 art. 202)."""
    year = day.year + years
    return day.replace(year=year, day=min(day.day, months.monthrange(year, day.month)[1]))
