"""Opening over HTTP."""

from __future__ import annotations

from anmi.casework.opening.schemas import OpenedSeen, RulesSeen, RulesToWrite, RunSeen
from anmi.casework.opening.service import Opening
from anmi.core.number_screening import Reach
from anmi.core.permissions import Permission
from anmi.kit.paging import Page
from anmi.kit.web import Id, PageAsk, Unit, requires, room

router = room("/casework", "casework/opening")

reads = requires(Permission.PLACEMENTS_READ)
writes = requires(Permission.PLACEMENTS_WRITE)


@router.get("/opening/rules", dependencies=[reads])
async def get_opening_rules(unit: Unit) -> RulesSeen:
    """Return the rules of first stage and priority."""
    return RulesSeen.model_validate(await Opening(unit).rules())


@router.put("/opening/rules", dependencies=[writes])
async def write_opening_rules(unit: Unit, body: RulesToWrite) -> RulesSeen:
    """Put other rules in their place."""
    return RulesSeen.model_validate(await Opening(unit).write_rules(body.version, body.rows()))


@router.post("/placements/{id}/opening-runs", status_code=201, dependencies=[writes])
async def start_opening(unit: Unit, placement_id: Id) -> RunSeen:
    """Begin to open a placement's cases; its progress is told on the topic `opening`."""
    return RunSeen.model_validate(await Opening(unit).start(placement_id))


@router.get("/placements/{id}/opening-runs", dependencies=[reads])
async def list_opening_runs(unit: Unit, placement_id: Id) -> list[RunSeen]:
    """Return a placement's runs, the newest first."""
    return [RunSeen.model_validate(run) for run in await Opening(unit).runs(placement_id)]


@router.get("/opening-runs/{id}", dependencies=[reads])
async def get_opening_run(unit: Unit, run_id: Id) -> RunSeen:
    """Return a run with its figures."""
    return RunSeen.model_validate(await Opening(unit).get(run_id))


@router.get("/opening-runs/{id}/cases", dependencies=[reads])
async def list_opened_cases(unit: Unit, run_id: Id, ask: PageAsk, reach: Reach | None = None) -> Page[OpenedSeen]:
    """Return what a run found for the cases within sight, the most urgent first."""
    views, following = await Opening(unit).opened(run_id, reach, ask)
    return Page(items=[OpenedSeen.of(view) for view in views], next=following)
