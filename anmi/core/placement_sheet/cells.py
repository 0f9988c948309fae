"""What a cell may hold once a reader has taken it out of its file, and how its text is cleaned."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class FormulaWithoutValue:
    """A formula that nobody has calculated: the file keeps no result of it."""


# A number is an int where it is a whole one; a cell that the sheet shows as a date is a date.
Cell = str | int | float | bool | date | FormulaWithoutValue | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row, with the number that the spreadsheet shows beside it."""

    number: int
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The beginning of a sheet: enough to find its header."""

    name: str
    rows: Sequence[Row]
    is_hidden: bool = False
    counts_from_1904: bool = False


# What a spreadsheet shows where a calculation failed; it is no value.
ERROR_VALUES: Final = frozenset(
    ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA")
)

_FORCED_TEXT: Final = re.compile(r'="([^"]*)"')
_APOSTROPHES: Final = "'‘’`"
_FORCING_TEXT: Final = frozenset("=" + _APOSTROPHES)
_WRITTEN_OUT: Final = 1e25
_WHITE: Final = re.compile(r"\s+")


def clean(text: str) -> str:
    """Return the text in plain width, without what cannot be seen, and without what forces a cell to be text."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if not text.isprintable():
        text = "".join(_seen(char) for char in text)
    text = text.strip()
    if text and text[0] in _FORCING_TEXT:
        if forced := _FORCED_TEXT.fullmatch(text):
            return forced[1].strip()
        return text.lstrip(_APOSTROPHES).strip()
    return text


def _seen(char: str) -> str:
    if char.isspace():
        return " "
    # Cf: zero-width and direction marks, BOM; Cc: control characters.
    return "" if unicodedata.category(char) in ("Cf", "Cc") else char


def text_of(cell: Cell) -> str:
    """Return what a cell says as clean text; a whole number has no decimals, a formula without value says nothing."""
    match cell:
        case str():
            return clean(cell)
        case None | FormulaWithoutValue():
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case date():
            return cell.isoformat()
        case float() if cell.is_integer() and abs(cell) < _WRITTEN_OUT:
            return str(int(cell))
        case _:
            return str(cell)


def is_blank(cell: Cell) -> bool:
    """Say whether a cell shows nothing."""
    return cell is None or (isinstance(cell, str) and not clean(cell))


def without_white(text: str) -> str:
    """Return the text without any white space inside."""
    return _WHITE.sub("", text)
