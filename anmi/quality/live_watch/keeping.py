"""Keeping a watched call: what follows from a line is written in one transaction, with its alarms and its release."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from anmi.casework.cases.models import Case
from anmi.casework.creditors.models import Creditor, Product
from anmi.casework.debtors.models import NAME, Debtor
from anmi.core.alarms import AlarmKind, DebtorSignal
from anmi.core.inspection.inspect import Inspector
from anmi.core.inspection.model import Severity
from anmi.core.live_watch import (
    Alarmed,
    ChecklistChanged,
    ForceRelease,
    LineSaid,
    Watch,
    WatchEffect,
    Watching,
    begun,
)
from anmi.core.live_watch_views import SaidLine, Signalled, Warned
from anmi.core.quality_codes import VIOLATIONS
from anmi.core.transcripts import masked
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import UnitOfWork
from anmi.quality.alarms.service import Alarms, AlarmToRaise
from anmi.quality.inspections.service import Inspections
from anmi.quality.live_watch import repository
from anmi.quality.live_watch.helping import CASE, Helping, NoCaseToHelp
from anmi.quality.live_watch.models import LIVE_TEXT, HearingState, LiveLine, WatchedCall
from anmi.quality.live_watch.policy import WatchPolicies
from anmi.quality.live_watch.service import TOPIC, LiveWatch
from anmi.telephony.calls.models import Call
from anmi.telephony.calls.service import CallOver, Calls


@dataclass(frozen=True, slots=True)
class TakenUp:
    """A call as a watcher begins with it: how it stands, by which rules, and which words may be said."""

    call_id: UUID
    connected_at: datetime
    watching: Watching
    watch: Watch
    lines: int
    hot_words: tuple[str, ...]

    def after(self, watch: Watch, lines: int) -> TakenUp:
        """Return the call as it stands after an event."""
        return replace(self, watch=watch, lines=lines)


class Keeping:
    """What a watcher writes, for one agency."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def take_up(self, call: Call, inspector: Inspector) -> TakenUp:
        """Begin to watch a call, or go on where another watcher ended."""
        connected_at = call.connected_at or self._unit.now
        spoken = await Inspections(self._unit).as_spoken(call)
        policy, _ = await WatchPolicies(self._unit).current()
        watching = Watching(inspector, policy)
        watch = begun(spoken, (self._unit.now - connected_at).total_seconds())
        kept = await self._kept(call)
        if kept is None:
            kept = self._new(call)
        else:
            watch = await self._as_it_stood(watching, watch, kept)
        kept.state, kept.so_far = HearingState.HEARD, {}
        self._tell(call, "Hearing")
        lines = await repository.count_lines(self._unit.session, call.id)
        return TakenUp(call.id, connected_at, watching, watch, lines, await self._hot_words(call))

    async def keep(self, call: Call, effects: Sequence[WatchEffect], number: int, patience_seconds: int) -> None:
        """Write what follows from an event; the line it was, if it was one, has this number."""
        kept = await self._kept(call) or self._new(call)
        releases = [effect for effect in effects if isinstance(effect, ForceRelease)]
        # First of all, and what is ordered is ordered only if all of it is written.
        released = {release.code for release in releases if await self._release(call, release)}
        for effect in effects:
            match effect:
                case LineSaid(line):
                    self._write_line(call, line, number)
                    kept.so_far = {side: said for side, said in kept.so_far.items() if side != line.side}
                    self._tell(call, "Line", number=number)
                case ChecklistChanged(checklist):
                    kept.checklist = [asdict(check) for check in checklist]
                    self._tell(call, "Checklist")
                case Warned():
                    kept.warnings = [*kept.warnings, asdict(effect)]
                    self._tell(call, "Warning", code=effect.code, severity=effect.severity)
                case Signalled():
                    kept.signals = [*kept.signals, asdict(effect) | {"is_given": False}]
                    self._tell(call, "Signal", code=effect.code)
                case Alarmed():
                    has_released = effect.kind is AlarmKind.VIOLATION and effect.code in released
                    await self._raise(call, effect, patience_seconds, has_released=has_released)
                case ForceRelease():
                    pass
        await self._unit.session.flush()

    async def help_by_itself(self, call: Call, signals: Sequence[DebtorSignal]) -> None:
        """Give the help that an agency wants given without being asked."""
        for signal in signals:
            # A call that is about no open case has nothing to pause; its alarm stands.
            with contextlib.suppress(NoCaseToHelp):
                await Helping(self._unit).give_on(call, signal)

    async def keep_so_far(self, call: Call, line: SaidLine) -> None:
        """Show an utterance that is still being said."""
        if (kept := await self._kept(call)) is not None:
            kept.so_far = kept.so_far | {line.side.value: {"start": line.start, "text": masked(line.text)}}
            self._tell(call, "SoFar")

    async def keep_state(self, call: Call, state: HearingState) -> None:
        """Say how well a call is heard."""
        if (kept := await self._kept(call)) is not None and kept.state is not state:
            kept.state = state
            self._tell(call, "Hearing")

    async def end(self, call: Call) -> None:
        """Say that a call is watched no longer."""
        if (kept := await self._kept(call)) is not None:
            kept.ended_at, kept.so_far = self._unit.now, {}
            self._tell(call, "Ended")

    async def _kept(self, call: Call) -> WatchedCall | None:
        await self._unit.session.flush()
        return await repository.locked(self._unit.session, call.id)

    async def _as_it_stood(self, watching: Watching, watch: Watch, kept: WatchedCall) -> Watch:
        lines = [
            SaidLine(line.side, line.began_ms / 1000, line.ended_ms / 1000, line.text)
            for line in await LiveWatch(self._unit).plain(kept.call_id)
        ]
        warned = [_warned(told) for told in kept.warnings]
        signals = [DebtorSignal(told["code"]) for told in kept.signals]
        alarms = await Alarms(self._unit).of_call(kept.call_id)
        return replace(
            watching.taken_up(watch, lines, warned, signals),
            is_overlong=any(alarm.kind is AlarmKind.OVERLONG for alarm in alarms),
            is_released=any(alarm.has_released for alarm in alarms),
        )

    async def _hot_words(self, call: Call) -> tuple[str, ...]:
        """Return the names that are likely to be said: the debtor's, the creditor's, the product's."""
        session = self._unit.session
        case = await session.get(Case, call.subject_id) if call.subject_kind == CASE and call.subject_id else None
        if case is None:
            return ()
        debtor = await session.get_one(Debtor, case.debtor_id)
        creditor = await session.get_one(Creditor, case.creditor_id)
        product = await session.get_one(Product, case.product_id)
        return self._unit.open(NAME, debtor.name_sealed), creditor.name, product.name

    def _new(self, call: Call) -> WatchedCall:
        kept = WatchedCall(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            call_id=call.id,
            state=HearingState.HEARD,
            began_at=self._unit.now,
            so_far={},
            checklist=[],
            warnings=[],
            signals=[],
        )
        self._unit.session.add(kept)
        return kept

    def _write_line(self, call: Call, line: SaidLine, number: int) -> None:
        text = masked(line.text)
        self._unit.session.add(
            LiveLine(
                id=new_id(),
                tenant_id=self._unit.tenant_id,
                call_id=call.id,
                number=number,
                side=line.side,
                began_ms=round(line.start * 1000),
                ended_ms=round(line.end * 1000),
                text=text,
                text_sealed=self._unit.seal(LIVE_TEXT, line.text) if text != line.text else None,
            )
        )

    async def _raise(self, call: Call, alarmed: Alarmed, patience_seconds: int, *, has_released: bool) -> None:
        await Alarms(self._unit).raise_one(
            AlarmToRaise(
                call.id,
                call.person_id,
                call.unit_id,
                alarmed.kind,
                alarmed.code,
                alarmed.severity,
                alarmed.title,
                alarmed.words,
                round(alarmed.at * 1000),
                has_released,
            ),
            patience_seconds,
        )

    async def _release(self, call: Call, release: ForceRelease) -> bool:
        """Order a call's end; return whether there was anything left to end."""
        reason = f"实时质检：{release.code} {VIOLATIONS[release.code].zh}，第 {release.count} 次"
        try:
            await Calls(self._unit).release(call.id, reason)
        except CallOver:
            # Somebody was quicker to hang up.
            return False
        return True

    def _tell(self, call: Call, kind: str, **about: Any) -> None:
        self._unit.tell(TOPIC, kind, call_id=call.id, holder_id=call.person_id, unit_id=call.unit_id, **about)


def _warned(told: Mapping[str, Any]) -> Warned:
    return Warned(told["code"], told["title"], Severity(told["severity"]), told["words"], told["at"])
