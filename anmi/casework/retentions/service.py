"""Retentions: a later day is asked for, and what the creditor answers moves the day on which cases go back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row

from anmi.casework.cases.models import Case
from anmi.casework.cases.service import Cases, DayIsPast, day_of, visible
from anmi.casework.placements.models import TAKES_CASES
from anmi.casework.retentions import repository
from anmi.casework.retentions.models import RetentionRequest, RetentionState
from anmi.casework.retentions.repository import RetentionFilter
from anmi.core.audit_actions import AuditAction
from anmi.core.case_life import BEFORE_WORK, OPEN, State
from anmi.core.permissions import Permission
from anmi.kit.constraints import refused_as
from anmi.kit.errors import Conflict, NotFound
from anmi.kit.ids import new_id
from anmi.kit.paging import Ask
from anmi.kit.unit_of_work import UnitOfWork

__all__ = ["RetentionFilter", "RetentionState", "Retentions"]

TOPIC: Final = "placements"


class RetentionWaiting(Conflict):
    """The creditor has been asked already and has not answered."""

    code = "RETENTION_WAITING"
    zh, en = "已有待委托方答复的留案申请", "A request to keep this waits for its answer already"


class RetentionOver(Conflict):
    """The request has been answered or withdrawn."""

    code = "RETENTION_OVER"
    zh, en = "留案申请当前状态（{state}）不允许此操作", "A request that is {state} does not allow this"


class NothingToRetain(Conflict):
    """The placement or the case has ended."""

    code = "NOTHING_TO_RETAIN"
    zh, en = "批次或案件已结束，不能留案", "The placement or the case has ended"


class Retentions:
    """Requests of one agency to keep cases, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit
        self._cases = Cases(unit)

    async def page(self, wanted: RetentionFilter, ask: Ask) -> tuple[Sequence[Row[Any]], str | None]:
        """Return one page of requests within sight, and the cursor of the next."""
        return await repository.page(self._unit.session, self._sight(), wanted, ask)

    async def get(self, request_id: UUID) -> Row[Any]:
        """Return one request within sight."""
        await self._unit.session.flush()
        row = await repository.shown(self._unit.session, self._sight(), request_id)
        if row is None:
            raise NotFound
        return row

    async def ask(self, placement_id: UUID | None, case_id: UUID | None, until: date, reason: str) -> RetentionRequest:
        """Ask that one case, or all open cases of a placement, may stay."""
        if case_id is not None:
            return await self._ask_for_case(case_id, until, reason)
        if placement_id is not None:
            return await self._ask_for_placement(placement_id, until, reason)
        raise NotFound

    async def _ask_for_case(self, case_id: UUID, until: date, reason: str) -> RetentionRequest:
        case = await self._cases.get(case_id, Permission.CASES_HOLD, lock=True)
        if case.state not in OPEN | BEFORE_WORK:
            raise NothingToRetain
        return await self._add(case.placement_id, case_id, until, reason)

    async def _ask_for_placement(self, placement_id: UUID, until: date, reason: str) -> RetentionRequest:
        placement = await repository.placement(self._unit.session, placement_id)
        if placement is None or not self._unit.rights.of(Permission.CASES_HOLD).everything:
            raise NotFound
        if placement.state not in TAKES_CASES:
            raise NothingToRetain
        return await self._add(placement_id, None, until, reason)

    async def answer(self, request_id: UUID, version: int, until: date | None, note: str) -> RetentionRequest:
        """Write down what the creditor answered: the day until which it may stay, or None for a refusal."""
        request = await self._waiting(request_id, version)
        if until is not None:
            await self._grant(request, until, note)
        request.state = RetentionState.REFUSED if until is None else RetentionState.GRANTED
        request.granted_until, request.answer = until, note
        request.answered_at, request.answered_by = self._unit.now, self._unit.caller.person_id
        self._remember(AuditAction.RETENTION_ANSWERED, request, until=until, note=note)
        return request

    async def withdraw(self, request_id: UUID, version: int) -> RetentionRequest:
        """Take a request back that has no answer yet."""
        request = await self._waiting(request_id, version)
        request.state = RetentionState.WITHDRAWN
        self._remember(AuditAction.RETENTION_WITHDRAWN, request)
        return request

    async def _add(self, placement_id: UUID, case_id: UUID | None, until: date, reason: str) -> RetentionRequest:
        if until <= day_of(self._unit).today:
            raise DayIsPast
        request = RetentionRequest(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            placement_id=placement_id,
            case_id=case_id,
            state=RetentionState.ASKED,
            wanted_until=until,
            reason=reason,
            asked_at=self._unit.now,
            asked_by=self._unit.caller.person_id,
            version=1,
        )
        async with refused_as(self._unit.session, {"uq_retention_requests_waiting": RetentionWaiting()}):
            self._unit.session.add(request)
        self._remember(AuditAction.RETENTION_ASKED, request, until=until, reason=reason)
        return request

    async def _grant(self, request: RetentionRequest, until: date, note: str) -> None:
        if until < day_of(self._unit).today:
            raise DayIsPast
        if request.case_id is None:
            placement = await repository.placement(self._unit.session, request.placement_id)
            if placement is None or placement.state not in TAKES_CASES:
                raise NothingToRetain
            placement.due_back_on, placement.version = until, placement.version + 1
            await self._unit.session.flush()
            await repository.postpone(self._unit.session, placement.id, until)
            return
        case = await self._cases.of_system(request.case_id)
        if case.state not in OPEN | BEFORE_WORK:
            raise NothingToRetain
        await self._keep(case, until, note)

    async def _keep(self, case: Case, until: date, note: str) -> None:
        # What is promised, planned, held or in court stays so; only its day moves.
        if case.state is State.IN_COLLECTION:
            await self._cases.retain(case.id, until, note)
            return
        case.due_back_on, case.version = until, case.version + 1
        self._cases.tell(case, "CaseChanged")

    async def _waiting(self, request_id: UUID, version: int) -> RetentionRequest:
        await self.get(request_id)
        request = await repository.held(self._unit.session, request_id)
        if request is None:
            raise NotFound
        if request.state != RetentionState.ASKED:
            raise RetentionOver(state=request.state)
        request.edit(version)
        return request

    def _sight(self) -> ColumnElement[bool]:
        """Return the condition that a request is for a case within sight, or for a placement as a whole."""
        return visible(self._unit) | RetentionRequest.case_id.is_(None)

    def _remember(self, action: AuditAction, request: RetentionRequest, **facts: Any) -> None:
        target = ("case", request.case_id) if request.case_id else ("placement", request.placement_id)
        self._unit.remember(action, target, request_id=str(request.id), **facts)
        self._unit.tell(TOPIC, "RetentionMoved", placement_id=request.placement_id, case_id=request.case_id)
