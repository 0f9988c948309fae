"""Inspections over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query

from anmi.core.inspection_queue import QueuedFor
from anmi.core.permissions import Permission
from anmi.kit.paging import Page
from anmi.kit.web import Id, PageAsk, Unit, requires, room
from anmi.quality.inspections.models import InspectionState
from anmi.quality.inspections.schemas import (
    Code,
    CodeSeen,
    FigureSeen,
    HearingBacklogSeen,
    InspectionCounts,
    InspectionDecision,
    InspectionDetailSeen,
    InspectionSeen,
    RuleFigureSeen,
    known_codes,
)
from anmi.quality.inspections.service import InspectionFilter, Inspections

router = room("/quality/inspections")

reads = requires(Permission.INSPECTIONS_READ)
writes = requires(Permission.INSPECTIONS_WRITE)


async def _wanted(
    state: Annotated[frozenset[InspectionState], Query()] = frozenset(),
    queued_for: Annotated[frozenset[QueuedFor], Query()] = frozenset(),
    code: Annotated[frozenset[Code], Query()] = frozenset(),
    person_id: UUID | None = None,
    unit_id: UUID | None = None,
    creditor_id: UUID | None = None,
    inspector_id: UUID | None = None,
    call_id: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    below: Annotated[int | None, Query(ge=0, le=101)] = None,
    vetoed: bool | None = None,
) -> InspectionFilter:
    return InspectionFilter(
        state,
        queued_for,
        code,
        person_id,
        unit_id,
        creditor_id,
        inspector_id,
        call_id,
        since,
        until,
        below,
        vetoed,
    )


Wanted = Annotated[InspectionFilter, Depends(_wanted)]


@router.get("", dependencies=[reads])
async def list_inspections(unit: Unit, ask: PageAsk, wanted: Wanted) -> Page[InspectionSeen]:
    """Return inspected calls within sight, the latest first; sorted by called_at, score or priority."""
    views, following = await Inspections(unit).page(wanted, ask)
    return Page(items=[InspectionSeen.of(view) for view in views], next=following)


@router.get("/counts", dependencies=[reads])
async def count_inspections(unit: Unit, wanted: Wanted) -> InspectionCounts:
    """Count inspections within sight, by state."""
    return InspectionCounts(by_state=dict(await Inspections(unit).counts(wanted)))


@router.get("/codes", dependencies=[reads])
async def list_finding_codes() -> list[CodeSeen]:
    """Return what inspection can find, with its words."""
    return known_codes()


@router.get("/figures", dependencies=[reads])
async def list_quality_figures(
    unit: Unit, wanted: Wanted, by: Annotated[Literal["agent", "team", "creditor"], Query()] = "team"
) -> list[FigureSeen]:
    """Return quality figures by agent, team or creditor, the lowest average first."""
    return [FigureSeen.model_validate(figure) for figure in await Inspections(unit).figures(by, wanted)]


@router.get("/rule-figures", dependencies=[reads])
async def list_rule_figures(unit: Unit, wanted: Wanted) -> list[RuleFigureSeen]:
    """Return for every rule how often it fired and how often people agreed."""
    return [RuleFigureSeen.model_validate(figure) for figure in await Inspections(unit).rule_figures(wanted)]


@router.get("/backlog", dependencies=[requires(Permission.QUALITY_RULES_READ)])
async def get_hearing_backlog(unit: Unit) -> HearingBacklogSeen:
    """Say what waits for the recogniser and for the rules, and whether it waits too long."""
    return HearingBacklogSeen.of(await Inspections(unit).backlog())


@router.post("/next", dependencies=[writes])
async def take_next_inspection(unit: Unit) -> InspectionDetailSeen | None:
    """Take the call that waits most urgently; null when nothing waits."""
    detail = await Inspections(unit).next_in_queue()
    return InspectionDetailSeen.of_detail(detail) if detail else None


@router.get("/of-call/{id}", dependencies=[reads])
async def get_inspection_of_call(unit: Unit, call_id: Id) -> InspectionDetailSeen:
    """Return the inspection of a call, by the call's id."""
    return InspectionDetailSeen.of_detail(await Inspections(unit).of_call(call_id))


@router.get("/{id}", dependencies=[reads])
async def get_inspection(unit: Unit, inspection_id: Id) -> InspectionDetailSeen:
    """Return an inspection with what was found."""
    return InspectionDetailSeen.of_detail(await Inspections(unit).get(inspection_id))


@router.post("/{id}/take", dependencies=[writes])
async def take_inspection(unit: Unit, inspection_id: Id) -> InspectionDetailSeen:
    """Take a call in hand; nobody takes a call of her own."""
    return InspectionDetailSeen.of_detail(await Inspections(unit).take(inspection_id))


@router.post("/{id}/give-back", dependencies=[writes])
async def give_inspection_back(unit: Unit, inspection_id: Id) -> InspectionDetailSeen:
    """Put a call back into the queue."""
    return InspectionDetailSeen.of_detail(await Inspections(unit).give_back(inspection_id))


@router.post("/{id}/decide", dependencies=[writes])
async def decide_inspection(unit: Unit, inspection_id: Id, body: InspectionDecision) -> InspectionDetailSeen:
    """Have the last word on a call."""
    detail = await Inspections(unit).decide(
        inspection_id,
        body.version,
        [decision.asked() for decision in body.findings],
        [missed.asked() for missed in body.added],
        body.note,
    )
    return InspectionDetailSeen.of_detail(detail)
