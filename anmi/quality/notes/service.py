"""Reads half-written notes: from the transcript of a call, and until there is one from what was heard live."""

from __future__ import annotations

from dataclasses import replace

from anmi.core.draft import Draft, HeardFrom, draft_of
from anmi.core.inspection.inspect import Inspector
from anmi.core.inspection.model import Call as SpokenCall
from anmi.core.inspection.model import Party, Speaker, Turn
from anmi.core.live_watch_views import Side
from anmi.kit.unit_of_work import UnitOfWork
from anmi.quality.inspections.service import Inspections
from anmi.quality.live_watch.service import LiveWatch
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
        if talk.turns:
            return HeardFrom.TRANSCRIPT, talk
        lines = sorted(await LiveWatch(self._unit).plain(call.id), key=lambda line: line.began_ms)
        theirs = Speaker.THIRD_PARTY if talk.party is Party.THIRD_PARTY else Speaker.DEBTOR
        turns = tuple(
            Turn(
                theirs if line.side is Side.DEBTOR else Speaker.AGENT,
                line.text,
                line.began_ms / 1000,
                line.ended_ms / 1000,
            )
            for line in lines
        )
        return (HeardFrom.LIVE, replace(talk, turns=turns)) if turns else None
