"""Reads half-written notes: from the transcript of a call, by the rules its agency inspects by."""

from __future__ import annotations

from anmi.core.draft import Draft, HeardFrom, draft_of
from anmi.core.inspection.inspect import Inspector
from anmi.core.inspection.model import Call as SpokenCall
from anmi.kit.unit_of_work import UnitOfWork
from anmi.quality.inspections.service import Inspections
from anmi.telephony.calls.models import Call


class Notes:
    """Half-written notes of one agency's calls."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def half_written(self, call: Call, inspector: Inspector) -> tuple[HeardFrom, Draft] | None:
        """Return what can be noted down of a call, and what it was read from; None where nothing was heard yet."""
        spoken = await self._heard(call)
        if spoken is None:
            return None
        source, talk = spoken
        return source, draft_of(inspector.hear(talk))

    async def _heard(self, call: Call) -> tuple[HeardFrom, SpokenCall] | None:
        talk = await Inspections(self._unit).as_spoken(call)
        return (HeardFrom.TRANSCRIPT, talk) if talk.turns else None
