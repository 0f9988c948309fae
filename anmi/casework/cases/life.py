"""Steps in the life of cases: the one place where a case's state changes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from anmi.casework.cases import repository
from anmi.casework.cases.events import CaseClosed, CaseStepped
from anmi.casework.cases.models import Case, CaseEvent
from anmi.casework.cases.visibility import restrict
from anmi.core import case_life
from anmi.core.case_life import CLOSED, Capability, RefusedStep
from anmi.core.closing import ClosingReason
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
            query = await self._fresh(query)
        case = (await self._unit.session.scalars(query)).one_or_none()
        if case is None:
            raise NotFound
        return case

    async def of_system(self, case_id: UUID) -> Case:
        """Return a case for something that follows from an event or a job, whoever caused it."""
        query = await self._fresh(select(Case).where(Case.id == case_id))
        case = (await self._unit.session.scalars(query)).one_or_none()
        if case is None:
            raise NotFound
        return case

    async def _fresh(self, query: Select[Case]) -> Select[Case]:
        """Hold the case, and read what others have committed meanwhile, whatever this session has read before."""
        await self._unit.session.flush()
        return query.with_for_update().execution_options(populate_existing=True)

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
        if not await repository.step(self._unit.session, case, after, self._unit.now):
            raise CaseMoved
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
        self.tell(case, "CaseStepped")
        self._unit.announce(CaseStepped(case.id, event, before, after))
        if after in CLOSED:
            self._unit.announce(CaseClosed(case.id, ClosingReason(after)))
        return after

    async def resume(self, case: Case, reason: str | None = None) -> None:
        """Go on after an interruption, from what still stands: a hold, a plan, a promise, or nobody's hands."""
        await self._unit.session.flush()
        standing = await repository.standing(self._unit.session, case.id)
        for event in case_life.resume(
            has_holder=case.holder_id is not None,
            is_held=standing.is_held,
            is_in_court=standing.is_in_court,
            has_plan=standing.has_plan,
            has_promise=standing.has_promise,
        ):
            await self.step(case, event, reason)

    def tell(self, case: Case, kind: str) -> None:
        """Tell open pages that something about a case is new."""
        self._unit.tell(TOPIC, kind, case_id=case.id, unit_id=case.unit_id, holder_id=case.holder_id)
