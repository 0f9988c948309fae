"""Statements of money received, over HTTP: taken in, and their lines matched by hand where the house is not sure."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path, PurePath
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Depends, Query, Request

from anmi.casework.payments.service import LineState
from anmi.casework.payments.statement_schemas import (
    LineAside,
    LineSeen,
    LineToMatch,
    RowRejected,
    StatementSeen,
    StatementTaken,
)
from anmi.casework.payments.statements import Statements
from anmi.casework.payments.tasks import RECONCILE
from anmi.core.permissions import Permission
from anmi.core.placement_sheet.reasons import SENTENCES, FileReason
from anmi.core.ports.spreadsheets import FileRefused, OpenSpreadsheet
from anmi.core.statement_sheet import Statement, find_header, read_statement
from anmi.kit.errors import Invalid
from anmi.kit.paging import Page
from anmi.kit.uploads import BadUpload, Upload, receive
from anmi.kit.web import Id, OwnUnits, PageAsk, Unit, Who, requires, room

router = room("/casework/statements")
lines_router = room("/casework/statement-lines")

# A statement says where every debtor's money is: it is for those who book it, whatever their cases.
posts = requires(Permission.PAYMENTS_POST)

MOST_BYTES: Final = 20 << 20
MOST_LINES: Final = 20_000
FORM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["file", "creditor_id"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "creditor_id": {"type": "string", "format": "uuid"},
    },
}


class StatementRefused(Invalid):
    """The file is not read as a statement."""

    code = "STATEMENT_REFUSED"
    zh, en = "对账单无法导入：{detail_zh}", "The statement cannot be imported: {detail_en}"


async def _reader(request: Request) -> OpenSpreadsheet:
    return request.app.state.house.sheet_files.open_spreadsheet


Reader = Annotated[OpenSpreadsheet, Depends(_reader)]


@router.get("", dependencies=[posts])
async def list_statements(unit: Unit, ask: PageAsk, creditor_id: UUID | None = None) -> Page[StatementSeen]:
    """Return statements, the newest first."""
    rows, following = await Statements(unit).page(creditor_id, ask)
    return Page(items=[StatementSeen.of(row) for row in rows], next=following)


@router.get("/{id}", dependencies=[posts])
async def get_statement(unit: Unit, statement_id: Id) -> StatementSeen:
    """Return a statement and how its lines stand."""
    return StatementSeen.of(await Statements(unit).get(statement_id))


@router.post(
    "/uploads",
    status_code=201,
    dependencies=[requires(Permission.PAYMENTS_POST, opens_units=True)],
    openapi_extra={"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": FORM}}}},
)
async def upload_statement(request: Request, units: OwnUnits, who: Who, open_spreadsheet: Reader) -> StatementTaken:
    """Take a statement in; its lines are matched by a job, and the same file is taken once."""
    content = bytearray()

    def keep(piece: bytes) -> None:
        content.extend(piece)
        if len(content) > MOST_BYTES:
            raise _refused(FileReason.FILE_TOO_LARGE)

    upload = await receive(request, keep)
    creditor_id = _creditor(upload)
    read = await asyncio.to_thread(_read, bytes(content), upload.file_name or "", open_spreadsheet)
    async with units.begin(who) as unit:
        statements = Statements(unit)
        taken = await statements.add(creditor_id, PurePath(upload.file_name or "").name, upload.sha256, read)
        await RECONCILE.defer(unit, only_once=str(taken.id), statement_id=str(taken.id))
        seen = StatementSeen.of(await statements.get(taken.id))
    return StatementTaken(statement=seen, rejected=[RowRejected.of(bad) for bad in read.bad])


@lines_router.get("", dependencies=[posts])
async def list_statement_lines(
    unit: Unit, ask: PageAsk, state: Annotated[list[LineState] | None, Query()] = None, statement_id: UUID | None = None
) -> Page[LineSeen]:
    """Return lines of statements; those that are proposed or unmatched are the worklist."""
    views, following = await Statements(unit).lines(state or [], statement_id, ask)
    return Page(items=[LineSeen.model_validate(view) for view in views], next=following)


@lines_router.post("/{id}/match", dependencies=[posts])
async def match_statement_line(unit: Unit, line_id: Id, body: LineToMatch) -> LineSeen:
    """Book a line by hand."""
    return LineSeen.model_validate(await Statements(unit).match(line_id, body.payment_id, body.case_id))


@lines_router.post("/{id}/set-aside", dependencies=[posts])
async def set_statement_line_aside(unit: Unit, line_id: Id, body: LineAside) -> LineSeen:
    """Take a line off the worklist."""
    return LineSeen.model_validate(await Statements(unit).set_aside(line_id, body.reason))


def _creditor(upload: Upload) -> UUID:
    try:
        return UUID(upload.fields.get("creditor_id", ""))
    except ValueError:
        raise BadUpload from None


def _read(content: bytes, file_name: str, open_spreadsheet: OpenSpreadsheet) -> Statement:
    # The reader takes a path; the folder is ours alone, and gone when it has read.
    with tempfile.TemporaryDirectory(prefix="anmi-statement-") as folder:
        path = Path(folder) / f"statement{PurePath(file_name).suffix.lower()}"
        path.write_bytes(content)
        try:
            with open_spreadsheet(path) as spreadsheet:
                for index, sheet in enumerate(spreadsheet.sheets):
                    found = find_header(sheet.rows)
                    if found is not None and not sheet.is_hidden:
                        rows = spreadsheet.rows(index)
                        return _checked(read_statement(rows, *found, counts_from_1904=sheet.counts_from_1904))
        except FileRefused as refusal:
            raise _refused(refusal.reason) from None
    raise _refused(FileReason.MISSING_COLUMN)


def _checked(read: Statement) -> Statement:
    if not read.credits:
        raise StatementRefused(detail_zh="没有可读取的入账记录", detail_en="no credit in it can be read")
    if len(read.credits) > MOST_LINES:
        raise _refused(FileReason.FILE_TOO_LARGE)
    return read


def _refused(reason: FileReason) -> StatementRefused:
    zh, en = SENTENCES[reason]
    return StatementRefused(detail_zh=zh, detail_en=en)
