"""Workbooks of before 2007 (BIFF), through xlrd: values only, macros are not looked at."""

from __future__ import annotations

import io
import mmap
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, Final

import xlrd
from xlrd.biffh import (
    XL_CELL_BOOLEAN,
    XL_CELL_DATE,
    XL_CELL_ERROR,
    XL_CELL_NUMBER,
    XL_CELL_TEXT,
    XLRDError,
    error_text_from_code,
)
from xlrd.sheet import Sheet as XlrdSheet

from anmi.adapters.spreadsheets.document import FileRefused, NumberedCells, SheetHead
from anmi.adapters.spreadsheets.xlsx_styles import look_of
from anmi.core.placement_sheet.cells import Cell, FormulaWithoutValue
from anmi.core.placement_sheet.dates import of_serial
from anmi.core.placement_sheet.reasons import FileReason, Notice

_NO_VALUE: Final = FormulaWithoutValue()
_EXACT_IN_FLOAT: Final = 2**53


class XlsDocument:
    """A workbook; each sheet is loaded when its rows are asked for."""

    def __init__(self, file: BinaryIO) -> None:
        content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._has_formats = True
        try:
            self._book = self._open(content)
        except XLRDError as refused:
            if "encrypted" in str(refused).lower():
                raise FileRefused(FileReason.FILE_ENCRYPTED) from refused
            raise FileRefused(FileReason.FILE_CORRUPT) from refused
        visibilities: list[int] = getattr(self._book, "_sheet_visibility", [])
        self.sheets: Sequence[SheetHead] = [
            SheetHead(name, visibility != 0)
            for name, visibility in zip(self._book.sheet_names(), visibilities, strict=False)
        ]
        self.counts_from_1904 = self._book.datemode == 1
        self.notices: Sequence[Notice] = (Notice.MACROS_IGNORED,) if _has_macros(content) else ()

    def rows(self, sheet: int) -> Iterator[NumberedCells]:
        """Yield the rows of a sheet."""
        loaded = self._book.sheet_by_index(sheet)
        for number in range(loaded.nrows):
            yield number + 1, [self._value(loaded, number, place) for place in range(loaded.row_len(number))]
        self._book.unload_sheet(sheet)

    def _open(self, content: mmap.mmap) -> xlrd.Book:
        # xlrd speaks to the standard output unless it is given another place.
        return xlrd.open_workbook(
            file_contents=content,  # pyright: ignore[reportArgumentType]  a map is read like bytes
            on_demand=True,
            ragged_rows=True,
            formatting_info=True,
            logfile=io.StringIO(),
        )

    def _value(self, sheet: XlrdSheet, row: int, place: int) -> Cell:
        value: Any = sheet.cell_value(row, place)
        match sheet.cell_type(row, place):
            case kind if kind == XL_CELL_TEXT:
                # Text without a letter is what a formula has as long as nobody has calculated it.
                return value or _NO_VALUE
            case kind if kind == XL_CELL_NUMBER:
                return self._number(sheet, row, place, float(value))
            case kind if kind == XL_CELL_DATE:
                day = of_serial(float(value), self.counts_from_1904) if value >= 1 else None
                return day if day else value
            case kind if kind == XL_CELL_BOOLEAN:
                return bool(value)
            case kind if kind == XL_CELL_ERROR:
                return error_text_from_code.get(value, "#N/A")
            case _:
                return None

    def _number(self, sheet: XlrdSheet, row: int, place: int, number: float) -> Cell:
        if not (number.is_integer() and abs(number) < _EXACT_IN_FLOAT):
            return number
        whole = int(number)
        style = self._book.xf_list[sheet.cell_xf_index(row, place)]
        look = look_of(self._book.format_map[style.format_key].format_str or "")
        return str(whole).zfill(look) if isinstance(look, int) and 0 <= whole < 10 ** (look - 1) else whole


def _has_macros(content: mmap.mmap) -> bool:
    return content.find("_VBA_PROJECT_CUR".encode("utf-16-le")) >= 0
