"""The nightly sweep of promises: those whose time has gone by are kept, partly kept or broken."""

from __future__ import annotations

from typing import Final

from anmi.casework.cases.service import day_of
from anmi.casework.promises import repository
from anmi.casework.promises.service import Promises
from anmi.core.permissions import Words
from anmi.kit.jobs import JobKind, Run


async def _sweep(run: Run) -> None:
    async with run.unit() as unit:
        case_ids = await repository.due_before(unit.session, day_of(unit).today)
    for case_id in case_ids:
        async with run.unit() as unit:
            await Promises(unit).settle(case_id)


SWEEP_PROMISES: Final = JobKind(
    "promises.sweep",
    Words("承诺到期核对", "Sweep of promises"),
    _sweep,
    every="30 16 * * *",  # half past midnight in China
)
