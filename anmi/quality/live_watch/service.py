"""The live watch as it is read: what stands of a call, by those on it and those who may monitor it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_

from anmi.core.live_watch_views import NotHeard, Side
from anmi.core.permissions import FieldRight, Permission
from anmi.kit.errors import NotFound
from anmi.kit.reaching import in_reach
from anmi.kit.unit_of_work import UnitOfWork
from anmi.quality.live_watch import repository
from anmi.quality.live_watch.models import LIVE_TEXT, HearingState, LiveLine, WatchedCall, Watcher
from anmi.quality.live_watch.policy import WatchPolicies
from anmi.telephony.calls.models import Call, CallPhase

__all__ = ["LiveText", "LiveWatch", "WatchPolicies", "Watchers", "is_watching"]

TOPIC: Final = "watch"
SILENT_FOR: Final = timedelta(seconds=10)
"""A watcher that was not heard of for so long watches nothing now; it is begun anew, or the machine is full."""
GONE_FOR: Final = timedelta(minutes=5)
"""After so long nobody will take it up again."""
CONNECTED: Final = frozenset({CallPhase.TALKING, CallPhase.HELD})


@dataclass(frozen=True, slots=True)
class LiveText:
    """A line of a live call as the caller may read it."""

    number: int
    side: Side
    began_ms: int
    ended_ms: int
    text: str
    is_masked: bool


@dataclass(frozen=True, slots=True)
class LiveView:
    """What stands of a call."""

    call: Call
    is_heard: bool
    why_not: NotHeard | None
    lines: Sequence[LiveText]
    so_far: Mapping[str, Any]
    checklist: Sequence[Mapping[str, Any]]
    warnings: Sequence[Mapping[str, Any]]
    signals: Sequence[Mapping[str, Any]]


def is_watching(watcher: Watcher | None, now: datetime) -> bool:
    """Say whether anybody watches live calls, and has something to hear them with."""
    return watcher is not None and watcher.model is not None and now - watcher.seen_at < SILENT_FOR


class Watchers:
    """The processes that watch, for all agencies of the installation."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def beat(self, name: str, model: str | None, calls: int) -> None:
        """Write down that a watcher lives, and by what it hears."""
        await repository.beat(self._unit.session, name, model, calls, self._unit.now)


class LiveWatch:
    """The live calls of one agency, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def of_call(self, call_id: UUID, above: int = 0) -> LiveView:
        """Return what stands of a call that is one's own or may be monitored; lines after the one of a number."""
        call = await self.call(call_id)
        watched = await repository.watched(self._unit.session, call_id)
        lines = await repository.lines(self._unit.session, call_id, above)
        why_not = await self._why_not(call, watched)
        return LiveView(
            call,
            why_not is None,
            why_not,
            [self._seen(line) for line in lines],
            watched.so_far if watched else {},
            watched.checklist if watched else [],
            watched.warnings if watched else [],
            watched.signals if watched else [],
        )

    async def plain(self, call_id: UUID) -> Sequence[LiveText]:
        """Return what was heard of a call so far, unmasked, for the house itself."""
        lines = await repository.lines(self._unit.session, call_id)
        return [LiveText(e.number, e.side, e.began_ms, e.ended_ms, self._whole(e), is_masked=False) for e in lines]

    async def forget_text(self, call_id: UUID) -> None:
        """Let the live text go: there is a better one, or it may no longer be kept."""
        await repository.drop_lines(self._unit.session, call_id)

    async def forget(self, call_id: UUID) -> None:
        """Let everything go that was heard of a call."""
        await repository.drop_lines(self._unit.session, call_id)
        await repository.drop_watched(self._unit.session, call_id)

    async def call(self, call_id: UUID) -> Call:
        """Return a call that is one's own or may be monitored."""
        call = await repository.call(self._unit.session, Call.id == call_id, self._sight())
        if call is None:
            raise NotFound
        return call

    async def _why_not(self, call: Call, watched: WatchedCall | None) -> NotHeard | None:
        if watched is not None and watched.ended_at is not None:
            return None if watched.state is HearingState.HEARD else NotHeard.OVERLOADED
        watcher, now = await repository.last_heard_of(self._unit.session), self._unit.now
        if watcher is None or watcher.model is None or now - watcher.seen_at >= GONE_FOR:
            return NotHeard.OFF
        if not is_watching(watcher, now):
            return NotHeard.NOT_YET
        if call.phase not in CONNECTED or watched is None or watched.state is HearingState.LOST:
            return NotHeard.NOT_YET
        return NotHeard.OVERLOADED if watched.state is HearingState.OVERLOADED else None

    def _seen(self, line: LiveLine) -> LiveText:
        may_read = FieldRight.PHONE_FULL in self._unit.rights.field_rights
        is_masked = line.text_sealed is not None and not may_read
        text = line.text if is_masked else self._whole(line)
        return LiveText(line.number, line.side, line.began_ms, line.ended_ms, text, is_masked)

    def _whole(self, line: LiveLine) -> str:
        return line.text if line.text_sealed is None else self._unit.open(LIVE_TEXT, line.text_sealed)

    def _sight(self) -> ColumnElement[bool]:
        rights, caller = self._unit.rights, self._unit.caller
        monitored = in_reach(rights.of(Permission.CALLS_MONITOR), caller, Call.unit_id, Call.person_id)
        is_own = Call.person_id == caller.person_id if rights.may(Permission.PHONE_USE) else false()
        return or_(monitored, is_own)
