"""Assist requests (协催): another hand helps, and the holder keeps the case."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from anmi.casework.allocation import repository
from anmi.casework.allocation.events import AssistAsked, AssistMoved
from anmi.casework.allocation.models import AssistRequest
from anmi.casework.cases.models import Case
from anmi.casework.cases.service import TOPIC, CaseLives, visible
from anmi.core.assist import AssistKind, AssistState
from anmi.core.case_life import Capability
from anmi.core.permissions import Permission
from anmi.kit.errors import Conflict, Forbidden, NotFound
from anmi.kit.ids import new_id
from anmi.kit.paging import Ask
from anmi.kit.unit_of_work import UnitOfWork


class AssistNotInThisState(Conflict):
    """The request has been taken, answered or withdrawn meanwhile."""

    code = "ASSIST_STATE"
    zh, en = "该协催申请当前状态（{state}）不允许此操作", "A request that is {state} does not allow this"


class NotTheHelper(Forbidden):
    """A request is answered by whoever took it, and withdrawn by whoever asked."""

    code = "NOT_THE_HELPER"
    zh, en = "只有受理人可以答复、申请人可以撤回", "Only the helper answers, and only the asker withdraws"


class Assists:
    """Requests for help, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def ask(self, case_id: UUID, kind: AssistKind, note: str) -> AssistRequest:
        """Ask for another hand on a case."""
        lives = CaseLives(self._unit)
        case = await lives.get(case_id, Permission.CASES_WORK)
        lives.require(case, Capability.NOTE)
        request = AssistRequest(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            case_id=case_id,
            kind=kind,
            note=note,
            state=AssistState.OPEN,
            asked_by=self._unit.caller.person_id,
            asked_at=self._unit.now,
            version=1,
        )
        self._unit.session.add(request)
        self._unit.announce(AssistAsked(request.id, case_id, case.unit_id, case.holder_id), TOPIC)
        return request

    async def page(
        self, state: AssistState | None, case_id: UUID | None, ask: Ask
    ) -> tuple[Sequence[AssistRequest], str | None]:
        """Return one page of requests on the cases within sight, the newest first."""
        conditions = [visible(self._unit)]
        if state is not None:
            conditions.append(AssistRequest.state == state)
        if case_id is not None:
            conditions.append(AssistRequest.case_id == case_id)
        return await repository.requests(self._unit.session, conditions, ask)

    async def take(self, request_id: UUID) -> AssistRequest:
        """Say that one will help."""
        request, case = await self._held(request_id, AssistState.OPEN)
        request.state, request.helper_id = AssistState.TAKEN, self._unit.caller.person_id
        return self._moved(request, case)

    async def answer(self, request_id: UUID, answer: str) -> AssistRequest:
        """Give the help that was asked for."""
        request, case = await self._held(request_id, AssistState.TAKEN)
        if request.helper_id != self._unit.caller.person_id:
            raise NotTheHelper
        request.state, request.answer, request.ended_at = AssistState.DONE, answer, self._unit.now
        return self._moved(request, case)

    async def withdraw(self, request_id: UUID) -> AssistRequest:
        """Need no help any more."""
        request, case = await self._held(request_id, AssistState.OPEN, AssistState.TAKEN)
        if request.asked_by != self._unit.caller.person_id:
            raise NotTheHelper
        request.state, request.ended_at = AssistState.WITHDRAWN, self._unit.now
        return self._moved(request, case)

    async def _held(self, request_id: UUID, *states: AssistState) -> tuple[AssistRequest, Case]:
        request = await repository.held_request(self._unit.session, request_id)
        if request is None:
            raise NotFound
        case = await CaseLives(self._unit).get(request.case_id, Permission.CASES_WORK)
        if request.state not in states:
            raise AssistNotInThisState(state=request.state)
        return request, case

    def _moved(self, request: AssistRequest, case: Case) -> AssistRequest:
        request.version += 1
        self._unit.announce(AssistMoved(request.id, case.id, case.unit_id, case.holder_id), TOPIC)
        return request
