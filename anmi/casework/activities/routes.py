"""The diary over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response
from starlette.responses import StreamingResponse

from anmi.casework.activities.export import export_of
from anmi.casework.activities.schemas import (
    ActivitiesToRecord,
    ActivityQuery,
    ActivitySeen,
    ActivityToRecord,
    CodeTableSeen,
    Correction,
    RecordedSeen,
    TemplateSeen,
    TemplatesToKeep,
)
from anmi.casework.activities.service import Activities
from anmi.core.permissions import FieldRight, Permission
from anmi.kit.bulk import BulkAnswer, for_each
from anmi.kit.exports import EXPORTED, ExportAsk, exported
from anmi.kit.paging import Page
from anmi.kit.web import Id, OwnUnits, PageAsk, Unit, Who, requires, room

router = room("/casework/activities")

reads = requires(Permission.CASES_READ)
works = requires(Permission.CASES_WORK)
leads = requires(Permission.CASES_ALLOCATE)


@router.get("", dependencies=[reads])
async def list_activities(unit: Unit, ask: PageAsk, query: Annotated[ActivityQuery, Query()]) -> Page[ActivitySeen]:
    """Return entries within sight, the newest first."""
    rows, following = await Activities(unit).page(query.wanted(), ask)
    return Page(items=[ActivitySeen.model_validate(row) for row in rows], next=following)


@router.get(
    "/export",
    dependencies=[requires(Permission.CASES_READ, FieldRight.EXPORT, opens_units=True)],
    response_class=Response,
    responses=EXPORTED,
)
async def export_activities(
    units: OwnUnits, who: Who, asked: ExportAsk, query: Annotated[ActivityQuery, Query()]
) -> StreamingResponse:
    """Return the entries of a filter as a file; numbers in full only with the right and a reason."""
    wanted = query.model_dump(mode="json", exclude_defaults=True)
    return await exported(units, who, asked, export_of(query.wanted(), asked), "activities", wanted)


@router.post("", status_code=201, dependencies=[works])
async def record_activity(unit: Unit, body: ActivityToRecord) -> RecordedSeen:
    """Write an entry and let happen what its result asks for."""
    return RecordedSeen.of(await Activities(unit).record(body.case_id, body.disposition()))


@router.post("/bulk", dependencies=[works])
async def record_activities(unit: Unit, body: ActivitiesToRecord) -> BulkAnswer:
    """Write the same entry for many cases; each is answered for itself."""
    activities, said = Activities(unit), body.disposition()
    return await for_each(unit, body.case_ids, lambda case_id: activities.record(case_id, said))


@router.get("/codes", dependencies=[reads])
async def get_codes(unit: Unit) -> CodeTableSeen:
    """Return the codes with their words, what each demands and what follows."""
    return CodeTableSeen.of(Activities(unit).codes)


@router.get("/note-templates", dependencies=[reads])
async def list_note_templates(unit: Unit) -> list[TemplateSeen]:
    """Return the forms of words for notes."""
    return [TemplateSeen.model_validate(row) for row in await Activities(unit).templates()]


@router.put("/note-templates", dependencies=[leads])
async def replace_note_templates(unit: Unit, body: TemplatesToKeep) -> list[TemplateSeen]:
    """Let these be all the forms of words there are."""
    texts = [(template.result_code, template.text) for template in body.templates]
    return [TemplateSeen.model_validate(row) for row in await Activities(unit).replace_templates(texts)]


@router.post("/{id}/correct", status_code=201, dependencies=[works])
async def correct_activity(unit: Unit, activity_id: Id, body: Correction) -> ActivitySeen:
    """Say what was wrong in an entry."""
    return ActivitySeen.model_validate(await Activities(unit).correct(activity_id, body.note, body.result_code))
