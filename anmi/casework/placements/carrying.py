"""Carries what a file holds over into the tables: sealed chunk by chunk into staging, then all of it or nothing.

A worker that dies leaves whole chunks in staging, and the next one goes on behind them; the last step is a single
transaction, in which the import also becomes committed. So nothing is lost and nothing stands twice.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections import deque
from collections.abc import AsyncGenerator, Callable, Container
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

from anmi.casework.creditors.models import ColumnTemplate
from anmi.casework.placements import repository, sealing, staging
from anmi.casework.placements.events import PlacementImported
from anmi.casework.placements.files import SheetFiles
from anmi.casework.placements.lists import carry_out
from anmi.casework.placements.models import TAKES_CASES, ImportState, PlacementImport
from anmi.casework.placements.news import tell
from anmi.casework.placements.reading import Asked, NumberedCells, Reading, reading
from anmi.casework.placements.repository import Ground
from anmi.casework.placements.sealing import Copied, Sealer
from anmi.casework.tables import limitation_table
from anmi.core.audit_actions import AuditAction
from anmi.core.placement_sheet.columns import Column
from anmi.core.placement_sheet.list_columns import ListKind
from anmi.core.placement_sheet.placing import CaseMaker
from anmi.kit.ids import new_id
from anmi.kit.jobs import Run
from anmi.kit.parenthood import end_with_parent
from anmi.kit.unit_of_work import UnitOfWork

SEALERS: Final = 2
WORTH_A_POOL: Final = 20_000
"""Rows from which on processes of their own seal faster than they start."""
WORTH_MEASURING: Final = 20_000
"""Rows from which on the planner must not go by what it knew before."""


_CHECKED: Final = frozenset(Column)

Seal = Callable[[list[NumberedCells]], asyncio.Future[Copied]]


class Overtaken(Exception):
    """Another worker is at this import, or somebody took it back."""


class Incomplete(Exception):
    """Not every accepted row stands in staging: the database lost it in a crash, or the file has changed."""


async def commit(run: Run, files: SheetFiles, import_id: UUID) -> None:
    """Carry an import over, from where an earlier attempt stopped."""
    async with run.unit() as unit:
        what = await repository.import_to_work(unit.session, import_id)
        if what is None or what.state is not ImportState.COMMITTING:
            return
        asked, sheet_kind = Asked.of(what), what.sheet
        ground = await repository.ground(unit.session, what.placement_id)
        count = await staging.staged_count(unit.session, import_id)
        last = await staging.last_staged(unit.session, import_id)
        rejected = await repository.rejected_rows(unit.session, import_id)
        accepted, what.rows_done = what.accepted, count
    if sheet_kind in list(ListKind):
        await carry_out(run, files, import_id, asked, ListKind(sheet_kind))
        return
    try:
        if count < accepted:
            async with reading(files, run.units.keyring, asked) as sheet:
                maker = CaseMaker(
                    sheet.begun.check.reader, sheet.facts, ground.buckets, limitation_table(), ground.due_back_on
                )
                sealer = Sealer(maker, run.units.keyring, asked.tenant_id, import_id)
                await _stage(run, sealer, sheet, rejected, last, accepted)
        await _finish(run, import_id, ground)
        if accepted >= WORTH_MEASURING:
            async with run.unit() as unit:
                await staging.measure(unit.session)
    except Overtaken:
        return
    except Incomplete:
        async with run.unit() as unit:
            await staging.clear(unit.session, import_id)
        raise


async def _stage(run: Run, sealer: Sealer, sheet: Reading, rejected: Container[int], last: int, accepted: int) -> None:
    import_id = sealer.import_id
    async with _sealing(sealer, accepted) as seal:
        waiting: deque[asyncio.Future[Copied]] = deque()
        async for rows in sheet.accepted(rejected, last):
            if rows:
                waiting.append(seal(rows))
            if len(waiting) > SEALERS:
                last = await _bring_in(run, import_id, await waiting.popleft(), last)
        while waiting:
            last = await _bring_in(run, import_id, await waiting.popleft(), last)


@asynccontextmanager
async def _sealing(sealer: Sealer, count: int) -> AsyncGenerator[Seal]:
    """Lend hands that seal: of other processes where there is much to do."""
    loop = asyncio.get_running_loop()
    if count < WORTH_A_POOL:
        yield lambda rows: loop.run_in_executor(None, sealer.copied, rows)
        return
    # A forked process would inherit our threads' locks; a fresh one starts clean.
    context = multiprocessing.get_context("spawn")
    pool: Executor = ProcessPoolExecutor(SEALERS, context, _prepare, (sealer, os.getpid()))
    try:
        yield lambda rows: loop.run_in_executor(pool, sealing.seal_aside, rows)
    finally:
        await asyncio.to_thread(pool.shutdown, cancel_futures=True)


def _prepare(sealer: Sealer, parent: int) -> None:
    end_with_parent(parent)
    sealing.prepare(sealer)


async def _bring_in(run: Run, import_id: UUID, copied: Copied, last: int) -> int:
    async with run.unit() as unit:
        what = await _held(unit, import_id)
        if await staging.last_staged(unit.session, import_id) != last:
            raise Overtaken
        await staging.stage(unit.session, copied)
        what.rows_done += copied.count
        tell(unit, what)
    return copied.last


async def _finish(run: Run, import_id: UUID, ground: Ground) -> None:
    async with run.unit() as unit:
        what = await _held(unit, import_id)
        # Held, so that nobody recalls the placement while cases come in that the recall would not meet.
        placement = await repository.held(unit.session, what.placement_id)
        if placement is None or placement.state not in TAKES_CASES:
            await staging.clear(unit.session, import_id)
            what.state, what.fault = ImportState.FAILED, "PlacementHasEnded"
            tell(unit, what)
            return
        if await staging.staged_count(unit.session, import_id) != what.accepted:
            raise Incomplete
        terms = {"creditor_id": ground.creditor_id, "product_id": ground.product_id, "now": unit.now}
        carried = await staging.carry_over(unit.session, what, terms)
        what.state, what.committed_at, what.fault = ImportState.COMMITTED, unit.now, None
        figures: dict[str, int] = {
            "cases": carried.cases,
            "already_there": what.accepted - carried.cases,
            "debtors": carried.debtors,
            "phones": carried.phones,
            "addresses": carried.addresses,
        }
        what.figures = figures
        await _remember_columns(unit, what, ground.creditor_id)
        unit.remember(AuditAction.IMPORT_COMMITTED, ("placement_import", import_id), made=figures)
        unit.announce(PlacementImported(what.placement_id, import_id, carried.cases))
        tell(unit, what)


async def _held(unit: UnitOfWork, import_id: UUID) -> PlacementImport:
    what = await repository.import_to_work(unit.session, import_id)
    if what is None or what.state is not ImportState.COMMITTING:
        raise Overtaken
    return what


async def _remember_columns(unit: UnitOfWork, what: PlacementImport, creditor_id: UUID) -> None:
    """Keep what the columns of this creditor's sheet were called, for the next time."""
    mapped = (what.report or {}).get("columns", {}).get("mapped", {})
    columns = {name: label for name, label in mapped.items() if name in _CHECKED}
    body = (what.mapping or {}) | {"columns": columns}
    template = await repository.template(unit.session, creditor_id, what.sheet)
    if template is None:
        template = ColumnTemplate(
            id=new_id(), tenant_id=unit.tenant_id, creditor_id=creditor_id, name=what.sheet, body={}, version=0
        )
        unit.session.add(template)
    if template.body != body:
        template.body, template.version = body, template.version + 1
