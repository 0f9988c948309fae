"""Reads a whole file as an import would, for tests."""

from __future__ import annotations

from pathlib import Path

from anmi.adapters.spreadsheets.sandbox import SpreadsheetFile
from anmi.core.placement_sheet.cells import Cell


def rows_of(path: Path, sheet: int = 0) -> dict[int, list[Cell]]:
    """Return the rows of a sheet by the number the spreadsheet shows."""
    with SpreadsheetFile(path) as file:
        return {row.number: list(row.cells) for row in file.rows(sheet)}
