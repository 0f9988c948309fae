"""Allocation over HTTP."""

from __future__ import annotations

from uuid import UUID

from anmi.casework.allocation.assists import Assists
from anmi.casework.allocation.schemas import (
    AssistAnswer,
    AssistSeen,
    AssistToAsk,
    MoveSeen,
    PlanAsked,
    Reallocation,
    RunSeen,
)
from anmi.casework.allocation.service import Allocation
from anmi.core.assist import AssistState
from anmi.core.permissions import Permission
from anmi.kit.paging import Page
from anmi.kit.web import Id, PageAsk, Unit, requires, room

router = room("/casework/allocation")

allocates = requires(Permission.CASES_ALLOCATE)
works = requires(Permission.CASES_WORK)


@router.get("", dependencies=[allocates])
async def list_runs(unit: Unit, ask: PageAsk) -> Page[RunSeen]:
    """Return allocations, the newest first."""
    views, following = await Allocation(unit).page(ask)
    return Page(items=[RunSeen.of(view) for view in views], next=following)


@router.post("/plan", status_code=201, dependencies=[allocates])
async def plan(unit: Unit, body: PlanAsked) -> RunSeen:
    """Share cases out on paper; nothing moves."""
    return RunSeen.of(await Allocation(unit).plan(body.wanted(), body.rule.rule()))


@router.post("/reallocate", status_code=201, dependencies=[allocates])
async def reallocate(unit: Unit, body: Reallocation) -> RunSeen:
    """Give cases to one person, or back to the pool, at once."""
    return RunSeen.of(await Allocation(unit).reallocate(body.case_ids, body.holder_id, body.reason))


@router.get("/assist-requests", dependencies=[requires(Permission.CASES_READ)])
async def list_assist_requests(
    unit: Unit, ask: PageAsk, state: AssistState | None = None, case_id: UUID | None = None
) -> Page[AssistSeen]:
    """Return requests for help on the cases within sight."""
    requests, following = await Assists(unit).page(state, case_id, ask)
    return Page(items=[AssistSeen.model_validate(request) for request in requests], next=following)


@router.post("/assist-requests", status_code=201, dependencies=[works])
async def ask_for_help(unit: Unit, body: AssistToAsk) -> AssistSeen:
    """Ask for another hand on a case."""
    return AssistSeen.model_validate(await Assists(unit).ask(body.case_id, body.kind, body.note))


@router.post("/assist-requests/{id}/take", dependencies=[works])
async def take_request(unit: Unit, request_id: Id) -> AssistSeen:
    """Say that one will help."""
    return AssistSeen.model_validate(await Assists(unit).take(request_id))


@router.post("/assist-requests/{id}/answer", dependencies=[works])
async def answer_request(unit: Unit, request_id: Id, body: AssistAnswer) -> AssistSeen:
    """Give the help that was asked for."""
    return AssistSeen.model_validate(await Assists(unit).answer(request_id, body.answer))


@router.post("/assist-requests/{id}/withdraw", dependencies=[works])
async def withdraw_request(unit: Unit, request_id: Id) -> AssistSeen:
    """Need no help any more."""
    return AssistSeen.model_validate(await Assists(unit).withdraw(request_id))


@router.get("/{id}", dependencies=[allocates])
async def get_run(unit: Unit, run_id: Id) -> RunSeen:
    """Return one allocation."""
    return RunSeen.of(await Allocation(unit).get(run_id))


@router.get("/{id}/moves", dependencies=[allocates])
async def list_moves(unit: Unit, run_id: Id, ask: PageAsk, stuck: bool = False) -> Page[MoveSeen]:
    """Return an allocation's moves; `stuck` are those that did not come about."""
    moves, following = await Allocation(unit).moves(run_id, stuck, ask)
    return Page(items=[MoveSeen.model_validate(move) for move in moves], next=following)


@router.post("/{id}/carry-out", dependencies=[allocates])
async def carry_out(unit: Unit, run_id: Id) -> RunSeen:
    """Do what was planned, as far as nothing has moved meanwhile."""
    return RunSeen.of(await Allocation(unit).carry_out(run_id))


@router.post("/{id}/undo", dependencies=[allocates])
async def undo(unit: Unit, run_id: Id) -> RunSeen:
    """Put the cases back where they were."""
    return RunSeen.of(await Allocation(unit).undo(run_id))
