"""Placements and imports over HTTP."""

from __future__ import annotations

import asyncio
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import Depends, Request, Response

from anmi.casework.placements.schemas import (
    FindingSeen,
    ImportChange,
    ImportInFull,
    ImportSeen,
    PlacementInFull,
    PlacementSeen,
    PlacementToAdd,
    Why,
)
from anmi.casework.placements.service import Imports, ImportState, ImportView, Placements, PlacementState, SheetFiles
from anmi.casework.placements.uploading import FORM, FindingsExport, first_rows, received
from anmi.core.permissions import FieldRight, Permission
from anmi.kit.fields import Search
from anmi.kit.paging import Page
from anmi.kit.web import Id, OwnUnits, PageAsk, Unit, Who, requires, room

router = room("/casework/placements")
imports_router = room("/casework/imports")

reads = requires(Permission.PLACEMENTS_READ)
writes = requires(Permission.PLACEMENTS_WRITE)
imports = requires(Permission.PLACEMENTS_IMPORT)
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def _files(request: Request) -> SheetFiles:
    return request.app.state.house.sheet_files


Files = Annotated[SheetFiles, Depends(_files)]


@router.get("", dependencies=[reads])
async def list_placements(
    unit: Unit,
    ask: PageAsk,
    creditor_id: UUID | None = None,
    state: PlacementState | None = None,
    q: Search | None = None,
) -> Page[PlacementSeen]:
    """Return placements, the newest first; `q` is part of a code or of a creditor's name."""
    rows, following, total = await Placements(unit).page(creditor_id, state, q, ask)
    return Page(items=[PlacementSeen.of(row) for row in rows], next=following, total=total)


@router.post("", status_code=201, dependencies=[imports])
async def add_placement(unit: Unit, body: PlacementToAdd) -> PlacementInFull:
    """Take a placement; its cases come with files."""
    view = await Placements(unit).add(
        body.creditor_id, body.product_id, body.tier, body.placed_on, body.due_back_on, body.code
    )
    return PlacementInFull.of_view(view)


@router.get("/{id}", dependencies=[reads])
async def get_placement(unit: Unit, placement_id: Id) -> PlacementInFull:
    """Return a placement with the figures of those of its cases that the caller may see."""
    return PlacementInFull.of_view(await Placements(unit).get(placement_id))


@router.post("/{id}/pause", dependencies=[writes])
async def pause_placement(unit: Unit, placement_id: Id, body: Why) -> PlacementInFull:
    """Let nobody be contacted about this placement for now."""
    return PlacementInFull.of_view(await Placements(unit).pause(placement_id, body.reason))


@router.post("/{id}/resume", dependencies=[writes])
async def resume_placement(unit: Unit, placement_id: Id, body: Why) -> PlacementInFull:
    """Go on after a pause."""
    return PlacementInFull.of_view(await Placements(unit).resume(placement_id, body.reason))


@router.post("/{id}/recall", dependencies=[writes])
async def recall_placement(unit: Unit, placement_id: Id, body: Why) -> PlacementInFull:
    """Let the creditor take it back; collectors see nothing of its cases any more."""
    return PlacementInFull.of_view(await Placements(unit).recall(placement_id, body.reason))


@router.post("/{id}/return", dependencies=[writes])
async def return_placement(unit: Unit, placement_id: Id, body: Why) -> PlacementInFull:
    """Hand it back to the creditor; collectors see nothing of its cases any more."""
    return PlacementInFull.of_view(await Placements(unit).hand_back(placement_id, body.reason))


@router.post(
    "/{id}/imports/uploads",
    status_code=201,
    dependencies=[requires(Permission.PLACEMENTS_IMPORT, opens_units=True)],
    openapi_extra={"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": FORM}}}},
)
async def upload_sheet(request: Request, units: OwnUnits, who: Who, files: Files, placement_id: Id) -> ImportSeen:
    """Take a file in, sealed as it arrives; it is checked by a job."""
    async with units.begin(who) as unit:
        await Imports(unit).require_open(placement_id)
    async with received(request, files, units.keyring, who) as form, units.begin(who) as unit:
        what = await Imports(unit).add(placement_id, form.received, form.sheet, form.source, form.template)
        return ImportSeen.model_validate(what)


@imports_router.get("", dependencies=[reads])
async def list_imports(
    unit: Unit, ask: PageAsk, placement_id: UUID | None = None, state: ImportState | None = None
) -> Page[ImportSeen]:
    """Return imports, the newest first."""
    rows, following = await Imports(unit).page(placement_id, state, ask)
    return Page(items=[ImportSeen.model_validate(row) for row in rows], next=following)


@imports_router.get("/{id}", dependencies=[requires(Permission.PLACEMENTS_READ, opens_units=True)])
async def get_import(units: OwnUnits, who: Who, files: Files, import_id: Id, preview: bool = True) -> ImportInFull:
    """Return an import with its first rows, masked; `preview=false` leaves them out and is quicker."""
    async with units.begin(who) as unit:
        what = await Imports(unit).get(import_id)
    rows = await first_rows(files, units.keyring, what) if preview else None
    return ImportInFull.of(ImportView(what, rows))


@imports_router.patch("/{id}", dependencies=[imports])
async def read_import_otherwise(unit: Unit, import_id: Id, body: ImportChange) -> ImportSeen:
    """Say how the file is to be read; it is checked again."""
    what = await Imports(unit).read_otherwise(import_id, body.version, body.mapping, body.declared_source)
    return ImportSeen.model_validate(what)


@imports_router.get("/{id}/findings", dependencies=[reads])
async def list_findings(unit: Unit, ask: PageAsk, import_id: Id, is_rejected: bool | None = None) -> Page[FindingSeen]:
    """Return what was found, in the order of the sheet's rows."""
    rows, following = await Imports(unit).findings(import_id, ask, is_rejected=is_rejected)
    return Page(items=[FindingSeen.model_validate(row) for row in rows], next=following)


@imports_router.get(
    "/{id}/findings.xlsx",
    dependencies=[requires(Permission.PLACEMENTS_IMPORT, FieldRight.EXPORT, opens_units=True)],
    response_class=Response,
    responses={200: {"content": {SPREADSHEET: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def export_findings(units: OwnUnits, who: Who, files: Files, import_id: Id) -> Response:
    """Return the rows that were not accepted as the same sheet, with a column that says why."""
    async with units.begin(who) as unit:
        export = await FindingsExport.of(unit, import_id)
    content = await export.written(files, units.keyring)
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(f'{export.stem}-问题清单.xlsx')}"}
    return Response(content, media_type=SPREADSHEET, headers=headers)


@imports_router.post("/{id}/commit", status_code=202, dependencies=[imports])
async def commit_import(unit: Unit, import_id: Id) -> ImportSeen:
    """Carry the accepted rows over, all or none; a job does it, and the topic `imports` tells how far it is."""
    return ImportSeen.model_validate(await Imports(unit).commit(import_id))


@imports_router.delete(
    "/{id}", status_code=204, dependencies=[requires(Permission.PLACEMENTS_IMPORT, opens_units=True)]
)
async def remove_import(units: OwnUnits, who: Who, files: Files, import_id: Id) -> None:
    """Forget a file that was not carried over."""
    async with units.begin(who) as unit:
        what = await Imports(unit).remove(import_id)
    await asyncio.to_thread(files.remove, what.tenant_id, what.file_key)
