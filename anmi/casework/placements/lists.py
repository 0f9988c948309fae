"""Sheets that follow a placement (recalls, numbers, balances, payments …): checked, and then done all at once.

They name cases that stand already, so they need no staging: what they say is done in one transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final
from uuid import UUID

from anmi.casework.placements import list_deeds, money_deeds, repository
from anmi.casework.placements.files import SheetFiles
from anmi.casework.placements.models import TAKES_CASES, ImportState, PlacementImport
from anmi.casework.placements.news import tell
from anmi.casework.placements.reading import CHUNK, Asked, Refused
from anmi.core.audit_actions import AuditAction
from anmi.core.money import ZERO, Money, total
from anmi.core.placement_sheet.cells import Row
from anmi.core.placement_sheet.check import Report, refused
from anmi.core.placement_sheet.list_cells import ListLayout
from anmi.core.placement_sheet.list_columns import Item, ListKind
from anmi.core.placement_sheet.list_reader import BadListLine, ListLine, ListReader, find_list, missing
from anmi.core.placement_sheet.reasons import FileReason, Finding, Reason
from anmi.core.ports.spreadsheets import FileRefused, Spreadsheet
from anmi.kit.jobs import Run
from anmi.kit.keyring import Keyring
from anmi.kit.unit_of_work import UnitOfWork

BATCH: Final = 1000


@dataclass(frozen=True, slots=True)
class Accepted:
    """How many rows are good, and what the payments among them come to."""

    rows: int = 0
    paid: Money = ZERO

    def __add__(self, other: Accepted) -> Accepted:
        return Accepted(self.rows + other.rows, self.paid + other.paid)


class ListReading:
    """A list that is being read."""

    def __init__(self, spreadsheet: Spreadsheet, sheet: int, reader: ListReader) -> None:
        self.reader = reader
        self._rows = spreadsheet.rows(sheet)

    @property
    def layout(self) -> ListLayout:
        """Which column stands where."""
        return self.reader.layout

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header as they stand."""
        return (row for row in self._rows if row.number > self.layout.header_row)

    async def chunks(self) -> AsyncIterator[list[ListLine | BadListLine]]:
        """Yield all rows that say something, as they were read."""
        while rows := await asyncio.to_thread(lambda: list(islice(self._rows, CHUNK))):
            yield [line for row in rows if (line := self.reader.read(row)) is not None]


@asynccontextmanager
async def reading_list(
    files: SheetFiles, keyring: Keyring, asked: Asked, kind: ListKind
) -> AsyncGenerator[ListReading]:
    """Open a list; raise Refused where it is refused as a whole."""
    with ExitStack() as stack:
        try:
            opened = files.opened(keyring, asked.tenant_id, asked.file_key, asked.file_name)
            spreadsheet = await asyncio.to_thread(stack.enter_context, opened)
            if not any(sheet.rows for sheet in spreadsheet.sheets):
                raise Refused(refused(FileReason.FILE_EMPTY))
            found = find_list(kind, spreadsheet.sheets, asked.names)
            lacking = missing(kind, found[1] if found else None, has_source=asked.source is not None)
            if found is None or lacking:
                raise Refused(refused(FileReason.MISSING_COLUMN, "、".join(lacking)))
            sheet, layout = found
            counts_from_1904 = spreadsheet.sheets[sheet].counts_from_1904
            reader = ListReader(kind, layout, asked.source, counts_from_1904, asked.template.date_order)
            yield ListReading(spreadsheet, sheet, reader)
        except FileRefused as refusal:
            raise Refused(refused(refusal.reason, refusal.about)) from None


async def check_list(run: Run, files: SheetFiles, import_id: UUID, asked: Asked, kind: ListKind) -> None:
    """Check a list that has come in, and say how it ended."""
    accepted = Accepted()
    report, layout, skipped = Report(), None, 0
    try:
        async with reading_list(files, run.units.keyring, asked, kind) as sheet:
            layout = sheet.layout
            async for lines in sheet.chunks():
                async with run.unit() as unit:
                    what = await repository.import_to_work(unit.session, import_id)
                    if what is None or what.state is not ImportState.CHECKING:
                        return
                    accepted += await _judge(unit, what, kind, lines)
                    what.rows_done += len(lines)
                    tell(unit, what)
            skipped = sheet.reader.skipped
    except Refused as refusal:
        report = refusal.report
    async with run.unit() as unit:
        what = await repository.import_to_work(unit.session, import_id)
        if what is not None and what.state is ImportState.CHECKING:
            if report.is_accepted and what.rows_done == 0:
                report = refused(FileReason.NO_DATA_ROWS)
            await _conclude(unit, what, report, layout, accepted, skipped)


async def _judge(
    unit: UnitOfWork, what: PlacementImport, kind: ListKind, lines: Sequence[ListLine | BadListLine]
) -> Accepted:
    """Write down the faults of some rows, a case that is not there among them; return what is good."""
    good = [line for line in lines if isinstance(line, ListLine)]
    known = await list_deeds.cases_of(unit, what.placement_id, good)
    faults: dict[int, Sequence[tuple[Reason, Item]]] = {
        line.row: line.faults for line in lines if isinstance(line, BadListLine)
    }
    faults |= {line.row: [(Reason.CASE_UNKNOWN, Item.CASE_NO)] for line in good if line.row not in known}
    rows = [(line, known[line.row]) for line in good if line.row in known]
    doubts = await _doubts(unit, what, kind, rows)
    faults |= {row: [doubt] for row, doubt in doubts.items()}
    findings = {row: [Finding(reason, row, item) for reason, item in told] for row, told in faults.items()}
    await repository.add_findings(unit.session, what, findings)
    paid = [line.paid.amount for line, _ in rows if line.paid is not None and line.row not in doubts]
    return Accepted(len(rows) - len(doubts), total(paid))


async def _doubts(unit: UnitOfWork, what: PlacementImport, kind: ListKind, rows: list_deeds.Rows) -> money_deeds.Doubts:
    match kind:
        case ListKind.PAYMENTS:
            return await money_deeds.doubts_of_payments(unit, rows)
        case ListKind.CONCESSIONS:
            return await money_deeds.doubts_of_answers(unit, rows, what.created_by)
        case _:
            return {}


async def _conclude(
    unit: UnitOfWork, what: PlacementImport, report: Report, layout: ListLayout | None, accepted: Accepted, skipped: int
) -> None:
    if not report.is_accepted:
        await repository.remove_findings(unit.session, what.id)
        accepted = Accepted()
    what.state = ImportState.CHECKED if report.is_accepted else ImportState.REFUSED
    what.accepted, what.rejected = accepted.rows, await repository.count_rejected(unit.session, what.id)
    what.rows_total = what.rows_done if report.is_accepted else None
    what.report = {
        "verdict": "accept" if report.is_accepted else "reject_file",
        "file_reason": report.file_reason,
        "missing_columns": _missing(report),
        "header_row": layout.header_row if layout else None,
        "columns": _columns(layout),
        "labels": list(layout.labels) if layout else [],
        "accepted": accepted.rows,
        "rejected": what.rejected,
        "skipped": skipped,
        "total_fen": accepted.paid.fen,
        "duplicates": 0,
        "linked_pairs": 0,
        "notices": [],
    }
    tell(unit, what)


async def carry_out(run: Run, files: SheetFiles, import_id: UUID, asked: Asked, kind: ListKind) -> None:
    """Do what a list says, all of it or nothing."""
    lines: list[ListLine] = []
    async with reading_list(files, run.units.keyring, asked, kind) as sheet:
        async for chunk in sheet.chunks():
            lines += [line for line in chunk if isinstance(line, ListLine)]
    async with run.unit() as unit:
        what = await repository.import_to_work(unit.session, import_id)
        if what is None or what.state is not ImportState.COMMITTING:
            return
        placement = await repository.held(unit.session, what.placement_id)
        if placement is None or placement.state not in TAKES_CASES:
            what.state, what.fault = ImportState.FAILED, "PlacementHasEnded"
            tell(unit, what)
            return
        done = 0
        for rows in _by_case(await _placed(unit, what, lines)):
            done += await _do(unit, what, kind, await list_deeds.held(unit, rows))
        what.state, what.committed_at, what.fault = ImportState.COMMITTED, unit.now, None
        what.rows_done, what.figures = what.accepted, {"done": done, "already_there": what.accepted - done}
        unit.remember(AuditAction.IMPORT_COMMITTED, ("placement_import", import_id), sheet=kind, made=what.figures)
        tell(unit, what)


async def _do(unit: UnitOfWork, what: PlacementImport, kind: ListKind, rows: list_deeds.Rows) -> int:
    match kind:
        case ListKind.RECALLS:
            return await list_deeds.recall(unit, what.placement_id, rows)
        case ListKind.PHONES:
            return await list_deeds.add_phones(unit, rows)
        case ListKind.ADDRESSES:
            return await list_deeds.add_addresses(unit, rows)
        case ListKind.BALANCES:
            return await list_deeds.restate(unit, rows)
        case ListKind.PAYMENTS:
            return await money_deeds.book_payments(unit, rows)
        case ListKind.CONCESSIONS:
            return await money_deeds.write_answers(unit, rows, what.created_by)


async def _placed(unit: UnitOfWork, what: PlacementImport, lines: Sequence[ListLine]) -> list[tuple[ListLine, UUID]]:
    """Return the rows whose case is there, case by case."""
    found: list[tuple[ListLine, UUID]] = []
    for start in range(0, len(lines), BATCH):
        batch = lines[start : start + BATCH]
        known = await list_deeds.cases_of(unit, what.placement_id, batch)
        found += [(line, known[line.row].id) for line in batch if line.row in known]
    return sorted(found, key=lambda row: (row[1], row[0].row))


def _by_case(rows: Sequence[tuple[ListLine, UUID]]) -> Iterable[list[tuple[ListLine, UUID]]]:
    """Yield batches of rows; all rows of a case are in one of them."""
    batch: list[tuple[ListLine, UUID]] = []
    for row in rows:
        if len(batch) >= BATCH and batch[-1][1] != row[1]:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def _missing(report: Report) -> list[str]:
    if report.file_reason is not FileReason.MISSING_COLUMN:
        return []
    return [name for finding in report.findings for name in finding.about.split("、") if name]


def _columns(layout: ListLayout | None) -> dict[str, Any]:
    if layout is None:
        return {"mapped": {}, "unknown": [], "dropped": []}
    return {"mapped": layout.mapped, "unknown": list(layout.unknown), "dropped": []}
