"""The switch port without any switch: calls are played inside the engine's own process, and nobody is really rung.

Who answers, and how, is the cast's to say, so a rehearsal of the same seed goes the same way. The recording is two
tones with pauses: enough to be kept, drawn and played. What lives in here dies with the process.
"""

from __future__ import annotations

import array
import asyncio
import contextlib
import math
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from uuid import UUID, uuid4

from anmi.core.call_commands import (
    Announce,
    AnswerLeg,
    Connect,
    CreateLeg,
    DialLeg,
    HangUp,
    Monitor,
    PlayMusic,
    Record,
    SendKeys,
    SwitchCommand,
)
from anmi.core.call_events import (
    CallEvent,
    LegAnswered,
    LegCreated,
    LegEnded,
    LegLost,
    LegProgressed,
    LegRinging,
    LegsConnected,
    RecordingBegan,
)
from anmi.core.call_legs import Ending, Evidence, Leg, Role, Source
from anmi.core.ports.switch import (
    Address,
    Arrived,
    Happened,
    LiveLeg,
    PhoneAccount,
    PhoneSeen,
    RecordingKept,
    SwitchBack,
    SwitchNews,
    ToNumber,
    ToPhone,
    TrunkAccount,
)
from anmi.core.rehearsal import ANNOUNCEMENTS, CAUSES, Answer, Cast, Persona

RATE: Final = 8000
LINE_SECONDS: Final = 3.0
"""How long somebody speaks, and listens, for each of her lines."""
AGENT_SECONDS: Final = 0.4
PROMPT_SECONDS: Final = 3.0
LONGEST_RECORDING_SECONDS: Final = 1800
LEFT_HERTZ, RIGHT_HERTZ = 440, 700

ENDINGS: Final[dict[Answer, Ending]] = {
    Answer.NO_ANSWER: Ending.NO_ANSWER,
    Answer.BUSY: Ending.BUSY,
    Answer.REJECTED: Ending.REJECTED,
    Answer.EMPTY: Ending.EMPTY_NUMBER,
    Answer.SUSPENDED: Ending.SUSPENDED,
    Answer.POWERED_OFF: Ending.POWERED_OFF,
    Answer.UNREACHABLE: Ending.UNREACHABLE,
    Answer.CONGESTED: Ending.CONGESTED,
}


@dataclass(slots=True)
class _Line:
    """One leg, as long as it lives."""

    call_id: UUID
    leg: Leg
    address: Address | None
    is_answered: bool = False
    is_dialled: bool = False
    hears_prompt: bool = False
    recorded_since: float | None = None
    answered_after: float | None = None
    playing: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])


class RehearsalSwitch:
    """A switch of virtual people; used inside an `async with` block."""

    def __init__(self, cast: Cast, recordings: Path, clock: Callable[[], datetime], pace: float = 1.0) -> None:
        """`pace` is how long a second lasts: 0.01 plays a hundred times as fast."""
        self._cast = cast
        self._recordings = recordings
        self._clock = clock
        self._pace = pace
        self._news: asyncio.Queue[SwitchNews] = asyncio.Queue()
        self._lines: dict[tuple[UUID, Leg], _Line] = {}
        self._shut_out: set[str] = set()

    async def __aenter__(self) -> Self:
        self._news.put_nowait(SwitchBack(self._clock()))
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _fault: BaseException | None, _t: TracebackType | None
    ) -> None:
        for line in self._lines.values():
            for task in line.playing:
                task.cancel()

    # ── the port ──

    async def carry_out(self, call_id: UUID, command: SwitchCommand, address: Address | None = None) -> None:
        """Do what a call asks for."""
        match command:
            case CreateLeg(leg):
                self._create(call_id, leg, address)
            case Connect(legs):
                if all((call_id, leg) in self._lines for leg in legs):
                    self._tell(call_id, LegsConnected(legs))
            case DialLeg(leg) | AnswerLeg(leg) | Announce(leg) | Record(leg) | HangUp(leg):
                if line := self._lines.get((call_id, leg)):
                    self._act(line, command)
            case PlayMusic() | Monitor() | SendKeys():
                pass  # Nobody is there to hear it.

    async def news(self) -> AsyncIterator[SwitchNews]:
        """Tell what happens, in order."""
        while True:
            yield await self._news.get()

    async def live_legs(self) -> Sequence[LiveLeg]:
        """Return every leg that lives."""
        return [LiveLeg(line.call_id, line.leg, line.is_answered) for line in self._lines.values()]

    async def kept_recordings(self) -> Sequence[RecordingKept]:
        """Return the recordings that lie complete."""
        return await asyncio.to_thread(self._kept)

    async def take_away(self, recording: RecordingKept) -> None:
        """Delete a raw recording."""
        await asyncio.to_thread(Path(recording.path).unlink, missing_ok=True)

    async def let_in(self, phone: PhoneAccount) -> None:
        """Let a phone register: here it does so by itself, and at once."""
        self._shut_out.discard(phone.phone)
        self._news.put_nowait(PhoneSeen(phone.phone, is_there=True, at=self._clock()))

    async def shut_out(self, phone: str) -> None:
        """Let a phone register no longer."""
        self._shut_out.add(phone)
        self._news.put_nowait(PhoneSeen(phone, is_there=False, at=self._clock()))

    async def open_trunk(self, trunk: TrunkAccount) -> None:
        """Need no trunk."""

    async def close_trunk(self, trunk: str) -> None:
        """Need no trunk."""

    async def listen(self, call_id: UUID, leg: Leg) -> AsyncIterator[bytes]:
        """Yield silence for as long as the leg lives."""
        while (call_id, leg) in self._lines:
            yield bytes(640)
            await asyncio.sleep(0.02)

    # ── what people do ──

    def arrive(self, caller: str, called: str, trunk: str = "rehearsal") -> UUID:
        """Let somebody call us; return the name of the call."""
        call_id = uuid4()
        leg = Leg(Role.DEBTOR)
        self._lines[call_id, leg] = _Line(call_id, leg, None)
        self._news.put_nowait(Arrived(call_id, trunk, caller, called, self._clock()))
        return call_id

    def leave(self, call_id: UUID, leg: Leg, ending: Ending = Ending.HUNG_UP) -> None:
        """Let somebody hang up."""
        if line := self._lines.get((call_id, leg)):
            self._end(line, ending)

    def lose(self, call_id: UUID, leg: Leg) -> None:
        """Let a phone go without a word."""
        self._tell(call_id, LegLost(leg))

    def _create(self, call_id: UUID, leg: Leg, address: Address | None) -> None:
        if (call_id, leg) in self._lines:
            return
        if isinstance(address, ToPhone) and address.phone in self._shut_out:
            self._tell(call_id, LegEnded(leg, Ending.OFFLINE, Evidence(Source.CAUSE)))
            return
        self._lines[call_id, leg] = _Line(call_id, leg, address)
        self._tell(call_id, LegCreated(leg))

    def _act(self, line: _Line, command: SwitchCommand) -> None:
        match command:
            case DialLeg(_, ring_seconds) if not line.is_dialled:
                line.is_dialled = True
                number = line.address if isinstance(line.address, ToNumber) else None
                rung = self._ring_phone(line) if number is None else self._ring_number(line, number, ring_seconds)
                self._play(line, rung)
            case AnswerLeg():
                self._answer(line)
            case Announce():
                line.hears_prompt = True
            case Record():
                line.recorded_since = line.recorded_since or asyncio.get_running_loop().time()
                self._tell(line.call_id, RecordingBegan())
            case HangUp():
                self._play(line, self._let_go(line))
            case _:
                pass

    def _play(self, line: _Line, deed: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(deed, name=f"rehearsal {line.leg}")
        line.playing.add(task)
        task.add_done_callback(line.playing.discard)

    async def _wait(self, seconds: float) -> None:
        await asyncio.sleep(seconds * self._pace)

    async def _ring_phone(self, line: _Line) -> None:
        self._tell(line.call_id, LegRinging(line.leg))
        await self._wait(AGENT_SECONDS)
        self._answer(line)

    async def _ring_number(self, line: _Line, number: ToNumber, ring_seconds: int) -> None:
        persona = self._cast.under(number.digits)
        is_heard = persona.ring_seconds > 0
        if is_heard:
            self._tell(line.call_id, LegRinging(line.leg))
            await self._wait(min(persona.ring_seconds, ring_seconds))
        if persona.answer in {Answer.PERSON, Answer.MACHINE} and persona.ring_seconds < ring_seconds:
            self._answer(line)
            await self._talk(line, persona)
        elif persona.ring_seconds >= ring_seconds:
            self._end(line, Ending.TIMED_OUT, Evidence(Source.OURSELVES))
        else:
            await self._decline(line, persona.answer)

    async def _decline(self, line: _Line, answer: Answer) -> None:
        announcement = ANNOUNCEMENTS.get(answer)
        if announcement is not None:
            self._tell(line.call_id, LegProgressed(line.leg))
            await self._wait(PROMPT_SECONDS)
        source = Source.ANNOUNCEMENT if answer is Answer.SUSPENDED else Source.Q850
        self._end(line, ENDINGS[answer], Evidence(source, q850=CAUSES[answer], announcement=announcement))

    async def _talk(self, line: _Line, persona: Persona) -> None:
        """Say one's lines, then leave; who has nothing to say loses patience."""
        await self._wait(len(persona.lines) * 2 * LINE_SECONDS or persona.patience_seconds)
        if persona.ends_call:
            self._end(line, Ending.HUNG_UP)

    async def _let_go(self, line: _Line) -> None:
        if line.hears_prompt:
            await self._wait(PROMPT_SECONDS)
        self._end(line, Ending.RELEASED)

    def _answer(self, line: _Line) -> None:
        if (line.call_id, line.leg) in self._lines and not line.is_answered:
            line.is_answered = True
            line.answered_after = asyncio.get_running_loop().time()
            self._tell(line.call_id, LegAnswered(line.leg))

    def _end(self, line: _Line, ending: Ending, evidence: Evidence | None = None) -> None:
        if self._lines.pop((line.call_id, line.leg), None) is None:
            return
        current = asyncio.current_task()
        for task in line.playing - {current}:
            task.cancel()
        self._tell(line.call_id, LegEnded(line.leg, ending, evidence))
        if line.recorded_since is not None and line.answered_after is not None:
            seconds = (asyncio.get_running_loop().time() - line.answered_after) / self._pace
            recording = self._write(line.call_id, min(seconds, LONGEST_RECORDING_SECONDS))
            self._news.put_nowait(recording)

    def _tell(self, call_id: UUID, event: CallEvent) -> None:
        self._news.put_nowait(Happened(call_id, event, self._clock()))

    # ── recordings ──

    def _write(self, call_id: UUID, seconds: float) -> RecordingKept:
        self._recordings.mkdir(parents=True, exist_ok=True)
        path = self._recordings / f"{call_id}.raw"
        draft = path.with_suffix(".draft")
        draft.write_bytes(_tones(seconds))
        draft.rename(path)
        return RecordingKept(call_id, str(path), RATE, self._clock())

    def _kept(self) -> list[RecordingKept]:
        found: list[RecordingKept] = []
        for path in sorted(self._recordings.glob("*.raw")):
            with contextlib.suppress(ValueError):
                found.append(RecordingKept(UUID(path.stem), str(path), RATE, self._clock()))
        return found


def _tones(seconds: float) -> bytes:
    """Return a talk in tones: the left speaks for two seconds, then the right."""
    turn, frames = _turn(), int(seconds * RATE)
    whole = turn * (frames * 4 // len(turn) + 1)
    return whole[: frames * 4]


@cache
def _turn() -> bytes:
    left, right = (_tone(hertz) for hertz in (LEFT_HERTZ, RIGHT_HERTZ))
    quiet = array.array("h", bytes(2 * RATE * 2))
    return _interleaved(left, quiet) + _interleaved(quiet, right)


def _tone(hertz: int) -> array.array[int]:
    return array.array("h", (int(8000 * math.sin(2 * math.pi * hertz * n / RATE)) for n in range(2 * RATE)))


def _interleaved(left: array.array[int], right: array.array[int]) -> bytes:
    both = array.array("h", bytes(4 * len(left)))
    both[0::2], both[1::2] = left, right
    return both.tobytes()
