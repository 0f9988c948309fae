"""What we ask of a reader of spreadsheets: the beginning of every sheet, and the rows of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from anmi.core.placement_sheet.cells import Row, Sheet
from anmi.core.placement_sheet.reasons import FileReason, Notice


class FileRefused(Exception):
    """This file is not read: the reason is a word of the check, `about` a short remark in Chinese."""

    def __init__(self, reason: FileReason, about: str = "") -> None:
        super().__init__(reason, about)
        self.reason = reason
        self.about = about


class Spreadsheet(Protocol):
    """An opened spreadsheet."""

    sheets: Sequence[Sheet]
    notices: Sequence[Notice]

    def rows(self, sheet: int) -> Iterator[Row]:
        """Yield all rows of one sheet, once; raise FileRefused where the file breaks."""
        ...


class OpenSpreadsheet(Protocol):
    """Opens the file at a path (`pathlib.Path`); raises FileRefused when it is no readable spreadsheet."""

    def __call__(self, path: Any, /) -> AbstractContextManager[Spreadsheet]:
        """Open a file; leaving the context closes it."""
        ...
