"""Reads an uploaded sheet of cases row by row beside the event loop, chunk by chunk, as the rule book judges it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Container, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final
from uuid import UUID

from anmi.casework.placements.files import SheetFiles
from anmi.casework.placements.models import PlacementImport
from anmi.core.calendar import in_china
from anmi.core.placement_sheet.beginning import Begun, begin
from anmi.core.placement_sheet.case_facts import FactReader
from anmi.core.placement_sheet.cells import Cell, Row
from anmi.core.placement_sheet.check import Report, refused
from anmi.core.placement_sheet.contact_source import ContactSource
from anmi.core.placement_sheet.line_reader import BadLine, Line
from anmi.core.placement_sheet.lines import carries_no_case
from anmi.core.placement_sheet.list_columns import ListKind
from anmi.core.placement_sheet.template import Template, read_template
from anmi.core.ports.spreadsheets import FileRefused, Spreadsheet
from anmi.kit.keyring import Keyring

CHUNK: Final = 5000
"""Rows between two signs of life."""

NumberedCells = tuple[int, Sequence[Cell]]
Judged = tuple[Row, Line | BadLine]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be read, and how."""

    tenant_id: UUID
    file_key: str
    file_name: str
    template: Template
    source: ContactSource | None
    today: date
    names: Mapping[str, str]
    """Which header is which column, where somebody has said so; of the sheets that follow a placement."""

    @classmethod
    def of(cls, what: PlacementImport) -> Asked:
        """Return how an import is to be read; it is always judged by the day it came in."""
        said = dict(what.mapping or {})
        names = said.pop("columns", {}) if what.sheet in list(ListKind) else {}
        template = read_template(said)
        declared = ContactSource(what.declared_source) if what.declared_source else template.source
        return cls(
            what.tenant_id,
            what.file_key,
            what.file_name,
            template,
            declared,
            in_china(what.created_at).date(),
            names,
        )


class Reading:
    """A sheet that is being read."""

    def __init__(self, spreadsheet: Spreadsheet, begun: Begun, asked: Asked) -> None:
        self.begun = begun
        self._rows = spreadsheet.rows(begun.sheet)
        sheet = spreadsheet.sheets[begun.sheet]
        self.facts = FactReader(begun.layout, sheet.counts_from_1904, asked.template.date_order)

    async def chunks(self, size: int = CHUNK) -> AsyncIterator[list[Judged]]:
        """Yield all rows that carry a case, judged; a chunk may be empty where many do not."""
        while rows := await asyncio.to_thread(lambda: list(islice(self._rows, size))):
            yield await asyncio.to_thread(lambda rows=rows: list(self._judge(rows)))

    async def accepted(self, rejected: Container[int], after: int) -> AsyncIterator[list[NumberedCells]]:
        """Yield the rows behind `after` that an earlier check has accepted, which is told which ones it has not."""
        layout = self.begun.layout
        after = max(after, layout.header_row)

        def those() -> list[NumberedCells] | None:
            rows = list(islice(self._rows, CHUNK))
            good = (row for row in rows if row.number > after and row.number not in rejected)
            return [(row.number, row.cells) for row in good if not carries_no_case(row.cells, layout)] if rows else None

        while (chunk := await asyncio.to_thread(those)) is not None:
            yield chunk

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header as they stand."""
        return (row for row in self._rows if row.number > self.begun.layout.header_row)

    def _judge(self, rows: list[Row]) -> Iterator[Judged]:
        for row in rows:
            line = self.begun.check.take(row)
            if line is not None:
                yield row, line


class Refused(Exception):
    """The file is refused as a whole; the report says why."""

    def __init__(self, report: Report) -> None:
        super().__init__(report.file_reason)
        self.report = report


@asynccontextmanager
async def reading(files: SheetFiles, keyring: Keyring, asked: Asked) -> AsyncGenerator[Reading]:
    """Open a sheet; raise Refused where it is refused as a whole, be it on the first row or on the last."""
    with ExitStack() as stack:
        try:
            opened = files.opened(keyring, asked.tenant_id, asked.file_key, asked.file_name)
            spreadsheet = await asyncio.to_thread(stack.enter_context, opened)
            begun = begin(spreadsheet.sheets, spreadsheet.notices, asked.template, asked.source, asked.today)
            if isinstance(begun, Report):
                raise Refused(begun)
            yield Reading(spreadsheet, begun, asked)
        except FileRefused as refusal:
            raise Refused(refused(refusal.reason, refusal.about)) from None
