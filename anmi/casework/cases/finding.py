"""Cases found: pages, counts and sums of lists, within the reach of a permission."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement

from anmi.casework.cases import listing, repository
from anmi.casework.cases.conditions import Question, question
from anmi.casework.cases.gaps import filled
from anmi.casework.cases.life import CaseLives
from anmi.casework.cases.listing import Narrow
from anmi.casework.cases.lists import CaseFilter, CaseList, Day
from anmi.casework.cases.models import ACCOUNT_NO, Case
from anmi.casework.cases.views import CaseLine, lines_of
from anmi.casework.cases.visibility import findable, sight_of, visible
from anmi.casework.debtors.models import ID_NUMBER, ID_TAIL, NAME, PHONE, PHONE_TAIL
from anmi.core.calendar import in_china, start_of
from anmi.core.case_life import State
from anmi.core.identity_number import IdentityNumber
from anmi.core.permissions import Permission
from anmi.core.person_name import is_person_name
from anmi.core.phone_number import PhoneNumber
from anmi.core.rights import units_below
from anmi.identity.org_units.service import OrgUnits
from anmi.kit.errors import Conflict
from anmi.kit.paging import Ask
from anmi.kit.unit_of_work import UnitOfWork

MOST_AT_ONCE: Final = 500
"""How many cases one request may touch."""
MOST_COUNTED: Final = 10_000
"""How far a list of the working day is counted: beyond that, nobody works it off in a day."""


class TooManyCases(Conflict):
    """More cases are meant than one request may touch."""

    code = "TOO_MANY_CASES"
    zh, en = "一次最多处理 {most} 件案件，请缩小范围", "At most {most} cases at once; please narrow the list"


@dataclass(frozen=True, slots=True)
class Figures:
    """How many cases, and what they owe, in all and by state and bucket.

    Where there `is_more`, `count` is the most that was asked for, and the sums are those of no list.
    """

    count: int
    is_more: bool
    owing_fen: int
    by_state: dict[str, tuple[int, int]]
    by_bucket: dict[str, tuple[int, int]]


def day_of(unit: UnitOfWork) -> Day:
    """Return the present day on Chinese clocks."""
    today = in_china(unit.now).date()
    return Day(unit.now, today, start_of(today + timedelta(days=1)))


class CasesFound(CaseLives):
    """What lists of cases show, on behalf of one caller."""

    async def page(self, wanted: CaseFilter, ask: Ask) -> tuple[list[CaseLine], str | None]:
        """Return one page of the cases within sight, and the cursor of the next."""
        sight, own = sight_of(self._unit, Permission.CASES_READ, with_pool=bool(wanted.pool))
        asked = await self._question(wanted)
        asked = Question(asked.form, {**asked.values, **own})
        narrow = Narrow.ONE_HOLDER if sight.is_narrow or wanted.holder_id is not None else None
        rows, following = await listing.page(self._unit, sight, asked, ask, Narrow.SOUGHT if wanted.q else narrow)
        return self._lines(rows), following

    async def count(self, wanted: CaseFilter) -> int:
        """Count the cases a filter shows."""
        return await repository.count(self._unit.session, await self.conditions(wanted))

    async def figures(self, wanted: CaseFilter, most: int | None = None) -> Figures:
        """Count the cases a filter shows and add up what they owe, unless they are more than `most`."""
        day, conditions = day_of(self._unit), await self.conditions(wanted)
        buckets = await repository.bucket_tables(self._unit.driver)
        rows = await listing.figures(self._unit.session, conditions, day, buckets, None if most is None else most + 1)
        by_state: dict[str, tuple[int, int]] = {}
        by_bucket: dict[str, tuple[int, int]] = {}
        for state, bucket, cases_count, owing_fen in map(tuple, rows):
            for sums, key in ((by_state, State(state).value), (by_bucket, bucket)):
                count, owing = sums.get(key, (0, 0))
                sums[key] = count + int(cases_count), owing + int(owing_fen)
        count = sum(count for count, _ in by_state.values())
        if most is not None and count > most:
            return Figures(most, is_more=True, owing_fen=0, by_state={}, by_bucket={})
        owing = sum(owing for _, owing in by_state.values())
        return Figures(count, False, owing, dict(sorted(by_state.items())), dict(sorted(by_bucket.items())))

    async def counts(self) -> dict[CaseList, int]:
        """Count the lists of the working day, within sight; a list of more than MOST_COUNTED counts one more."""
        day, conditions = day_of(self._unit), [visible(self._unit)]
        return await listing.counts(self._unit.session, conditions, day, MOST_COUNTED + 1)

    async def conditions(
        self, wanted: CaseFilter, permission: Permission = Permission.CASES_READ
    ) -> list[ColumnElement[bool]]:
        """Return what a filter asks of a case, within the reach of a permission."""
        sight = findable if wanted.pool else visible
        asked = await self._question(wanted)
        return [sight(self._unit, permission), *asked.conditions(filled(asked.values))]

    async def ids(self, wanted: CaseFilter, permission: Permission) -> Sequence[UUID]:
        """Return the ids of the cases a filter shows within the reach of a permission, for work on all of them."""
        found = await repository.ids(self._unit.session, await self.conditions(wanted, permission), MOST_AT_ONCE + 1)
        if len(found) > MOST_AT_ONCE:
            raise TooManyCases(most=MOST_AT_ONCE)
        return found

    async def linked(self, case_id: UUID) -> list[CaseLine]:
        """Return the other cases of the same debtor that the caller may see, the newest first."""
        found = await repository.ids(self._unit.session, self._linked(await self.get(case_id)), MOST_AT_ONCE)
        return self._lines(await listing.dressed(self._unit, found[::-1]))

    def _linked(self, case: Case) -> list[ColumnElement[bool]]:
        return [visible(self._unit), Case.debtor_id == case.debtor_id, Case.id != case.id]

    def _lines(self, rows: Sequence[listing.CaseRow]) -> list[CaseLine]:
        return lines_of(self._unit, rows, day_of(self._unit).today)

    async def _question(self, wanted: CaseFilter) -> Question:
        unit_ids = None
        if wanted.unit_id is not None:
            unit_ids = units_below(wanted.unit_id, await OrgUnits(self._unit).parents())
        buckets = await repository.bucket_tables(self._unit.driver) if wanted.buckets else {}
        sought = self._sought(wanted.q) if wanted.q else None
        return question(wanted, day_of(self._unit), buckets, unit_ids, sought)

    def _sought(self, q: str) -> dict[str, str | bytes]:
        """Recognise by its form what a text may mean; what is personal is sought by its blind index."""
        index = self._unit.index
        sought: dict[str, str | bytes] = {"text": q, "account": index(ACCOUNT_NO, "".join(q.split()))}
        if is_person_name(q):
            sought["name"] = index(NAME, q)
        if isinstance(identity := IdentityNumber.read(q, day_of(self._unit).today), IdentityNumber):
            sought["id_number"] = index(ID_NUMBER, identity.text)
        if number := PhoneNumber.read(q):
            sought["phone"] = index(PHONE, number.digits)
        if len(q) == 4 and q[:3].isdecimal() and (q[3].isdecimal() or q[3] in "xX"):
            tail = q.upper()
            sought |= {"tail": tail, "id_tail": index(ID_TAIL, tail), "phone_tail": index(PHONE_TAIL, tail)}
        return sought
