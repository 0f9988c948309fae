"""One call being watched: two tracks go into the recogniser, lines come out, and what follows from them is written.

The call itself is never touched by this; what must happen to it is ordered from its engine like from anybody else.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Final, Protocol

import structlog
from prometheus_client import Counter, Histogram

from anmi.core.alarms import DebtorSignal
from anmi.core.call_stages import DEBTOR
from anmi.core.live_watch import LineHeard, Ticked, VoiceHeard, WatchEvent
from anmi.core.live_watch_views import SaidLine, Side, Signalled
from anmi.core.ports.live_sound import SAMPLE_RATE, LiveSound
from anmi.core.ports.speech import (
    FellBehind,
    Heard,
    HeardSoFar,
    Hearing,
    Listening,
    Missed,
    MissedReason,
    Speech,
    Utterance,
)
from anmi.core.transcripts import DEBTOR_CHANNEL, OUR_CHANNEL
from anmi.entrypoints.patience import AWAY
from anmi.kit.caller import the_system
from anmi.kit.errors import Unavailable
from anmi.kit.unit_of_work import Units
from anmi.quality.inspections.service import Inspectors
from anmi.quality.live_watch.keeping import Keeping, TakenUp
from anmi.quality.live_watch.models import HearingState
from anmi.telephony.calls.models import Call, CallPhase

TICK_SECONDS: Final = 1.0
AGAIN_SECONDS: Final = 1.0
"""Until a switch, a recogniser or a database that was away is asked again."""
FAREWELL_SECONDS: Final = 20.0
"""How long the last words of an ended call are still read."""
LATE_SECONDS: Final = 5.0
"""A line that comes so long after it was said says that more is said than can be read."""

LINES: Final = Counter("anmi_live_lines_total", "Lines heard on live calls")
LINE_SECONDS: Final = Histogram(
    "anmi_live_line_seconds", "From the end of an utterance to its text", buckets=(0.5, 0.8, 1.0, 1.2, 1.5, 2, 4, 8)
)

_SIDES: Final = {DEBTOR_CHANNEL: Side.DEBTOR, OUR_CHANNEL: Side.AGENT}

log = structlog.get_logger()


class WatchHouse(Protocol):
    """What the watch of a call needs of the process it lives in."""

    units: Units
    sound: LiveSound
    speech: Speech
    inspectors: Inspectors


class CallWatch:
    """The watch of one call, from the moment it is connected to its end."""

    def __init__(self, house: WatchHouse, call: Call) -> None:
        self.call = call
        self._house = house
        self._is_over = asyncio.Event()
        self._taken: TakenUp | None = None
        self._state = HearingState.HEARD
        self._began_at: dict[int, float] = {}
        """For each track the second of the call at which its sound begins."""

    def learn(self, call: Call) -> None:
        """Take note of how the call stands now: held, handed on, or over."""
        self.call = call
        if call.ended_at is not None:
            self._is_over.set()

    async def run(self) -> None:
        """Watch until the call is over; what is away meanwhile is waited for."""
        log.info("call_watched", call_id=str(self.call.id))
        while not self._is_over.is_set():
            try:
                await self._take_up()
                await self._hear()
            except (Unavailable, *AWAY) as fault:
                log.warning("call_not_heard", call_id=str(self.call.id), fault=str(fault))
                await self._say(HearingState.LOST)
            except Exception as fault:
                # One line that cannot be taken must not end the watch: it goes on from what is written.
                log.exception("call_watch_failed", call_id=str(self.call.id), fault=type(fault).__name__)
                await self._say(HearingState.LOST)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._is_over.wait(), AGAIN_SECONDS)
        with contextlib.suppress(*AWAY):
            async with self._house.units.begin(the_system(self.call.tenant_id)) as unit:
                await Keeping(unit).end(self.call)

    async def _take_up(self) -> None:
        async with self._house.units.begin(the_system(self.call.tenant_id)) as unit:
            inspector = await self._house.inspectors(unit)
            self._taken = await Keeping(unit).take_up(self.call, inspector)
        self._state = HearingState.HEARD

    # ── hearing ──

    async def _hear(self) -> None:
        taken = self._taken
        if taken is None:
            return
        self._began_at.clear()
        sound, call_id = self._house.sound, self.call.id
        listening_to = self._house.speech.listen(channels=2, sample_rate=SAMPLE_RATE, hot_words=taken.hot_words)
        async with listening_to as listening:
            tasks = [
                asyncio.create_task(self._feed(listening, DEBTOR_CHANNEL, sound.said_by(call_id, DEBTOR))),
                asyncio.create_task(self._feed(listening, OUR_CHANNEL, sound.heard_by(call_id, DEBTOR))),
                asyncio.create_task(self._tick(listening)),
            ]
            reading = asyncio.create_task(self._read(listening))
            over = asyncio.create_task(self._is_over.wait())
            try:
                # Sound that ends says that the leg has ended; the engine will tell so in a moment.
                await asyncio.wait({*tasks, reading, over}, return_when=asyncio.FIRST_COMPLETED)
                await listening.finish()
                async with asyncio.timeout(FAREWELL_SECONDS):
                    await reading
            except TimeoutError:
                log.warning("last_words_not_read", call_id=str(call_id))
            finally:
                await _end((*tasks, reading, over))
        for task in tasks:
            if task.done() and not task.cancelled() and (fault := task.exception()):
                raise fault

    async def _feed(self, listening: Listening, channel: int, frames: AsyncIterator[bytes]) -> None:
        async for frame in frames:
            if self._taken is not None:
                # The recogniser counts from the first sound of a track.
                self._began_at.setdefault(channel, self._seconds(self._taken))
            # Music is nobody's word.
            is_music = channel == OUR_CHANNEL and self._is_held
            listening.feed(channel, bytes(len(frame)) if is_music else frame)

    async def _tick(self, listening: Listening) -> None:
        while self._taken is not None:
            await asyncio.sleep(TICK_SECONDS)
            now = round(self._seconds(self._taken), 3)
            # Words that are still to be read are no silence.
            if not listening.is_quiet():
                await self._follow(VoiceHeard(now))
            await self._follow(Ticked(now, is_held=self._is_held))

    async def _read(self, listening: Listening) -> None:
        async for hearing in listening:
            await self._take(hearing)

    async def _take(self, hearing: Hearing) -> None:
        match hearing:
            case Heard(channel, utterance):
                await self._take_line(_line(channel, utterance, self._began_at[channel]))
            case HeardSoFar(channel, utterance):
                line = _line(channel, utterance, self._began_at[channel])
                await self._follow(VoiceHeard(line.end))
                async with self._house.units.begin(the_system(self.call.tenant_id)) as unit:
                    await Keeping(unit).keep_so_far(self.call, line)
            case Missed(channel, _, end, reason):
                await self._follow(VoiceHeard(self._began_at[channel] + end))
                if reason is not MissedReason.GARBLED:
                    await self._say(HearingState.OVERLOADED)
            case FellBehind():
                await self._say(HearingState.OVERLOADED)

    async def _take_line(self, line: SaidLine) -> None:
        if self._taken is None:
            return
        late = self._seconds(self._taken) - line.end
        LINES.inc()
        LINE_SECONDS.observe(max(0.0, late))
        await self._follow(LineHeard(line))
        if self._state is HearingState.OVERLOADED and late < LATE_SECONDS:
            await self._say(HearingState.HEARD)

    # ── what follows ──

    async def _follow(self, event: WatchEvent) -> None:
        taken = self._taken
        if taken is None:
            return
        before = taken.watch
        watch, effects = taken.watching.step(before, event)
        number = taken.lines + 1 if isinstance(event, LineHeard) else taken.lines
        self._taken = taken.after(watch, number if effects else taken.lines)
        if not effects:
            return
        policy = taken.watching.policy
        async with self._house.units.begin(the_system(self.call.tenant_id)) as unit:
            keeping = Keeping(unit)
            await keeping.keep(self.call, effects, number, policy.escalate_after_seconds)
        helped = [each.code for each in effects if isinstance(each, Signalled) and each.code in policy.automatic_help]
        await self._help(helped)

    async def _help(self, signals: Sequence[DebtorSignal]) -> None:
        """Give help in a transaction of its own: an alarm does not wait for it, nor fail with it."""
        if signals:
            async with self._house.units.begin(the_system(self.call.tenant_id)) as unit:
                await Keeping(unit).help_by_itself(self.call, signals)

    async def _say(self, state: HearingState) -> None:
        if state is self._state:
            return
        self._state = state
        with contextlib.suppress(*AWAY):
            async with self._house.units.begin(the_system(self.call.tenant_id)) as unit:
                await Keeping(unit).keep_state(self.call, state)

    @property
    def _is_held(self) -> bool:
        return self.call.phase is CallPhase.HELD

    def _seconds(self, taken: TakenUp) -> float:
        return (self._house.units.clock() - taken.connected_at).total_seconds()


def _line(channel: int, said: Utterance, began_at: float) -> SaidLine:
    # To the millisecond, as it is kept: a line that is read again is the same line.
    return SaidLine(_SIDES[channel], round(began_at + said.start, 3), round(began_at + said.end, 3), said.text)


async def _end(tasks: Sequence[asyncio.Task[None] | asyncio.Task[bool]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
