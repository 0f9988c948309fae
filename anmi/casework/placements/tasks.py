"""Jobs of placements: checking a file, carrying it over, and what follows when many cases are taken away at once."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from anmi.casework.cases.events import CaseClosed
from anmi.casework.placements import carrying, checking, closing, repository
from anmi.casework.placements.events import CasesTakenAway, CommitAsked, SheetReceived
from anmi.casework.placements.files import SheetFiles
from anmi.casework.placements.models import ImportState
from anmi.casework.placements.news import tell
from anmi.core.closing import ClosingReason
from anmi.core.permissions import Words
from anmi.kit.jobs import JobKind, Retries, Run
from anmi.kit.unit_of_work import UnitOfWork

_RETRIES: Final = Retries(attempts=3, first=timedelta(seconds=5))


async def _check(run: Run, import_id: str, files: SheetFiles) -> None:
    async with _giving_up(run, UUID(import_id)):
        await checking.check(run, files, UUID(import_id))


async def _commit(run: Run, import_id: str, files: SheetFiles) -> None:
    async with _giving_up(run, UUID(import_id)):
        await carrying.commit(run, files, UUID(import_id))


@asynccontextmanager
async def _giving_up(run: Run, import_id: UUID) -> AsyncGenerator[None]:
    """When the last attempt fails as well, say so on the import: somebody may try again."""
    try:
        yield
    except Exception as failure:
        if run.attempt + 1 >= _RETRIES.attempts:
            async with run.unit() as unit:
                what = await repository.import_to_work(unit.session, import_id)
                if what is not None and what.state in (ImportState.CHECKING, ImportState.COMMITTING):
                    what.state, what.fault = ImportState.FAILED, type(failure).__name__
                    tell(unit, what)
        raise


async def _follow_closing(run: Run, placement_id: str, at: str) -> None:
    after: UUID | None = None
    while True:
        async with run.unit() as unit:
            cases = await closing.closed_at(unit, UUID(placement_id), datetime.fromisoformat(at), after)
            for case in cases:
                unit.announce(CaseClosed(case.id, ClosingReason(case.state)))
        if not cases:
            return
        after = cases[-1].id


CHECK: Final = JobKind("placements.check", Words("检查导入文件", "Check an import"), _check, _RETRIES)
COMMIT: Final = JobKind("placements.commit", Words("导入案件", "Carry an import over"), _commit, _RETRIES, at_once=1)
FOLLOW_CLOSING: Final = JobKind(
    "placements.follow_closing", Words("撤案退案后续处理", "What follows a recall or return"), _follow_closing
)


async def check_sheet(unit: UnitOfWork, event: SheetReceived) -> None:
    """Have a file checked that has come in."""
    await CHECK.defer(unit, import_id=event.import_id)


async def commit_sheet(unit: UnitOfWork, event: CommitAsked) -> None:
    """Have a file carried over."""
    await COMMIT.defer(unit, import_id=event.import_id)


async def follow_closing(unit: UnitOfWork, event: CasesTakenAway) -> None:
    """Have everything ended that stands on cases which were taken away."""
    await FOLLOW_CLOSING.defer(unit, placement_id=event.placement_id, at=event.at.isoformat())
