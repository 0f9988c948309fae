"""Until when a claim can be enforced (诉讼时效), and what starts the time anew.

民法典 art. 195: a demand or the debtor's consent interrupts; art. 189: instalments run from the last of them; art. 192:
after the time, only the debtor's own consent revives the claim. How many years it is comes as data, with its source.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from anmi.core.tables import rows


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


@dataclass(frozen=True, slots=True)
class Period:
    """How many years the time has that begins to run on a day or later, and where that is written."""

    runs_from: date
    years: int
    source: str


@dataclass(frozen=True, slots=True)
class LimitationTable:
    """The periods of the law, the earliest first."""

    periods: tuple[Period, ...]

    def end(self, runs_from: date) -> date:
        """Return the last day of a time that begins to run on a day."""
        known = [period for period in self.periods if period.runs_from <= runs_from] or self.periods[:1]
        return years_later(runs_from, known[-1].years)


def read_limitation_table(data: Mapping[str, object]) -> LimitationTable:
    """Build the table from loaded rows; raise ValueError naming the row that cannot be read."""
    periods = sorted(
        (_period(row) for row in rows(data.get("period"), "limitation table")), key=lambda period: period.runs_from
    )
    if not periods or len({period.runs_from for period in periods}) != len(periods):
        raise ValueError("limitation table: there is a period, and one for a day")
    return LimitationTable(tuple(periods))


def _period(row: Mapping[str, object]) -> Period:
    match row:
        case {"runs_from": date() as runs_from, "years": int(years), "source": str(source)} if years >= 1:
            return Period(runs_from, years, source)
        case _:
            raise ValueError(f"limitation table, {row.get('source')}: runs_from a day, years and source are needed")


def limitation_due(last_instalment_due_on: date, interrupts: Iterable[Interrupt], table: LimitationTable) -> date:
    """Return the last day of the time, which begins when the last instalment fell due."""
    due = table.end(last_instalment_due_on)
    for one in sorted(interrupts, key=lambda interrupt: interrupt.on):
        is_in_time = last_instalment_due_on <= one.on <= due
        revives = one.on > due and one.kind is InterruptKind.DEBTOR_CONSENTED
        if one.has_evidence and (is_in_time or revives):
            due = table.end(one.on)
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
