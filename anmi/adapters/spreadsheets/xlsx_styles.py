"""What a number looks like in its cell, as far as it matters: a date, or a number filled up with zeros."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import IO, Final

from anmi.adapters.spreadsheets.xml_parts import each_start

# Per cell style: "date", the width to which zeros are filled up, or nothing.
Look = str | int | None
Styles = Sequence[Look]
DATE: Final = "date"

# ECMA-376 18.8.30: numbers with a meaning of their own; 27–36 and 50–58 are dates in Chinese editions.
_BUILT_IN_DATES: Final = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_NOT_LETTERS_OF_FORMAT: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_DATE_LETTERS: Final = re.compile(r"[ymdhs年月日]", re.IGNORECASE)
_ZEROS: Final = re.compile(r"0{2,}")


def look_of(code: str) -> Look:
    """Return what a format code makes of a number."""
    if _ZEROS.fullmatch(code):
        return len(code)
    plain = _NOT_LETTERS_OF_FORMAT.sub("", code)
    if plain.lower() == "general" or not _DATE_LETTERS.search(plain):
        return None
    return DATE


def look_of_built_in(number: int) -> Look:
    """Return what a built-in format makes of a number."""
    return DATE if number in _BUILT_IN_DATES else None


def read_styles(part: IO[bytes]) -> Styles:
    """Return the look of each cell style, by its number."""
    codes: dict[str, str] = {}
    numbers: list[str] = []
    is_cell_style = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal is_cell_style
        if name == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            is_cell_style = name == "cellXfs"
        elif name == "xf" and is_cell_style:
            numbers.append(attributes.get("numFmtId", "0"))

    each_start(part, start)
    return [look_of(codes[number]) if number in codes else look_of_built_in(int(number)) for number in numbers]
