"""The nightly sweep of cases: leave to keep one longer runs out."""

from __future__ import annotations

from typing import Final

from anmi.casework.cases import repository
from anmi.casework.cases.service import Cases, day_of
from anmi.core.case_life import State
from anmi.core.permissions import Words
from anmi.kit.jobs import JobKind, Run


async def _end_retentions(run: Run) -> None:
    async with run.unit() as unit:
        over = await repository.retention_over(unit.session, day_of(unit).today)
    for case_id in over:
        async with run.unit() as unit:
            cases = Cases(unit)
            case = await cases.of_system(case_id)
            if case.state is State.RETAINED and case.due_back_on and case.due_back_on < day_of(unit).today:
                await cases.end_retention(case)


END_RETENTIONS: Final = JobKind(
    "cases.end_retentions",
    Words("留案到期处理", "Ends of retention"),
    _end_retentions,
    every="10 16 * * *",  # ten past midnight in China
)
