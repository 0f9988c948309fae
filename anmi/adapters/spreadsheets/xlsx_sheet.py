"""One worksheet as a stream of rows: values as the spreadsheet last kept them, no formula is ever calculated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Final

from anmi.adapters.spreadsheets.document import MOST_COLUMNS, MOST_ROWS, FileRefused, NumberedCells
from anmi.adapters.spreadsheets.xlsx_strings import SharedStrings, unescaped
from anmi.adapters.spreadsheets.xlsx_styles import DATE, Styles
from anmi.adapters.spreadsheets.xml_parts import feed, new_parser
from anmi.core.placement_sheet.cells import Cell, FormulaWithoutValue
from anmi.core.placement_sheet.dates import of_serial
from anmi.core.placement_sheet.reasons import FileReason

_EXACT_IN_FLOAT: Final = 2**53
_DIGITS: Final = "0123456789"
_NO_VALUE: Final = FormulaWithoutValue()


class SheetParser:
    """Collects the cells of each row while expat walks through the sheet."""

    def __init__(self, strings: SharedStrings, styles: Styles, counts_from_1904: bool) -> None:
        self._strings = strings
        self._styles = styles
        self._counts_from_1904 = counts_from_1904
        self._places: dict[str, int] = {}
        self._names: dict[str, str] = {}
        self._rows: list[NumberedCells] = []
        self._number = 0
        self._cells: list[Cell] = []
        self._reference = ""
        self._type = "n"
        self._style = ""
        self._texts: list[str] = []
        self._is_in_row = self._is_value = self._has_value = self._has_formula = self._is_phonetic = False

    def rows(self, part: IO[bytes]) -> Iterator[NumberedCells]:
        """Yield the rows that the part writes down."""
        parser = new_parser()
        parser.StartElementHandler = self._start
        parser.CharacterDataHandler = self._characters
        parser.EndElementHandler = self._end
        for _ in feed(parser, part):
            if len(self._cells) > MOST_COLUMNS:
                raise FileRefused(FileReason.FILE_TOO_LARGE, f"超过 {MOST_COLUMNS} 列")
            yield from self._rows
            self._rows.clear()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match self._local(name):
            case "c":
                self._reference = attributes.get("r", "")
                self._type = attributes.get("t", "n")
                self._style = attributes.get("s", "")
                self._texts.clear()
                self._has_value = self._has_formula = False
            case "v":
                self._is_value = self._has_value = True
            case "t":
                self._is_value = self._has_value = not self._is_phonetic
            case "f":
                self._has_formula = True
            case "rPh":
                self._is_phonetic = True
            case "row":
                self._begin_row(attributes.get("r"))
            case _:
                pass

    def _characters(self, text: str) -> None:
        if self._is_value:
            self._texts.append(text)

    def _end(self, name: str) -> None:
        match self._local(name):
            case "c":
                self._end_cell()
            case "v" | "t":
                self._is_value = False
            case "rPh":
                self._is_phonetic = False
            case "row":
                self._rows.append((self._number, self._cells))
                self._cells = []
            case _:
                pass

    def _local(self, name: str) -> str:
        # Some programs write <x:c> for <c>.
        local = self._names.get(name)
        if local is None:
            local = self._names[name] = name.rpartition(":")[2]
        return local

    def _begin_row(self, number: str | None) -> None:
        self._number = int(number) if number else self._number + 1
        if not 1 <= self._number <= MOST_ROWS:
            raise FileRefused(FileReason.FILE_CORRUPT, "行号超出工作表范围")
        self._cells = []

    def _end_cell(self) -> None:
        cells = self._cells
        letters = self._reference.rstrip(_DIGITS)
        place = self._places.get(letters) if letters else len(cells)
        if place is None:
            place = self._places[letters] = _place(letters)
        value = self._value()
        if value is None:
            if not letters:
                cells.append(None)
            return
        if place > len(cells):
            cells.extend([None] * (place - len(cells)))
        if place == len(cells):
            cells.append(value)
        else:
            cells[place] = value

    def _value(self) -> Cell:
        text = "".join(self._texts)
        if not text and not (self._type == "str" and self._has_value):
            return _NO_VALUE if self._has_formula else None
        match self._type:
            case "s":
                return self._strings[int(text)]
            case "n":
                return self._number_value(float(text))
            case "b":
                return text.strip() not in ("0", "false")
            case _:
                # A formula's text, an inline text, an error, a date in ISO 8601: all are what they say.
                return unescaped(text)

    def _number_value(self, number: float) -> Cell:
        look = self._styles[int(self._style)] if self._style and int(self._style) < len(self._styles) else None
        if look == DATE:
            # Below one there is no day, only a time.
            day = of_serial(number, self._counts_from_1904) if number >= 1 or self._counts_from_1904 else None
            return day if day else number
        if not (number.is_integer() and abs(number) < _EXACT_IN_FLOAT):
            return number
        whole = int(number)
        return str(whole).zfill(look) if isinstance(look, int) and 0 <= whole < 10 ** (look - 1) else whole


def _place(letters: str) -> int:
    place = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            raise FileRefused(FileReason.FILE_CORRUPT, "单元格位置不合法")
        place = place * 26 + ord(letter) - ord("A") + 1
        if place > MOST_COLUMNS:
            raise FileRefused(FileReason.FILE_TOO_LARGE, f"超过 {MOST_COLUMNS} 列")
    return place - 1
