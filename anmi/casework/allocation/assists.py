"""Assist requests (协催): another hand helps, and the holder keeps the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anmi.casework.allocation import repository
from anmi.casework.allocation.events import AssistAsked, AssistMoved
from anmi.casework.allocation.models import AssistRequest
from anmi.casework.cases.models import Case
from anmi.casework.cases.service import TOPIC, CaseLives, visible
from anmi.casework.debtors.models import NAME
from anmi.core.assist import AssistKind, AssistState
from anmi.core.case_life import Capability
from anmi.core.masking import mask_name
from anmi.core.permissions import Permission
from anmi.identity.people.models import NAME as PERSON_NAME
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


@dataclass(frozen=True, slots=True)
class AssistView:
    """A request with the case it is about and the people in it, named."""

    id: UUID
    case_id: UUID
    serial_no: str
    debtor_name_masked: str
    kind: AssistKind
    note: str
    state: AssistState
    asked_by: UUID | None
    asked_by_name: str | None
    asked_at: datetime
    helper_id: UUID | None
    helper_name: str | None
    answer: str | None
    ended_at: datetime | None
    version: int


class Assists:
    """Requests for help, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def ask(self, case_id: UUID, kind: AssistKind, note: str) -> AssistView:
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
        return await self._view(request)

    async def page(
        self, state: AssistState | None, case_id: UUID | None, ask: Ask
    ) -> tuple[list[AssistView], str | None]:
        """Return one page of requests on the cases within sight, the newest first."""
        conditions = [visible(self._unit)]
        if state is not None:
            conditions.append(AssistRequest.state == state)
        if case_id is not None:
            conditions.append(AssistRequest.case_id == case_id)
        requests, following = await repository.requests(self._unit.session, conditions, ask)
        return await self._views(requests), following

    async def take(self, request_id: UUID) -> AssistView:
        """Say that one will help."""
        request, case = await self._held(request_id, AssistState.OPEN)
        request.state, request.helper_id = AssistState.TAKEN, self._unit.caller.person_id
        return await self._moved(request, case)

    async def answer(self, request_id: UUID, answer: str) -> AssistView:
        """Give the help that was asked for."""
        request, case = await self._held(request_id, AssistState.TAKEN)
        if request.helper_id != self._unit.caller.person_id:
            raise NotTheHelper
        request.state, request.answer, request.ended_at = AssistState.DONE, answer, self._unit.now
        return await self._moved(request, case)

    async def withdraw(self, request_id: UUID) -> AssistView:
        """Need no help any more."""
        request, case = await self._held(request_id, AssistState.OPEN, AssistState.TAKEN)
        if request.asked_by != self._unit.caller.person_id:
            raise NotTheHelper
        request.state, request.ended_at = AssistState.WITHDRAWN, self._unit.now
        return await self._moved(request, case)

    async def _held(self, request_id: UUID, *states: AssistState) -> tuple[AssistRequest, Case]:
        request = await repository.held_request(self._unit.session, request_id)
        if request is None:
            raise NotFound
        case = await CaseLives(self._unit).get(request.case_id, Permission.CASES_WORK)
        if request.state not in states:
            raise AssistNotInThisState(state=request.state)
        return request, case

    async def _moved(self, request: AssistRequest, case: Case) -> AssistView:
        request.version += 1
        self._unit.announce(AssistMoved(request.id, case.id, case.unit_id, case.holder_id), TOPIC)
        return await self._view(request)

    async def _view(self, request: AssistRequest) -> AssistView:
        return (await self._views([request]))[0]

    async def _views(self, requests: Sequence[AssistRequest]) -> list[AssistView]:
        cases = {
            case_id: (serial_no, mask_name(self._unit.open(NAME, name)))
            for case_id, serial_no, name in await repository.case_labels(
                self._unit.session, {request.case_id for request in requests}
            )
        }
        people = {person_id for request in requests for person_id in (request.asked_by, request.helper_id) if person_id}
        sealed = await repository.names(self._unit.session, people) if people else {}
        names = {person_id: self._unit.open(PERSON_NAME, name) for person_id, name in sealed.items()}
        return [_view(request, *cases[request.case_id], names) for request in requests]


def _view(request: AssistRequest, serial_no: str, debtor: str, names: dict[UUID, str]) -> AssistView:
    return AssistView(
        request.id,
        request.case_id,
        serial_no,
        debtor,
        AssistKind(request.kind),
        request.note,
        AssistState(request.state),
        request.asked_by,
        names.get(request.asked_by) if request.asked_by else None,
        request.asked_at,
        request.helper_id,
        names.get(request.helper_id) if request.helper_id else None,
        request.answer,
        request.ended_at,
        request.version,
    )
