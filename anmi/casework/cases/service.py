"""Cases: found, shown, taken through their steps.

Every room that touches a case enters here. Whom a case is shown to is decided in `visibility`, what may happen to it
in the rule book (`anmi.core.case_life`).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from uuid import UUID

from anmi.casework.cases import listing, repository, timeline
from anmi.casework.cases.finding import MOST_AT_ONCE, MOST_COUNTED, CasesFound, Figures, day_of
from anmi.casework.cases.life import (
    TOPIC,
    CaseLives,
    CaseMoved,
    NotInThisState,
    StepRefused,
)
from anmi.casework.cases.lists import CASE_LIST_WORDS, CaseFilter, CaseList, CaseReach
from anmi.casework.cases.models import Case, StageMove
from anmi.casework.cases.together import CasesTogether
from anmi.casework.cases.views import CaseLine, CaseView, TimelineEntry, may_see_name, person_named
from anmi.casework.cases.visibility import findable, restrict, sees, takes_from_pool, visible
from anmi.casework.cases.whole import whole
from anmi.casework.debtors.service import Debtors, PersonalField
from anmi.core.audit_actions import AuditAction
from anmi.core.case_life import Event
from anmi.core.case_stages import RefusedMove, read_stages
from anmi.core.masking import mask_digits
from anmi.core.permissions import FieldRight, Permission
from anmi.kit.errors import FieldRightMissing, Invalid, NotFound
from anmi.kit.paging import Ask

__all__ = [
    "CASE_LIST_WORDS",
    "MOST_AT_ONCE",
    "MOST_COUNTED",
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


class Cases(CasesFound):
    """The cases of one agency, on behalf of one caller."""

    async def seen(self, case_id: UUID) -> CaseView:
        """Show the whole case."""
        case = await self.get(case_id)
        await self._unit.session.flush()  # A case is often shown right after it was changed.
        (line,) = self._lines(await listing.dressed(self._unit, [case.id]))
        linked = await repository.count(self._unit.session, self._linked(case))
        return await whole(self._unit, case, line, linked)

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
