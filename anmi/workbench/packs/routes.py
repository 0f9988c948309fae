"""Packs over HTTP."""

from __future__ import annotations

from typing import Annotated, Any, Final
from urllib.parse import quote
from uuid import UUID

from fastapi import Depends, Query, Request
from fastapi.responses import StreamingResponse

from anmi.core.calendar import in_china
from anmi.core.permissions import FieldRight, Permission
from anmi.kit.web import Id, OwnUnits, Unit, Who, requires, room
from anmi.telephony.recordings.service import Vault
from anmi.workbench.packs.packing import Packing
from anmi.workbench.packs.schemas import PackFilter, PackSeen, PackToAsk
from anmi.workbench.packs.service import Packs

router = room("/workbench/packs")

_ZIP: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}
}


async def _vault(request: Request) -> Vault:
    return request.app.state.house.vault


@router.post("", status_code=201, dependencies=[requires(Permission.CALLS_READ, FieldRight.RECORDING_DOWNLOAD)])
async def ask_for_pack(request: Request, unit: Unit, body: PackToAsk) -> PackSeen:
    """Return an address under which the caller may fetch the recordings of many calls as one file, within an hour."""
    kept = body.filter.model_dump(mode="json", exclude_defaults=True)

    def path_of(pack_id: UUID) -> str:
        return str(request.app.url_path_for("fetch_pack", id=str(pack_id)))

    return PackSeen.model_validate(await Packs(unit).ask(body.filter.wanted(), kept, body.reason, path_of))


@router.get(
    "/{id}/file",
    dependencies=[requires(Permission.CALLS_READ, FieldRight.RECORDING_DOWNLOAD, opens_units=True)],
    response_class=StreamingResponse,
    responses=_ZIP,
)
async def fetch_pack(
    units: OwnUnits,
    who: Who,
    vault: Annotated[Vault, Depends(_vault)],
    pack_id: Id,
    address: UUID | None = None,
    until: Annotated[int | None, Query(ge=0, le=10**12)] = None,
    key: Annotated[str | None, Query(max_length=100)] = None,
) -> StreamingResponse:
    """Send the pack: a folder of recordings, a sheet of their calls, and a sheet of the diaries of their cases."""
    async with units.begin(who) as unit:
        pack = await Packs(unit).opened(pack_id, address, until, key)
    wanted = PackFilter.model_validate(pack.wanted).wanted()
    packing = Packing(units, who, vault, pack_id, wanted)
    name = quote(f"录音打包-{in_china(pack.asked_at):%Y%m%d-%H%M%S}.zip")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}"}
    return StreamingResponse(packing.pieces(), headers=headers, media_type="application/zip")
