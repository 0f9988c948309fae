"""The job behind a case opening run: batch after batch, each committed, so that it goes on where it was broken off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from anmi.casework.opening import batches, repository
from anmi.casework.opening.events import OpeningStarted
from anmi.core.permissions import Words
from anmi.core.phone_number import PhoneNumber
from anmi.core.ports.number_screening import NumberAnswer, NumberScreening
from anmi.kit.errors import Unavailable
from anmi.kit.jobs import JobKind, Retries, Run
from anmi.kit.unit_of_work import UnitOfWork

_RETRIES: Final = Retries()
_NOBODY: Final = "none"


async def _open_cases(run: Run, run_id: str, screening: NumberScreening | None = None) -> None:
    try:
        while True:
            async with run.unit() as unit:
                batch = await batches.take(unit, UUID(run_id))
            if batch is None:
                return
            answers = await _asked(screening, batch)
            async with run.unit() as unit:
                await batches.put(unit, UUID(run_id), batch, answers, screening.vendor if screening else _NOBODY)
    except Unavailable as fault:
        if run.attempt + 1 >= _RETRIES.attempts:
            async with run.unit() as unit:
                await repository.fail(unit.session, UUID(run_id), str(fault), unit.now)
        raise


async def _asked(screening: NumberScreening | None, batch: batches.Batch) -> Mapping[PhoneNumber, NumberAnswer]:
    """Ask about every number once, however many debtors share it; where no vendor is set up nothing is known."""
    if screening is None or not batch.numbers:
        return {}
    return await screening.screen(list(dict.fromkeys(batch.numbers.values())))


OPEN_CASES: Final = JobKind("opening.run", Words("智能开案", "Case opening"), _open_cases, _RETRIES)
"""The roof hands it the vendor that screens numbers."""


async def open_in_background(unit: UnitOfWork, event: OpeningStarted) -> None:
    """Put the job up when a run is started."""
    await OPEN_CASES.defer(unit, only_once=str(event.run_id), run_id=event.run_id)
