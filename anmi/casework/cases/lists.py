"""Which cases a list shows: what people filter by, the lists of the working day, what a search text may mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from anmi.core.case_life import State
from anmi.core.permissions import Words


class CaseList(StrEnum):
    """A list of the working day."""

    DUE_PROMISES = "due_promises"
    CALL_BACKS = "call_backs"
    NEW_CASES = "new_cases"
    BROKEN_PROMISES = "broken_promises"
    NO_CONTACT = "no_contact"
    HOLDS_ENDING = "holds_ending"
    ALL = "all"


CASE_LIST_WORDS: Final[dict[CaseList, Words]] = {
    CaseList.DUE_PROMISES: Words("今日到期承诺", "Promises due"),
    CaseList.CALL_BACKS: Words("今日待跟进", "To follow up today"),
    CaseList.NEW_CASES: Words("新案", "New cases"),
    CaseList.BROKEN_PROMISES: Words("跳票待跟进", "Broken promises"),
    CaseList.NO_CONTACT: Words("七日未跟进", "Not touched for seven days"),
    CaseList.HOLDS_ENDING: Words("停催将到期", "Holds about to end"),
    CaseList.ALL: Words("全部在手", "All in hand"),
}

NO_CONTACT_DAYS: Final = 7
HOLD_ENDS_WITHIN_DAYS: Final = 3


class CaseReach(StrEnum):
    """Whether anybody can be reached, as the last opening run found it."""

    REACHABLE = "reachable"
    DEAD = "dead"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a list is to show; a field that is None or empty leaves nothing out.

    `q` is a whole name, phone, id number, account, case or contract number, or the last four of one of them.
    """

    q: str | None = None
    todo: CaseList | None = None
    states: frozenset[State] = frozenset()
    buckets: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    creditor_ids: frozenset[UUID] = frozenset()
    placement_ids: frozenset[UUID] = frozenset()
    product_ids: frozenset[UUID] = frozenset()
    holder_id: UUID | None = None
    unit_id: UUID | None = None
    pool: bool | None = None
    reach: CaseReach | None = None
    hold: bool | None = None
    special: bool | None = None
    owing_from: int | None = None
    owing_to: int | None = None
    dpd_from: int | None = None
    dpd_to: int | None = None
    next_action_before: datetime | None = None
    last_results: frozenset[str] = frozenset()
    no_activity_days: int | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """The moment a list is asked for, on Chinese clocks."""

    now: datetime
    today: date
    tomorrow: datetime
    """The instant at which tomorrow begins."""
