"""Files on their way in: received, checked, read another way where the guess was wrong, and carried over or removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import Any, Final, cast
from uuid import UUID

from anmi.casework.placements import repository
from anmi.casework.placements.events import CommitAsked, SheetReceived
from anmi.casework.placements.files import SheetFiles
from anmi.casework.placements.models import TAKES_CASES, ImportState, PlacementFinding, PlacementImport, PlacementState
from anmi.casework.placements.news import tell
from anmi.casework.placements.preview import Preview, open_sheet, preview
from anmi.casework.placements.reading import Asked, Refused
from anmi.core.audit_actions import AuditAction
from anmi.core.permissions import Permission
from anmi.core.placement_sheet.contact_source import ContactSource
from anmi.core.placement_sheet.list_columns import Item, ListKind
from anmi.core.placement_sheet.template import TemplateWrong, read_template
from anmi.kit.constraints import refused_as
from anmi.kit.errors import Conflict, Forbidden, Invalid, NotFound
from anmi.kit.keyring import Keyring
from anmi.kit.paging import Ask, make_cursor, read_cursor
from anmi.kit.unit_of_work import UnitOfWork

_LONGEST_NAME: Final = 200


class SheetKind(StrEnum):
    """What a sheet holds."""

    CASES = "cases"
    RECALLS = "recalls"
    PHONES = "phones"
    ADDRESSES = "addresses"
    BALANCES = "balances"
    PAYMENTS = "payments"
    CONCESSIONS = "concessions"

    @property
    def permission(self) -> Permission | None:
        """What somebody must hold, over all cases, to bring such a sheet; it does by the row what she does by hand."""
        return _PERMISSIONS.get(self)


_PERMISSIONS: Final = {
    SheetKind.PAYMENTS: Permission.PAYMENTS_POST,
    SheetKind.CONCESSIONS: Permission.CONCESSIONS_APPROVE,
}


class SameFileAgain(Conflict):
    """The very same file has come in before."""

    code = "SAME_FILE_AGAIN"
    zh, en = "这个文件已经上传过（{file_name}）", "This file has been uploaded before ({file_name})"


class PlacementTakesNoFiles(Conflict):
    """The placement is paused or has ended."""

    code = "PLACEMENT_TAKES_NO_FILES"
    zh, en = "批次当前状态（{state}）不能导入", "A placement that is {state} takes no files"


class SheetNotYours(Forbidden):
    """The sheet does what its bringer may not do by hand, or not over all cases."""

    code = "SHEET_NOT_YOURS"
    zh, en = "您没有导入此类表的权限", "You may not import a sheet of this kind"


class ImportBusy(Conflict):
    """The file is being checked or carried over, or has been already."""

    code = "IMPORT_BUSY"
    zh, en = "导入当前状态（{state}）不允许此操作", "An import that is {state} does not allow this"


class NothingToImport(Conflict):
    """No row of the file was accepted."""

    code = "NOTHING_TO_IMPORT"
    zh, en = "没有可导入的行，请先修改文件", "No row can be imported; please mend the file first"


class TemplateUnreadable(Invalid):
    """What is said about the columns cannot be read."""

    code = "TEMPLATE_UNREADABLE"
    zh, en = "列映射有误：{detail}", "The mapping cannot be read: {detail}"


class UnknownTemplate(Invalid):
    """The creditor has no such template."""

    code = "UNKNOWN_TEMPLATE"
    zh, en = "该委托方没有模板“{name}”", "The creditor has no template {name}"


@dataclass(frozen=True, slots=True)
class Received:
    """A file that lies sealed in the data folder already."""

    import_id: UUID
    file_name: str
    size: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class ImportView:
    """An import, with its first rows where they were asked for."""

    row: PlacementImport
    preview: Preview | None = None


_AT_REST: Final = (ImportState.UPLOADED, ImportState.CHECKED, ImportState.REFUSED, ImportState.FAILED)


def file_key(import_id: UUID) -> str:
    """Return what the file of an import is called in the data folder."""
    return f"{import_id}.sealed"


class Imports:
    """The imports of one agency."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def page(
        self, placement_id: UUID | None, state: ImportState | None, ask: Ask
    ) -> tuple[Sequence[PlacementImport], str | None]:
        """Return one page of imports, the newest first, and the cursor of the next."""
        return await repository.imports(self._unit.session, placement_id, state, ask)

    async def get(self, import_id: UUID) -> PlacementImport:
        """Return one import."""
        what = await repository.import_seen(self._unit.session, import_id)
        if what is None:
            raise NotFound
        return what

    async def require_open(self, placement_id: UUID) -> None:
        """Refuse a placement that takes no files, before anybody sends one."""
        placement = await repository.one(self._unit.session, placement_id)
        if placement is None:
            raise NotFound
        state = placement.placement.state
        if state not in TAKES_CASES or state is PlacementState.PAUSED:
            raise PlacementTakesNoFiles(state=state)

    async def add(
        self,
        placement_id: UUID,
        received: Received,
        sheet: SheetKind,
        source: ContactSource | None,
        template: str | None,
    ) -> PlacementImport:
        """Take a file that has come in; it is checked next."""
        self._require_right(sheet)
        await self.require_open(placement_id)
        same = await repository.same_file(self._unit.session, sheet, received.sha256)
        if same is not None:
            raise SameFileAgain(file_name=same.file_name, import_id=same.id)
        ground = await repository.ground(self._unit.session, placement_id)
        known = await repository.template(self._unit.session, ground.creditor_id, template or sheet)
        if template is not None and known is None:
            raise UnknownTemplate(name=template)
        what = PlacementImport(
            id=received.import_id,
            tenant_id=self._unit.tenant_id,
            placement_id=placement_id,
            sheet=sheet,
            file_name=PurePath(received.file_name.replace("\\", "/")).name[-_LONGEST_NAME:] or "sheet",
            file_key=file_key(received.import_id),
            file_size=received.size,
            sha256=received.sha256,
            declared_source=source,
            mapping=known.body if known else None,
            state=ImportState.UPLOADED,
            created_at=self._unit.now,
            created_by=self._unit.caller.person_id,
            version=1,
        )
        again = {"uq_placement_imports_tenant_id_sheet_sha256": SameFileAgain(file_name=what.file_name)}
        async with refused_as(self._unit.session, again):
            self._unit.session.add(what)
        self._unit.remember(
            AuditAction.IMPORT_ADDED,
            ("placement_import", what.id),
            placement_id=placement_id,
            sheet=sheet,
            size=received.size,
            sha256=received.sha256.hex(),
        )
        self._unit.announce(SheetReceived(what.id))
        tell(self._unit, what)
        return what

    async def read_otherwise(
        self, import_id: UUID, version: int, mapping: dict[str, Any] | None, source: ContactSource | None
    ) -> PlacementImport:
        """Say how the file is to be read, or where its contact details come from; it is checked again."""
        what = await self._at_rest(import_id)
        what.edit(version)
        _check_mapping(what.sheet, mapping or {})
        what.mapping, what.declared_source = mapping, source
        what.state, what.fault, what.report = ImportState.UPLOADED, None, None
        self._unit.announce(SheetReceived(import_id))
        tell(self._unit, what)
        return what

    async def commit(self, import_id: UUID) -> PlacementImport:
        """Carry the accepted rows over, all of them or none; a job does it."""
        what = await repository.import_to_work(self._unit.session, import_id)
        if what is None:
            raise NotFound
        if what.state not in (ImportState.CHECKED, ImportState.FAILED) or what.report is None:
            raise ImportBusy(state=what.state)
        if what.accepted == 0:
            raise NothingToImport
        self._require_right(SheetKind(what.sheet))
        await self.require_open(what.placement_id)
        what.state, what.rows_done, what.rows_total = ImportState.COMMITTING, 0, what.accepted
        what.fault, what.version = None, what.version + 1
        self._unit.remember(AuditAction.IMPORT_STARTED, ("placement_import", import_id), rows=what.accepted)
        self._unit.announce(CommitAsked(import_id))
        tell(self._unit, what)
        return what

    async def remove(self, import_id: UUID) -> PlacementImport:
        """Forget a file that was not carried over."""
        what = await self._at_rest(import_id)
        await repository.remove_import(self._unit.session, import_id)
        self._unit.remember(AuditAction.IMPORT_REMOVED, ("placement_import", import_id), placement_id=what.placement_id)
        return what

    async def findings(
        self, import_id: UUID, ask: Ask, *, is_rejected: bool | None
    ) -> tuple[Sequence[PlacementFinding], str | None]:
        """Return what was found, row by row in the order of the sheet, and the cursor of the next page."""
        await self.get(import_id)
        after = read_cursor(ask.after, (int,))[0] if ask.after else 0
        found = await repository.findings(self._unit.session, import_id, after, ask.limit + 1, is_rejected=is_rejected)
        following = make_cursor((found[ask.limit - 1].row,)) if len(found) > ask.limit else None
        return found[: ask.limit], following

    def _require_right(self, sheet: SheetKind) -> None:
        if sheet.permission is not None and not self._unit.rights.of(sheet.permission).everything:
            raise SheetNotYours

    async def _at_rest(self, import_id: UUID) -> PlacementImport:
        seen = await self.get(import_id)
        if seen.state not in _AT_REST:
            raise ImportBusy(state=seen.state)
        what = await repository.import_to_work(self._unit.session, import_id)
        if what is None or what.state not in _AT_REST:
            raise ImportBusy(state=seen.state)
        return what


def _check_mapping(sheet: str, mapping: dict[str, Any]) -> None:
    said = dict(mapping)
    columns = said.pop("columns", {}) if sheet in list(ListKind) else {}
    if not isinstance(columns, dict):
        raise TemplateUnreadable(detail="columns")
    for name, label in cast("dict[str, object]", columns).items():
        if name not in list(Item) or not isinstance(label, str):
            raise TemplateUnreadable(detail=name[:40])
    try:
        read_template(said)
    except TemplateWrong as wrong:
        raise TemplateUnreadable(detail=str(wrong)) from None


async def first_rows(files: SheetFiles, keyring: Keyring, what: PlacementImport) -> Preview | None:
    """Return the first rows of a file, masked; None while a job is at it, and where it cannot be read."""
    if what.state not in _AT_REST:
        return None
    try:
        async with open_sheet(files, keyring, Asked.of(what), what.sheet) as sheet:
            return preview(sheet)
    except Refused:
        return None
