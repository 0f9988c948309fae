"""The nightly sweep of relief: what is not paid by its last day lapses, and plans whose money did not come end."""

from __future__ import annotations

from typing import Final

from anmi.casework.concessions import repository
from anmi.casework.concessions.service import PaymentPlans, Settling
from anmi.core.calendar import in_china
from anmi.core.permissions import Words
from anmi.kit.jobs import JobKind, Run


async def _sweep(run: Run) -> None:
    async with run.unit() as unit:
        today = in_china(unit.now).date()
        lapsing = await repository.lapsing(unit.session, today)
        overdue = await repository.overdue_plans(unit.session, today)
    for case_id in overdue:
        async with run.unit() as unit:
            await PaymentPlans(unit).sweep(case_id)
    for concession_id in lapsing:
        async with run.unit() as unit:
            await Settling(unit).lapse(concession_id)


SWEEP_CONCESSIONS: Final = JobKind(
    "concessions.sweep",
    Words("减免与分期到期处理", "Ends of concessions and plans"),
    _sweep,
    every="20 16 * * *",  # twenty past midnight in China
)
