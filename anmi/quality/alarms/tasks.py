"""The job that hands an alarm to the unit above when its time is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from anmi.core.permissions import Words
from anmi.kit.jobs import JobKind, Run
from anmi.kit.unit_of_work import UnitOfWork
from anmi.quality.alarms.events import AlarmEscalated, AlarmRaised
from anmi.quality.alarms.service import Alarms


async def _escalate(run: Run) -> None:
    async with run.unit() as unit:
        await Alarms(unit).escalate_overdue()


ESCALATE: Final = JobKind("alarms.escalate", Words("告警升级", "Hand unanswered alarms up"), _escalate)


async def escalate_in_time(unit: UnitOfWork, event: AlarmRaised | AlarmEscalated) -> None:
    """See after a while whether somebody has answered."""
    await ESCALATE.defer(unit, after=timedelta(seconds=event.patience_seconds))
