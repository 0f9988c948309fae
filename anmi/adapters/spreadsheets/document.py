"""What every reader gives back: the sheets of a document, and the rows of one of them, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from anmi.core.placement_sheet.cells import Cell
from anmi.core.placement_sheet.reasons import Notice
from anmi.core.ports.spreadsheets import FileRefused

__all__ = ["MOST_COLUMNS", "MOST_ROWS", "Document", "FileRefused", "NumberedCells", "SheetHead"]

# What a spreadsheet program can show; a file that claims more is not a spreadsheet.
MOST_COLUMNS = 16_384
MOST_ROWS = 1_048_576

NumberedCells = tuple[int, Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class SheetHead:
    """A sheet before its rows are read."""

    name: str
    is_hidden: bool = False


class Document(Protocol):
    """An opened file. Rows come in order, with the number the spreadsheet shows; unwritten rows may be left out."""

    sheets: Sequence[SheetHead]
    notices: Sequence[Notice]
    counts_from_1904: bool

    def rows(self, sheet: int) -> Iterator[NumberedCells]:
        """Yield the rows of a sheet from its beginning; raise FileRefused where the file breaks."""
        ...
