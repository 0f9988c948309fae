"""A sheet on its way from the browser to the data folder, and the list of findings on its way back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final, Self
from uuid import UUID

from starlette.requests import Request

from anmi.casework.placements import repository
from anmi.casework.placements.files import SheetFiles
from anmi.casework.placements.findings_sheet import findings_sheet, reasons_of
from anmi.casework.placements.imports import ImportBusy, Imports, Received, SheetKind, file_key, first_rows
from anmi.casework.placements.models import ImportState
from anmi.casework.placements.preview import open_sheet
from anmi.casework.placements.reading import Asked, Refused
from anmi.core.audit_actions import AuditAction
from anmi.core.placement_sheet.contact_source import ContactSource, read_contact_source
from anmi.kit.caller import Caller
from anmi.kit.errors import Invalid
from anmi.kit.ids import new_id
from anmi.kit.keyring import Keyring
from anmi.kit.unit_of_work import UnitOfWork
from anmi.kit.uploads import receive

__all__ = ["FORM", "FindingsExport", "first_rows", "received"]

FORM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "sheet": {"type": "string", "enum": list(SheetKind), "default": SheetKind.CASES},
        "declared_source": {"type": "string", "description": "合法的联系方式来源，如“合同约定”"},
        "template": {"type": "string", "description": "委托方已记住的列模板"},
    },
}
_BATCH: Final = 5000


class UnknownSheet(Invalid):
    """There is no sheet of this kind."""

    code = "UNKNOWN_SHEET"
    zh, en = "不支持的表类型“{sheet}”", "There is no sheet of the kind {sheet}"


class UnlawfulSource(Invalid):
    """Contact details may not come from there."""

    code = "UNLAWFUL_SOURCE"
    zh, en = "不是合法的联系方式来源", "Contact details may not come from there"


class FileUnreadable(Invalid):
    """The file can no longer be read as it was."""

    code = "FILE_UNREADABLE"
    zh, en = "文件无法读取", "The file cannot be read"


@dataclass(frozen=True, slots=True)
class Form:
    """What came with an upload."""

    received: Received
    sheet: SheetKind
    source: ContactSource | None
    template: str | None


@asynccontextmanager
async def received(request: Request, files: SheetFiles, keyring: Keyring, who: Caller) -> AsyncGenerator[Form]:
    """Seal a file as it arrives; where the block does not end well, nothing is left of it."""
    import_id, tenant_id = new_id(), who.tenant_id
    if tenant_id is None:
        raise LookupError("files belong to an agency")
    try:
        with files.writer(keyring, tenant_id, file_key(import_id)) as writer:
            upload = await receive(request, writer.write)
            fields = upload.fields
            form = Form(
                Received(import_id, upload.file_name or "", upload.size, upload.sha256),
                _sheet(fields.get("sheet") or SheetKind.CASES),
                _source(fields.get("declared_source")),
                fields.get("template") or None,
            )
        yield form
    except BaseException:
        await asyncio.to_thread(files.remove, tenant_id, file_key(import_id))
        raise


@dataclass(frozen=True, slots=True)
class FindingsExport:
    """The rows to be written out, and what is said of each."""

    asked: Asked
    sheet: str
    reasons: dict[int, str]

    @classmethod
    async def of(cls, unit: UnitOfWork, import_id: UUID) -> Self:
        """Gather what was found; the log keeps who took it with her."""
        what = await Imports(unit).get(import_id)
        if what.state in (ImportState.UPLOADED, ImportState.CHECKING, ImportState.REFUSED):
            raise ImportBusy(state=what.state)
        reasons: dict[int, str] = {}
        while True:
            last = max(reasons, default=0)
            found = await repository.findings(unit.session, import_id, last, _BATCH, is_rejected=True)
            if not found:
                break
            reasons |= reasons_of(found)
        unit.remember(AuditAction.FINDINGS_EXPORTED, ("placement_import", import_id), rows=len(reasons))
        return cls(Asked.of(what), what.sheet, reasons)

    @property
    def stem(self) -> str:
        """The name of the file without its ending."""
        return PurePath(self.asked.file_name).stem

    async def written(self, files: SheetFiles, keyring: Keyring) -> bytes:
        """Write the workbook."""
        try:
            async with open_sheet(files, keyring, self.asked, self.sheet) as sheet:
                return await asyncio.to_thread(findings_sheet, sheet, self.reasons)
        except Refused:
            raise FileUnreadable from None


def _sheet(word: str) -> SheetKind:
    if word not in list(SheetKind):
        raise UnknownSheet(sheet=word[:40])
    return SheetKind(word)


def _source(word: str | None) -> ContactSource | None:
    if not word:
        return None
    source = read_contact_source(word)
    if source is None:
        raise UnlawfulSource
    return source
