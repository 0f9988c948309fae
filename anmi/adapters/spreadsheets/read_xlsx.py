"""Workbooks of today (OOXML): opened as a zip without unpacking it, and read sheet by sheet as a stream."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import IO, BinaryIO, Final
from xml.parsers import expat

from anmi.adapters.spreadsheets.document import FileRefused, NumberedCells, SheetHead
from anmi.adapters.spreadsheets.xlsx_sheet import SheetParser
from anmi.adapters.spreadsheets.xlsx_strings import SharedStrings, read_shared_strings
from anmi.adapters.spreadsheets.xlsx_styles import Styles, read_styles
from anmi.adapters.spreadsheets.xml_parts import attribute, each_start
from anmi.core.placement_sheet.reasons import FileReason, Notice

_MOST_PARTS: Final = 10_000
_MOST_BYTES: Final = 6 << 30
# Sheets full of equal rows are packed fifty to one; a thousand to one is a bomb.
_MOST_RATIO: Final = 150
_RATIO_FROM: Final = 32 << 20
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, expat.ExpatError, OSError, NotImplementedError, ValueError)
_FOREIGN_PARTS: Final = {
    "xl/workbook.bin": "xlsb 工作簿",
    "word/document.xml": "Word 文档",
    "ppt/presentation.xml": "演示文稿",
    "content.xml": "OpenDocument 文档",
}
_DRIVE_OR_ROOT: Final = re.compile(r"^(?:/|\\|[A-Za-z]:)")


class XlsxDocument:
    """A workbook; its strings and styles are read when the first row is asked for."""

    def __init__(self, file: BinaryIO) -> None:
        try:
            self._zip = zipfile.ZipFile(file)
        except _BROKEN as broken:
            raise FileRefused(FileReason.FILE_CORRUPT) from broken
        self._parts = {_key(part.filename): part for part in self._zip.infolist()}
        self._refuse_hostile()
        self.notices: Sequence[Notice] = ()
        if any(name.startswith("xl/externallinks/") for name in self._parts):
            self.notices = (Notice.EXTERNAL_LINKS_IGNORED,)
        self._strings: SharedStrings | None = None
        self._styles: Styles | None = None
        try:
            self._read_workbook()
        except _BROKEN as broken:
            raise FileRefused(FileReason.FILE_CORRUPT) from broken

    def rows(self, sheet: int) -> Iterator[NumberedCells]:
        """Yield the written rows of a sheet."""
        try:
            with self._open(self._targets[sheet]) as part:
                yield from SheetParser(self._shared_strings(), self._cell_styles(), self.counts_from_1904).rows(part)
        except _BROKEN as broken:
            raise FileRefused(FileReason.FILE_CORRUPT) from broken

    def _refuse_hostile(self) -> None:
        parts = self._zip.infolist()
        if len(parts) > _MOST_PARTS:
            raise FileRefused(FileReason.FILE_TOO_LARGE, "压缩包内文件过多")
        if any(part.flag_bits & 0x1 for part in parts):
            raise FileRefused(FileReason.FILE_ENCRYPTED)
        if len(self._parts) != len(parts) or any(_leads_outside(part.filename) for part in parts):
            raise FileRefused(FileReason.FILE_CORRUPT, "压缩包内的路径不合法")
        if sum(part.file_size for part in parts) > _MOST_BYTES or any(map(_is_bomb, parts)):
            raise FileRefused(FileReason.FILE_TOO_LARGE, "解压后过大")
        if foreign := next((what for name, what in _FOREIGN_PARTS.items() if name in self._parts), None):
            raise FileRefused(FileReason.FILE_TYPE_MISMATCH, f"内容是{foreign}")
        if any(posixpath.basename(name) == "vbaproject.bin" for name in self._parts):
            raise FileRefused(FileReason.FILE_TYPE_MISMATCH, "含有宏，请另存为不含宏的 xlsx")

    def _read_workbook(self) -> None:
        workbook = self._workbook_name()
        folder = posixpath.dirname(workbook)
        relations: dict[str, str] = {}
        heads: list[SheetHead] = []
        targets: list[str] = []
        flags: dict[str, str] = {}

        def relation(name: str, attributes: dict[str, str]) -> None:
            kind = attributes.get("Type", "")
            if name == "Relationship" and kind.rpartition("/")[2] in ("worksheet", "sharedStrings", "styles"):
                target = _target(folder, attributes.get("Target", ""))
                relations[attributes.get("Id", "")] = target
                relations[kind.rpartition("/")[2]] = target

        def sheet(name: str, attributes: dict[str, str]) -> None:
            if name == "workbookPr":
                flags.update(attributes)
            target = relations.get(attribute(attributes, "id") or "") if name == "sheet" else None
            if target:
                hidden = attributes.get("state", "visible") != "visible"
                heads.append(SheetHead(attributes.get("name", ""), hidden))
                targets.append(target)

        with self._open(f"{folder}/_rels/{posixpath.basename(workbook)}.rels".lstrip("/")) as part:
            each_start(part, relation)
        with self._open(workbook) as part:
            each_start(part, sheet)
        self.sheets: Sequence[SheetHead] = heads
        self.counts_from_1904 = flags.get("date1904", "0").lower() in ("1", "true", "on")
        self._targets = targets
        # Some programs forget to say where these are; they are where everybody puts them.
        self._strings_name = relations.get("sharedStrings", "xl/sharedStrings.xml")
        self._styles_name = relations.get("styles", "xl/styles.xml")

    def _workbook_name(self) -> str:
        found: list[str] = []

        def relation(name: str, attributes: dict[str, str]) -> None:
            if name == "Relationship" and attributes.get("Type", "").endswith("/officeDocument"):
                found.append(_target("", attributes.get("Target", "")))

        if "_rels/.rels" in self._parts:
            with self._open("_rels/.rels") as part:
                each_start(part, relation)
        name = found[0] if found else "xl/workbook.xml"
        if _key(name) not in self._parts:
            raise FileRefused(FileReason.FILE_TYPE_MISMATCH, "内容是压缩包，不是工作簿")
        return name

    def _open(self, name: str) -> IO[bytes]:
        part = self._parts.get(_key(name))
        if part is None:
            raise FileRefused(FileReason.FILE_CORRUPT, "工作簿缺少部件")
        return self._zip.open(part)

    def _shared_strings(self) -> SharedStrings:
        if self._strings is None:
            self._strings = SharedStrings()
            if _key(self._strings_name) in self._parts:
                with self._open(self._strings_name) as part:
                    read_shared_strings(part, self._strings)
        return self._strings

    def _cell_styles(self) -> Styles:
        if self._styles is None:
            self._styles = ()
            if _key(self._styles_name) in self._parts:
                with self._open(self._styles_name) as part:
                    self._styles = read_styles(part)
        return self._styles


def _key(name: str) -> str:
    # OPC: names of parts are compared without case; some programs write them with backslashes.
    return name.replace("\\", "/").lower()


def _target(folder: str, target: str) -> str:
    name = target[1:] if target.startswith("/") else posixpath.join(folder, target)
    return posixpath.normpath(name.replace("\\", "/"))


def _leads_outside(name: str) -> bool:
    return bool(_DRIVE_OR_ROOT.match(name)) or ".." in re.split(r"[/\\]", name)


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _RATIO_FROM and part.file_size > part.compress_size * _MOST_RATIO
