"""Caller ids over HTTP."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Query, Request

from anmi.core.permissions import Permission
from anmi.kit.fields import Search
from anmi.kit.paging import Page
from anmi.kit.uploads import receive
from anmi.kit.web import Id, OwnUnits, PageAsk, Unit, Who, requires, room
from anmi.telephony.caller_ids.schemas import (
    CallerIdChange,
    CallerIdSeen,
    CallerIdToAdd,
    ComplaintAbout,
    Edit,
    ImportedSeen,
    Rest,
    TakenUp,
)
from anmi.telephony.caller_ids.service import CallerIdFilter, CallerIds, CallerIdState, ListUnreadable

router = room("/telephony/caller-ids")

reads = requires(Permission.CALLER_IDS_READ)
writes = requires(Permission.CALLER_IDS_WRITE)

_FORM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "format": "binary", "description": "csv：号码、线路、授权依据……"}},
}
_LARGEST: Final = 2 * 1024**2


@router.get("", dependencies=[reads])
async def list_caller_ids(
    unit: Unit,
    ask: PageAsk,
    state: CallerIdState | None = None,
    city: Annotated[str | None, Query(max_length=30)] = None,
    trunk_id: UUID | None = None,
    unit_id: UUID | None = None,
    q: Search | None = None,
) -> Page[CallerIdSeen]:
    """Return numbers in order, with how often each was shown today; `q` is part of a number."""
    wanted = CallerIdFilter(state, city, trunk_id, unit_id, q)
    views, following, total = await CallerIds(unit).page(wanted, ask)
    return Page(items=[CallerIdSeen.of(view) for view in views], next=following, total=total)


@router.post("", status_code=201, dependencies=[writes])
async def add_caller_id(unit: Unit, body: CallerIdToAdd) -> CallerIdSeen:
    """Take a leased number into use."""
    row = await CallerIds(unit).add(body.facts())
    return await get_caller_id(unit, row.id)


@router.post(
    "/uploads",
    dependencies=[requires(Permission.CALLER_IDS_WRITE, opens_units=True)],
    openapi_extra={"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FORM}}}},
)
async def upload_caller_ids(request: Request, units: OwnUnits, who: Who) -> ImportedSeen:
    """Take a list of numbers into use: all of them, or none, with what is wrong."""
    content = bytearray()

    def take(piece: bytes) -> None:
        if len(content) + len(piece) > _LARGEST:
            raise ListUnreadable(detail=f"> {_LARGEST}")
        content.extend(piece)

    await receive(request, take)
    async with units.begin(who) as unit:
        return ImportedSeen.of(await CallerIds(unit).take_list(bytes(content)))


@router.get("/{id}", dependencies=[reads])
async def get_caller_id(unit: Unit, caller_id_id: Id) -> CallerIdSeen:
    """Return a number."""
    return CallerIdSeen.of(await CallerIds(unit).get(caller_id_id))


@router.patch("/{id}", dependencies=[writes])
async def change_caller_id(unit: Unit, caller_id_id: Id, body: CallerIdChange) -> CallerIdSeen:
    """Change what is written of a number."""
    await CallerIds(unit).change(caller_id_id, body.version, body.changes())
    return await get_caller_id(unit, caller_id_id)


@router.post("/{id}/rest", dependencies=[writes])
async def rest_caller_id(unit: Unit, caller_id_id: Id, body: Rest) -> CallerIdSeen:
    """Show a number no more for a while."""
    await CallerIds(unit).rest(caller_id_id, body.version, body.until, body.reason)
    return await get_caller_id(unit, caller_id_id)


@router.post("/{id}/take-up", dependencies=[writes])
async def take_up_caller_id(unit: Unit, caller_id_id: Id, body: TakenUp) -> CallerIdSeen:
    """Show a number again; complaints begin anew."""
    await CallerIds(unit).take_up(caller_id_id, body.version, body.reason)
    return await get_caller_id(unit, caller_id_id)


@router.post("/{id}/end", dependencies=[writes])
async def end_caller_id(unit: Unit, caller_id_id: Id, body: Edit) -> CallerIdSeen:
    """Give a number back."""
    await CallerIds(unit).end(caller_id_id, body.version)
    return await get_caller_id(unit, caller_id_id)


@router.post("/{id}/complaint", dependencies=[writes])
async def complain_about_caller_id(unit: Unit, caller_id_id: Id, body: ComplaintAbout) -> CallerIdSeen:
    """Count a complaint; with too many the number is shown no more."""
    await CallerIds(unit).complain(caller_id_id, body.reason)
    return await get_caller_id(unit, caller_id_id)
