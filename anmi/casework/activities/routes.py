"""The diary over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime

from anmi.casework.activities.schemas import (
    ActivitiesToRecord,
    ActivitySeen,
    ActivityToRecord,
    CodeTableSeen,
    Correction,
    RecordedSeen,
    TemplateSeen,
    TemplatesToKeep,
)
from anmi.casework.activities.service import Activities, ActivityFilter
from anmi.core.permissions import Permission
from anmi.kit.bulk import BulkAnswer, for_each
from anmi.kit.paging import Page
from anmi.kit.web import Id, PageAsk, Unit, requires, room

router = room("/casework/activities")

reads = requires(Permission.CASES_READ)
works = requires(Permission.CASES_WORK)
leads = requires(Permission.CASES_ALLOCATE)


@router.get("", dependencies=[reads])
async def list_activities(
    unit: Unit,
    ask: PageAsk,
    case_id: UUID | None = None,
    by: UUID | None = None,
    since: Annotated[AwareDatetime | None, Query()] = None,
) -> Page[ActivitySeen]:
    """Return entries within sight, the newest first."""
    rows, following = await Activities(unit).page(ActivityFilter(case_id, by, since), ask)
    return Page(items=[ActivitySeen.model_validate(row) for row in rows], next=following)


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
