"""Spreadsheets written as they are read: xlsx and csv of any length, in memory for a batch of rows at a time.

Text is text: a cell that a spreadsheet program would take for a formula is told apart by a leading apostrophe, in both
kinds, since a workbook is often saved as csv later.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, Protocol
from xml.sax.saxutils import escape

from anmi.core.calendar import in_china
from anmi.core.money import Money

Cell = str | int | Money | date | datetime | None

ROWS_OF_A_SHEET: Final = 1_000_000
"""A worksheet has 1,048,576 rows at the most."""

_FORMULA: Final = re.compile(r"^\s*[=+\-@＝＋－＠]|^[\t\r\n]")
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BOM: Final = b"\xef\xbb\xbf"


class SheetFormat(StrEnum):
    """What a sheet is written as."""

    XLSX = "xlsx"
    CSV = "csv"

    @property
    def media_type(self) -> str:
        """Return its name on the wire."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES: Final = {
    SheetFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    SheetFormat.CSV: "text/csv",
}


class SheetWriter(Protocol):
    """Turns rows into the bytes of a file, piece by piece."""

    def rows(self, rows: Iterable[Sequence[Cell]]) -> bytes:
        """Return what the next rows come to."""
        ...

    def end(self) -> bytes:
        """Return what stands behind the last row."""
        ...

    def close(self) -> None:
        """Let go of a sheet, also of one that nobody waits for any more."""
        ...


def sheet_writer(kind: SheetFormat, title: str, labels: Sequence[str]) -> SheetWriter:
    """Return what writes a sheet with a header."""
    match kind:
        case SheetFormat.CSV:
            return _Csv(labels)
        case SheetFormat.XLSX:
            return _Workbook(title, labels)


def harmless(text: str) -> str:
    """Return a text that no spreadsheet program reckons with."""
    return f"'{text}" if _FORMULA.search(text) else text


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Money():
            return f"{'-' if cell.fen < 0 else ''}{abs(cell.fen) // 100}.{abs(cell.fen) % 100:02d}"
        case datetime():
            return f"{in_china(cell):%Y-%m-%d %H:%M:%S}"
        case date():
            return cell.isoformat()
        case int():
            return str(cell)
        case str():
            return harmless(_UNWRITABLE.sub("", cell))


class _Csv:
    def __init__(self, labels: Sequence[str]) -> None:
        self._begun = _BOM + _lines([labels])

    def rows(self, rows: Iterable[Sequence[Cell]]) -> bytes:
        begun, self._begun = self._begun, b""
        return begun + _lines([_text(cell) for cell in row] for row in rows)

    def end(self) -> bytes:
        return self.rows(())

    def close(self) -> None:
        pass


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode()


@dataclass(slots=True)
class _Pipe:
    """Where a zip file goes that is sent while it is written."""

    waiting: bytearray = field(default_factory=bytearray)

    def write(self, data: bytes) -> int:
        self.waiting += data
        return len(data)

    def flush(self) -> None:
        """Do nothing: whoever reads takes what waits."""

    def taken(self) -> bytes:
        waiting, self.waiting = bytes(self.waiting), bytearray()
        return waiting


_NAMESPACE: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# Style 1 is an amount to the fen, style 2 a header.
_STYLES: Final = (
    f'{_HEAD}<styleSheet xmlns="{_NAMESPACE}">'
    "<fonts count='2'><font><sz val='11'/><name val='Calibri'/></font>"
    "<font><b/><sz val='11'/><name val='Calibri'/></font></fonts>"
    "<fills count='2'><fill><patternFill patternType='none'/></fill><fill><patternFill patternType='gray125'/></fill>"
    "</fills><borders count='1'><border/></borders><cellStyleXfs count='1'><xf/></cellStyleXfs>"
    "<cellXfs count='3'><xf numFmtId='0' fontId='0'/><xf numFmtId='4' fontId='0' applyNumberFormat='1'/>"
    "<xf numFmtId='0' fontId='1' applyFont='1'/></cellXfs></styleSheet>"
)


class _Workbook:
    def __init__(self, title: str, labels: Sequence[str]) -> None:
        self._title, self._labels = title, labels
        self._pipe = _Pipe()
        # All that is asked of it is write and flush; sizes and sums follow the parts they are of.
        pipe: Any = self._pipe
        self._zip = zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=4)
        self._sheets, self._row = 0, 0
        self._open_sheet()

    def rows(self, rows: Iterable[Sequence[Cell]]) -> bytes:
        for row in rows:
            if self._row > ROWS_OF_A_SHEET:
                self._close_sheet()
                self._open_sheet()
            self._write(row)
        return self._pipe.taken()

    def end(self) -> bytes:
        self._close_sheet()
        for name, content in self._frame():
            self._zip.writestr(name, content)
        self._zip.close()
        return self._pipe.taken()

    def close(self) -> None:
        self._part.close()
        self._zip.close()

    def _open_sheet(self) -> None:
        self._sheets, self._row = self._sheets + 1, 0
        self._part = self._zip.open(f"xl/worksheets/sheet{self._sheets}.xml", "w", force_zip64=True)
        self._put(
            f'{_HEAD}<worksheet xmlns="{_NAMESPACE}"><sheetViews><sheetView workbookViewId="0">'
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
            "<sheetData>"
        )
        self._write(self._labels, style=2)

    def _close_sheet(self) -> None:
        self._put("</sheetData></worksheet>")
        self._part.close()

    def _write(self, row: Sequence[Cell], style: int = 0) -> None:
        self._row += 1
        self._put(f'<row r="{self._row}">{"".join(_cell(cell, style) for cell in row)}</row>')

    def _put(self, text: str) -> None:
        self._part.write(text.encode())

    def _frame(self) -> Iterator[tuple[str, str]]:
        numbers = range(1, self._sheets + 1)
        title = escape(self._title, {'"': "&quot;"})
        parts = "".join(
            f'<Override PartName="/xl/worksheets/sheet{number}.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
            for number in numbers
        )
        yield (
            "[Content_Types].xml",
            f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/xl/workbook.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
            '<Override PartName="/xl/styles.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
            f"{parts}</Types>",
        )
        yield (
            "_rels/.rels",
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        sheets = "".join(
            f'<sheet name="{title}{number if number > 1 else ""}" sheetId="{number}" r:id="rId{number}"/>'
            for number in numbers
        )
        yield (
            "xl/workbook.xml",
            f'{_HEAD}<workbook xmlns="{_NAMESPACE}" xmlns:r="{_RELATIONS}"><sheets>{sheets}</sheets></workbook>',
        )
        targets = "".join(
            f'<Relationship Id="rId{number}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
            for number in numbers
        )
        yield (
            "xl/_rels/workbook.xml.rels",
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{targets}'
            f'<Relationship Id="rId0" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
        )
        yield "xl/styles.xml", _STYLES


def _cell(cell: Cell, style: int) -> str:
    match cell:
        case None | "":
            return "<c/>"
        case Money():
            return f'<c s="1"><v>{_text(cell)}</v></c>'
        case int():
            return f"<c><v>{cell}</v></c>"
        case _:
            text = escape(_text(cell))
            return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
