"""What a good row becomes: a case with its dates, its bucket and its parts, as one value that can be written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from anmi.core.delinquency import BucketTable, days_past_due
from anmi.core.identity_number import IdentityNumber
from anmi.core.limitation import LimitationTable, limitation_due
from anmi.core.placement_sheet.case_facts import CaseFacts, Components, FactReader, OtherPhone, split_amount
from anmi.core.placement_sheet.cells import Cell
from anmi.core.placement_sheet.fact_columns import Fact
from anmi.core.placement_sheet.line_reader import Line, LineReader


@dataclass(frozen=True, slots=True)
class CaseMaker:
    """Makes cases of the rows of one sheet; `due_back_on` is the placement's, where a row names no day of its own."""

    reader: LineReader
    facts: FactReader
    buckets: BucketTable
    limitation: LimitationTable
    due_back_on: date | None

    def make(self, row: int, cells: Sequence[Cell]) -> NewCase:
        """Make a case of a row that the check has accepted."""
        match self.reader.read(cells):
            case Line() as line:
                return new_case(row, line, self.facts.read(cells), self.buckets, self.limitation, self.due_back_on)
            case _:
                raise ValueError(f"row {row} was not accepted")


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case as it enters the house."""

    row: int
    line: Line
    facts: CaseFacts
    overdue_on: date
    bucket: str
    limitation_on: date
    due_back_on: date | None
    components: Components
    born_on: date | None
    gender: str | None
    phones: tuple[OtherPhone, ...]


def new_case(
    row: int,
    line: Line,
    facts: CaseFacts,
    buckets: BucketTable,
    limitation: LimitationTable,
    due_back_on: date | None,
) -> NewCase:
    """Make a case of a good row; `due_back_on` is the placement's, where the row names no day of its own."""
    overdue_on = _overdue_on(line.placed_on, facts, buckets)
    identity = line.identity if isinstance(line.identity, IdentityNumber) else None
    own = [OtherPhone(number, "mobile" if number.is_mobile else "home") for number in line.phones]
    # The first one of a number counts: the debtor's own before somebody else's.
    phones = {phone.number.digits: phone for phone in reversed((*own, *facts.phones))}
    gender = None if identity is None else "male" if identity.is_male else "female"
    return NewCase(
        row=row,
        line=line,
        facts=facts,
        overdue_on=overdue_on,
        bucket=buckets.bucket(days_past_due(overdue_on, line.placed_on)).code,
        limitation_on=_limitation(facts.dates.get(Fact.LAST_DUE_ON, overdue_on), limitation),
        due_back_on=facts.dates.get(Fact.DUE_BACK_ON, due_back_on),
        components=split_amount(line.amount, facts.amounts)[0],
        born_on=identity.born_on if identity else None,
        gender=gender or facts.gender,
        phones=tuple(reversed(phones.values())),
    )


@lru_cache(maxsize=8192)
def _limitation(last_due_on: date, table: LimitationTable) -> date:
    return limitation_due(last_due_on, (), table)


def _overdue_on(placed_on: date, facts: CaseFacts, buckets: BucketTable) -> date:
    """Return the oldest unpaid due day as the sheet tells it: the day, the days, or the bucket's first day."""
    if day := facts.dates.get(Fact.OVERDUE_ON):
        return day
    if facts.days_past_due is not None:
        return placed_on - timedelta(days=facts.days_past_due)
    told = facts.texts.get(Fact.BUCKET, "").upper()
    days = next((row.min_dpd for row in buckets.rows if row.code.upper() == told), 0)
    return placed_on - timedelta(days=days)
