"""Steps in the life of cases: the one place where a case's state changes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from anmi.casework.cases.events import CaseStepped
from anmi.casework.cases.models import Case, CaseEvent
from anmi.casework.cases.visibility import restrict
from anmi.core import case_life
from anmi.core.case_life import Capability, RefusedStep
from anmi.core.permissions import Permission
from anmi.kit.errors import Conflict, NotFound
from anmi.kit.unit_of_work import UnitOfWork

TOPIC = "cases"


class StepRefused(Conflict):
    """The case is not where this step begins; `reason` says why (`anmi.core.case_life.Reason`)."""

    code = "CASE_STEP_REFUSED"
    zh, en = "案件当前状态不允许此操作（{reason}）", "The case's present state does not allow this ({reason})"


class NotInThisState(Conflict):
    """The case's state does not allow what was asked."""

    code = "CASE_MAY_NOT"
    zh, en = "案件当前状态（{state}）不允许此操作", "A case that is {state} does not allow this"


class CaseMoved(Conflict):
    """Somebody else moved the case at the same moment."""

    code = "CASE_MOVED"
    zh, en = "案件刚被他人变更，请刷新后重试", "The case has just been changed by somebody else; please reload"


class CaseLives:
    """Loads cases the caller may see, and takes their steps."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def get(self, case_id: UUID, permission: Permission = Permission.CASES_READ, *, lock: bool = False) -> Case:
        """Return a case within the reach of a permission; to others it does not exist."""
        query = restrict(select(Case).where(Case.id == case_id), self._unit, permission)
        if lock:
            query = query.with_for_update()
        case = (await self._unit.session.scalars(query)).one_or_none()
        if case is None:
            raise NotFound
        return case

    async def of_system(self, case_id: UUID) -> Case:
        """Return a case for something that follows from an event or a job, whoever caused it."""
        query = select(Case).where(Case.id == case_id).with_for_update()
        case = (await self._unit.session.scalars(query)).one_or_none()
        if case is None:
            raise NotFound
        return case

    def require(self, case: Case, capability: Capability) -> None:
        """Refuse what the state of the case does not allow."""
        if not case_life.may(case.state, capability):
            raise NotInThisState(state=case.state)

    async def step(
        self, case: Case, event: case_life.Event, reason: str | None = None, **facts: Any
    ) -> case_life.State:
        """Take a step: ask the rule book, guard the row, append the event, tell whoever hears."""
        after = case_life.step(case.state, event)
        if isinstance(after, RefusedStep):
            raise StepRefused(reason=after.reason)
        before = case.state
        await self._unit.session.flush()
        taken = await self._unit.session.execute(
            update(Case)
            .where(Case.id == case.id, Case.state == before, Case.version == case.version)
            .values(state=after, version=Case.version + 1)
            .execution_options(synchronize_session=False)
            .returning(Case.version)
        )
        version = taken.scalar_one_or_none()
        if version is None:
            raise CaseMoved
        await self._unit.session.refresh(case, ["state", "version"])
        self._unit.session.add(
            CaseEvent(
                tenant_id=self._unit.tenant_id,
                case_id=case.id,
                at=self._unit.now,
                event=event,
                before=before,
                after=after,
                by=self._unit.caller.person_id,
                reason=reason,
                facts=facts,
            )
        )
        self._unit.tell(TOPIC, "CaseStepped", case_id=case.id, unit_id=case.unit_id, holder_id=case.holder_id)
        self._unit.announce(CaseStepped(case.id, event, before, after))
        return after
