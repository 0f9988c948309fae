"""The nightly sweep of holds: those whose last day has gone by are lifted."""

from __future__ import annotations

from typing import Final

from anmi.casework.cases.service import day_of
from anmi.casework.holds import repository
from anmi.casework.holds.service import Holds
from anmi.core.permissions import Words
from anmi.kit.jobs import JobKind, Run


async def _lift_what_ran_out(run: Run) -> None:
    async with run.unit() as unit:
        case_ids = await repository.may_be_over(unit.session, day_of(unit).today)
    for case_id in case_ids:
        async with run.unit() as unit:
            await Holds(unit).lift_what_ran_out(case_id)


LIFT_HOLDS: Final = JobKind(
    "holds.lift",
    Words("停催到期解除", "Ends of holds"),
    _lift_what_ran_out,
    every="20 16 * * *",  # twenty past midnight in China
)
