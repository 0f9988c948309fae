"""How long a recording is kept: the longest of all duties wins, and whoever holds it stops the clock.

The laws come as a table with their sources; contracts and the state of the debt are said by those who know them.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import cast


class Ground(StrEnum):
    """Why a recording must stay for as long as this lasts."""

    DISPUTE = "dispute"
    COMPLAINT = "complaint"
    ORAL_AGREEMENT = "oral_agreement"
    """Rule RECORD_TILL_SETTLED: 信用卡办法 art. 70, kept until the debt is settled."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty to keep, counted from the day of the call."""

    id: str
    months: int
    days: int
    source: str

    def last_day(self, of: date) -> date:
        """Return the last day on which a recording of this day must still be there."""
        return months_after(of, self.months) + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody who knows the case says of its recordings."""

    months: int = 0
    """By contract with the creditor."""
    grounds: frozenset[Ground] = frozenset()


def keep_until(of: date, duties: Iterable[Duty], claim: Claim) -> date:
    """Return the last day a recording is kept, as far as days can say it."""
    return max([months_after(of, claim.months), *(duty.last_day(of) for duty in duties)])


def is_over(of: date, today: date, duties: Iterable[Duty], claim: Claim, *, is_held: bool) -> bool:
    """Say whether a recording may be deleted now."""
    return not is_held and not claim.grounds and keep_until(of, duties, claim) < today


def months_after(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def read_duties(data: Mapping[str, object]) -> tuple[Duty, ...]:
    """Build the duties from their table; raise ValueError naming the row that cannot be read."""
    rows = data.get("duty")
    if not isinstance(rows, Sequence) or not rows:
        raise ValueError("duties to keep: a list of rows is expected")
    return tuple(map(_duty, cast("Sequence[Mapping[str, object]]", rows)))


def _duty(row: Mapping[str, object]) -> Duty:
    name, source = row.get("id"), row.get("source")
    if not isinstance(name, str) or not isinstance(source, str) or not source:
        raise ValueError(f"duty {name}: a name and a source are expected")
    months, days = _number(row, "months"), _number(row, "days")
    if months + days == 0:
        raise ValueError(f"duty {name}: no time is given")
    return Duty(name, months, days, source)


def _number(row: Mapping[str, object], key: str) -> int:
    value = row.get(key, 0)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"duty {row.get('id')}: {key} is a number")
    return value
