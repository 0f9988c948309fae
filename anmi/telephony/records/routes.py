"""Call records over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from fastapi.responses import Response, StreamingResponse

from anmi.core.permissions import FieldRight, Permission
from anmi.kit.exports import EXPORTED, ExportAsk, exported
from anmi.kit.paging import Page
from anmi.kit.web import Id, OwnUnits, PageAsk, Unit, Who, requires, room
from anmi.telephony.records.export import export_of
from anmi.telephony.records.schemas import CallFiguresSeen, RecordInFull, RecordQuery, RecordSeen
from anmi.telephony.records.service import Records

router = room("/telephony/records")

reads = requires(Permission.CALLS_READ)


@router.get("", dependencies=[reads])
async def list_records(unit: Unit, ask: PageAsk, query: Annotated[RecordQuery, Query()]) -> Page[RecordSeen]:
    """Return calls within reach, the latest first; also sorted by `talk_seconds`."""
    views, following = await Records(unit).page(query.wanted(), ask)
    return Page(items=[RecordSeen.model_validate(view) for view in views], next=following)


@router.get("/figures", dependencies=[reads])
async def count_records(unit: Unit, query: Annotated[RecordQuery, Query()]) -> CallFiguresSeen:
    """Return what the calls of a filter come to."""
    return CallFiguresSeen.of(await Records(unit).figures(query.wanted()))


@router.get(
    "/export",
    dependencies=[requires(Permission.CALLS_READ, FieldRight.EXPORT, opens_units=True)],
    response_class=Response,
    responses=EXPORTED,
)
async def export_records(
    units: OwnUnits, who: Who, asked: ExportAsk, query: Annotated[RecordQuery, Query()]
) -> StreamingResponse:
    """Return the calls of a filter as a file."""
    wanted = query.model_dump(mode="json", exclude_defaults=True)
    return await exported(units, who, asked, export_of(query.wanted()), "call_records", wanted)


@router.get("/{id}", dependencies=[reads])
async def get_record(unit: Unit, call_id: Id) -> RecordInFull:
    """Return a call with its journal told in words."""
    return RecordInFull.of(await Records(unit).get(call_id))
