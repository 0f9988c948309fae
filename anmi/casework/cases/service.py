"""Cases: found, shown, taken through their steps.

Every room that touches a case enters here. Whom a case is shown to is decided in `visibility`, what may happen to it
in the rule book (`anmi.core.case_life`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement

from anmi.casework.cases import listing, repository, timeline
from anmi.casework.cases.conditions import chosen
from anmi.casework.cases.life import (
    TOPIC,
    CaseLives,
    CaseMoved,
    NotInThisState,
    StepRefused,
)
from anmi.casework.cases.listing import Narrow
from anmi.casework.cases.lists import CASE_LIST_WORDS, CaseFilter, CaseList, CaseReach, Day, Sought
from anmi.casework.cases.models import ACCOUNT_NO, Case, StageMove
from anmi.casework.cases.together import CasesTogether
from anmi.casework.cases.views import (
    CaseLine,
    CaseView,
    ConcessionLine,
    FlagLine,
    HoldLine,
    InstallmentLine,
    PlanLine,
    PromiseLine,
    TimelineEntry,
    account_view,
    capabilities_of,
    lines_of,
    may_see_name,
    person_named,
    rate_notice,
)
from anmi.casework.cases.visibility import findable, restrict, sees, takes_from_pool, visible
from anmi.casework.debtors.models import ID_NUMBER, ID_TAIL, NAME, PHONE, PHONE_TAIL
from anmi.casework.debtors.service import Debtors, PersonalField
from anmi.core.audit_actions import AuditAction
from anmi.core.calendar import in_china, start_of
from anmi.core.case_life import Event, State
from anmi.core.case_stages import RefusedMove, read_stages
from anmi.core.identity_number import IdentityNumber
from anmi.core.masking import mask_digits
from anmi.core.permissions import FieldRight, Permission
from anmi.core.person_name import is_person_name
from anmi.core.phone_number import PhoneNumber
from anmi.core.rights import units_below
from anmi.identity.org_units.service import OrgUnits
from anmi.kit.errors import Conflict, FieldRightMissing, Invalid, NotFound
from anmi.kit.paging import Ask
from anmi.kit.unit_of_work import UnitOfWork

__all__ = [
    "CASE_LIST_WORDS",
    "TOPIC",
    "CaseFilter",
    "CaseLine",
    "CaseList",
    "CaseLives",
    "CaseMoved",
    "CaseReach",
    "CaseView",
    "Cases",
    "CasesTogether",
    "DayIsPast",
    "Figures",
    "NotInThisState",
    "StepRefused",
    "TimelineEntry",
    "day_of",
    "findable",
    "may_see_name",
    "restrict",
    "sees",
    "takes_from_pool",
    "visible",
]

MOST_AT_ONCE: Final = 500
"""How many cases one request may touch."""

_RIGHT_TO: Final = {
    PersonalField.ID_NUMBER: FieldRight.ID_NUMBER_FULL,
    PersonalField.PHONE: FieldRight.PHONE_FULL,
    PersonalField.CONTACT_NAME: FieldRight.PHONE_FULL,
    PersonalField.ADDRESS: FieldRight.PHONE_FULL,
}


class UnknownStage(Invalid):
    """The product's table does not know this move."""

    code = "UNKNOWN_STAGE"
    zh, en = "不能从阶段“{before}”转到“{after}”", "The stage {after} does not follow {before}"


class DayIsPast(Invalid):
    """A day was given that has gone by."""

    code = "DAY_IS_PAST"
    zh, en = "日期不能早于今天", "This day has gone by"


class TooManyCases(Conflict):
    """More cases are meant than one request may touch."""

    code = "TOO_MANY_CASES"
    zh, en = "一次最多处理 {most} 件案件，请缩小范围", "At most {most} cases at once; please narrow the list"


@dataclass(frozen=True, slots=True)
class Figures:
    """How many cases, and what they owe, in all and by state and bucket."""

    count: int
    owing_fen: int
    by_state: dict[str, tuple[int, int]]
    by_bucket: dict[str, tuple[int, int]]


def day_of(unit: UnitOfWork) -> Day:
    """Return the present day on Chinese clocks."""
    today = in_china(unit.now).date()
    return Day(unit.now, today, start_of(today + timedelta(days=1)))


class Cases(CaseLives):
    """The cases of one agency, on behalf of one caller."""

    async def page(self, wanted: CaseFilter, ask: Ask) -> tuple[list[CaseLine], str | None]:
        """Return one page of the cases within sight, and the cursor of the next."""
        reach = self._unit.rights.of(Permission.CASES_READ)
        is_own = not reach.everything and not reach.unit_ids
        narrow = Narrow.ONE_HOLDER if is_own or wanted.holder_id is not None else None
        return await self._lines(await self.conditions(wanted), ask, Narrow.SOUGHT if wanted.q else narrow)

    async def count(self, wanted: CaseFilter) -> int:
        """Count the cases a filter shows."""
        return await repository.count(self._unit.session, await self.conditions(wanted))

    async def figures(self, wanted: CaseFilter) -> Figures:
        """Count the cases a filter shows and add up what they owe."""
        session, day = self._unit.session, day_of(self._unit)
        rows = await listing.figures(
            session, await self.conditions(wanted), day, await repository.bucket_tables(self._unit.driver)
        )
        by_state: dict[str, tuple[int, int]] = {}
        by_bucket: dict[str, tuple[int, int]] = {}
        for row in rows:
            for sums, key in ((by_state, State(row.state).value), (by_bucket, row.bucket)):
                count, owing = sums.get(key, (0, 0))
                sums[key] = count + row.cases_count, owing + int(row.owing_fen)
        return Figures(
            sum(count for count, _ in by_state.values()),
            sum(owing for _, owing in by_state.values()),
            dict(sorted(by_state.items())),
            dict(sorted(by_bucket.items())),
        )

    async def counts(self) -> dict[CaseList, int]:
        """Count the lists of the working day, within sight."""
        return await listing.counts(self._unit.session, [visible(self._unit)], day_of(self._unit))

    async def conditions(
        self, wanted: CaseFilter, permission: Permission = Permission.CASES_READ
    ) -> list[ColumnElement[bool]]:
        """Return what a filter asks of a case, within the reach of a permission."""
        unit_ids = None
        if wanted.unit_id is not None:
            unit_ids = units_below(wanted.unit_id, await OrgUnits(self._unit).parents())
        buckets = await repository.bucket_tables(self._unit.driver) if wanted.buckets else {}
        sought = self._sought(wanted.q) if wanted.q else None
        day = day_of(self._unit)
        sight = findable if wanted.pool else visible
        return [sight(self._unit, permission), *chosen(wanted, day, buckets, unit_ids, sought)]

    async def ids(self, wanted: CaseFilter, permission: Permission) -> Sequence[UUID]:
        """Return the ids of the cases a filter shows within the reach of a permission, for work on all of them."""
        found = await repository.ids(self._unit.session, await self.conditions(wanted, permission), MOST_AT_ONCE + 1)
        if len(found) > MOST_AT_ONCE:
            raise TooManyCases(most=MOST_AT_ONCE)
        return found

    async def seen(self, case_id: UUID) -> CaseView:
        """Show the whole case."""
        return await self._view(await self.get(case_id))

    async def linked(self, case_id: UUID) -> list[CaseLine]:
        """Return the other cases of the same debtor that the caller may see."""
        case = await self.get(case_id)
        lines, _ = await self._lines(self._linked(case), Ask(limit=MOST_AT_ONCE))
        return lines

    async def timeline(self, case_id: UUID, ask: Ask) -> tuple[list[TimelineEntry], str | None]:
        """Return one page of what was written of a case, the newest first."""
        await self.get(case_id)
        rows, following = await timeline.page(self._unit.session, case_id, ask)
        entries = [
            TimelineEntry(row.kind, row.id, row.at, person_named(self._unit, row.by, row.by_name), row.facts)
            for row in rows
        ]
        return entries, following

    async def reveal(self, case_id: UUID, field: PersonalField, item_id: UUID | None, reason: str) -> str:
        """Show a masked field to somebody with the right; the reason is kept."""
        right = _RIGHT_TO[field]
        if right not in self._unit.rights.field_rights:
            raise FieldRightMissing(field_right=right)
        case = await self.get(case_id)
        value = await Debtors(self._unit).reveal(case.debtor_id, field, item_id)
        self._unit.remember(
            AuditAction.CASE_REVEALED, ("case", case_id), field=field, item_id=item_id, reason=mask_digits(reason)
        )
        return value

    async def require_debtor(self, debtor_id: UUID, *permissions: Permission) -> None:
        """Refuse a debtor none of whose cases is within the reach of any of these permissions."""
        for permission in permissions:
            conditions = [visible(self._unit, permission), Case.debtor_id == debtor_id]
            if await repository.ids(self._unit.session, conditions, 1):
                return
        raise NotFound

    async def return_(self, case_id: UUID, reason: str) -> None:
        """Hand a case back to its creditor."""
        case = await self.get(case_id, Permission.PLACEMENTS_WRITE, lock=True)
        await self.step(case, Event.RETURNED, reason)
        self._unit.remember(AuditAction.CASE_RETURNED, ("case", case_id), reason=reason)

    async def retain(self, case_id: UUID, until: date, reason: str) -> None:
        """Keep a case past the day it was to go back, as the creditor has agreed."""
        case = await self.get(case_id, Permission.CASES_HOLD, lock=True)
        if until < day_of(self._unit).today:
            raise DayIsPast
        before = case.due_back_on
        await self.step(case, Event.RETAINED, reason, due_back_on=[str(before), str(until)])
        case.due_back_on = until
        self._unit.remember(AuditAction.CASE_RETAINED, ("case", case_id), until=until, reason=reason)

    async def end_retention(self, case: Case) -> None:
        """Let a case go on as before when the leave to keep it has run out."""
        await self.step(case, Event.RETENTION_ENDED)

    async def start_legal(self, case_id: UUID, reason: str) -> None:
        """Take a case to court: from now on it is spoken of in writing."""
        case = await self.get(case_id, Permission.CASES_HOLD, lock=True)
        await self.step(case, Event.LEGAL_STARTED, reason)
        self._unit.remember(AuditAction.CASE_LEGAL_STARTED, ("case", case_id), reason=reason)

    async def end_legal(self, case_id: UUID, reason: str) -> None:
        """Take a case back from court; it goes on with what still stands."""
        case = await self.get(case_id, Permission.CASES_HOLD, lock=True)
        await self.step(case, Event.LEGAL_ENDED, reason)
        await self.resume(case)
        self._unit.remember(AuditAction.CASE_LEGAL_ENDED, ("case", case_id), reason=reason)

    async def move_stage(self, case_id: UUID, stage: str, reason: str) -> None:
        """Work a case more firmly, or less, as its product's table allows."""
        case = await self.get(case_id, Permission.CASES_WORK, lock=True)
        known = read_stages(await repository.stages(self._unit.session, case.product_id))
        move = known.move(case.stage or "", stage)
        if isinstance(move, RefusedMove):
            raise UnknownStage(before=case.stage or "", after=stage, known=list(move.known))
        self._unit.session.add(
            StageMove(
                tenant_id=self._unit.tenant_id,
                case_id=case.id,
                at=self._unit.now,
                before=case.stage,
                after=move.code,
                by=self._unit.caller.person_id,
                reason=reason,
            )
        )
        case.stage = move.code
        case.version += 1
        self.tell(case, "CaseChanged")

    async def plan_next(self, case_id: UUID, at: datetime | None) -> None:
        """Say when a case is to be looked at again."""
        case = await self.get(case_id, Permission.CASES_WORK, lock=True)
        case.next_action_at = at
        self.tell(case, "CaseChanged")

    async def _lines(
        self, conditions: Sequence[ColumnElement[bool]], ask: Ask, narrow: Narrow | None = Narrow.SOUGHT
    ) -> tuple[list[CaseLine], str | None]:
        rows, following = await listing.page(self._unit, conditions, ask, narrow)
        buckets = await repository.bucket_tables(self._unit.driver)
        today = day_of(self._unit).today
        return lines_of(self._unit, rows, buckets, today), following

    def _linked(self, case: Case) -> list[ColumnElement[bool]]:
        return [visible(self._unit), Case.debtor_id == case.debtor_id, Case.id != case.id]

    async def _view(self, case: Case) -> CaseView:
        unit, session = self._unit, self._unit.session
        today, debtors = day_of(unit).today, Debtors(unit)
        await session.flush()  # A case is often shown right after it was changed.
        (line,), _ = await self._lines([Case.id == case.id], Ask(limit=1))
        around = await repository.surroundings(session, case.placement_id, case.creditor_id)
        accounts = tuple(account_view(unit, account) for account in await repository.accounts(session, case.id))
        promise = await repository.open_promise(session, case.id)
        return CaseView(
            line=line,
            placed_on=case.placed_on,
            due_back_on=case.due_back_on,
            placed_bucket=case.bucket,
            tier=around.tier,
            placement_state=around.placement_state,
            waived_fen=case.waived_fen,
            limitation_on=case.limitation_on,
            closing_reason=case.closing_reason,
            closed_at=case.closed_at,
            debtor=await debtors.seen(case.debtor_id, today, in_full=may_see_name(unit, case.holder_id, case.unit_id)),
            accounts=accounts,
            phones=tuple(await debtors.phones(case.debtor_id)),
            addresses=tuple(await debtors.addresses(case.debtor_id)),
            promise=PromiseLine(**promise) if promise is not None else None,
            plan=await self._plan(case.id),
            concessions=tuple(ConcessionLine(**row) for row in await repository.concessions(session, case.id)),
            holds=tuple(HoldLine(**row) for row in await repository.holds(session, case.id)),
            flags=tuple(FlagLine(**row) for row in await repository.flags(session, case.debtor_id)),
            rate_notice=rate_notice(accounts, around.creditor_kind, today),
            capabilities=capabilities_of(case.state),
            linked_count=await repository.count(session, self._linked(case)),
        )

    async def _plan(self, case_id: UUID) -> PlanLine | None:
        plan = await repository.plan(self._unit.session, case_id)
        if plan is None:
            return None
        parts = await repository.installments(self._unit.session, plan["id"])
        return PlanLine(**plan, installments=tuple(InstallmentLine(**part) for part in parts))

    def _sought(self, q: str) -> Sought:
        """Recognise by its form what a text may mean."""
        index, today = self._unit.index, day_of(self._unit).today
        number, identity = PhoneNumber.read(q), IdentityNumber.read(q, today)
        tail = q.upper() if len(q) == 4 and q[:3].isdecimal() and (q[3].isdecimal() or q[3] in "xX") else None
        return Sought(
            text=q,
            account=index(ACCOUNT_NO, "".join(q.split())),
            name=index(NAME, q) if is_person_name(q) else None,
            id_number=index(ID_NUMBER, identity.text) if isinstance(identity, IdentityNumber) else None,
            phone=index(PHONE, number.digits) if number else None,
            tail=tail,
            id_tail=index(ID_TAIL, tail) if tail else None,
            phone_tail=index(PHONE_TAIL, tail) if tail else None,
        )
