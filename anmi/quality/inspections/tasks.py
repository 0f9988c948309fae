"""Jobs of inspection: every call once there is text of it, and the past anew when the rules change."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from anmi.core.permissions import Words
from anmi.kit.jobs import JobKind, Retries, Run
from anmi.kit.unit_of_work import UnitOfWork
from anmi.quality.inspections import repository
from anmi.quality.inspections.reading import Inspectors, Reading
from anmi.telephony.transcripts.events import TranscriptMissing, TranscriptWritten

_BATCH: Final = 100


async def _inspect(run: Run, call_id: str, inspectors: Inspectors) -> None:
    async with run.unit() as unit:
        call = await repository.call(unit.session, UUID(call_id))
        # What the network announced on a call that nobody answered is nobody's conduct.
        if call is None or call.answered_at is not None:
            await Reading(unit).read(UUID(call_id), await inspectors(unit))


async def _inspect_again(run: Run, since: str, inspectors: Inspectors) -> None:
    after: UUID | None = None
    while True:
        async with run.unit() as unit:
            ids = await repository.calls_since(unit.session, datetime.fromisoformat(since), after, _BATCH)
        if not ids:
            return
        for call_id in ids:
            async with run.unit() as unit:
                await Reading(unit).read(call_id, await inspectors(unit))
        after = ids[-1]


INSPECT: Final = JobKind("inspections.read", Words("通话质检", "Inspect a call"), _inspect, Retries(attempts=4))
INSPECT_AGAIN: Final = JobKind(
    "inspections.read_again", Words("历史通话重检", "Inspect earlier calls again"), _inspect_again, at_once=1
)


async def inspect_in_background(unit: UnitOfWork, event: TranscriptWritten | TranscriptMissing) -> None:
    """There is text of a call, or there will be none: either way it is held against the rules."""
    await INSPECT.defer(unit, only_once=str(event.call_id), call_id=event.call_id)
