"""A call heard while it lasts, by the recogniser inside this process.

An utterance ends when its speaker has been quiet for `PAUSE`. It is read as soon as she falls quiet and a thread is
free: if she stays quiet, its text is there when it ends; if she goes on, it is text so far. When reading falls behind,
nothing is read ahead, then neighbouring utterances are read as one, and only then is the oldest given up: each time it
is said.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Final, Self, TypeAlias

from anmi.adapters.speech.frames import FrameReader
from anmi.adapters.speech.readers import Readers
from anmi.adapters.speech.voice_activity import SpokenPart, UtteranceCutter
from anmi.adapters.speech.whisper import Reading
from anmi.core.ports.speech import FellBehind, Heard, HeardSoFar, Hearing, MissedReason, Utterance

PAUSE: Final = 0.4
"""Seconds of quiet that end an utterance; every one of them is waited for before its text can come."""
FALLEN_QUIET: Final = 0.16
"""Seconds of quiet after which an utterance is read on the chance that it has ended."""
TOLD_EVERY: Final = 1.5
"""Seconds of new speech before an open utterance is read again."""
IS_LATE: Final = 2.0
MOST_WAITING: Final = 45.0
"""Seconds of speech of one call that may wait to be read."""


BeingRead: TypeAlias = "asyncio.Future[Reading | None]"


@dataclass(frozen=True, slots=True)
class _Ahead:
    """An utterance that is read before it has ended."""

    part: SpokenPart
    reading: BeingRead

    def result(self) -> Reading | None:
        """Return what was read; what failed is read again when the utterance ends, and fails then."""
        is_there = not self.reading.cancelled() and self.reading.exception() is None
        reading = self.reading.result() if is_there else None
        return reading if reading and reading.text else None


class EmbeddedListening:
    """One call; all of it happens in the event loop, except for the reading."""

    def __init__(self, readers: Readers, channels: int, sample_rate: int, hot_words: tuple[str, ...]) -> None:
        self._readers = readers
        self._hot_words = hot_words
        self._tracks = [_LiveTrack(channel, sample_rate) for channel in range(channels)]
        self._waiting: deque[tuple[_LiveTrack, SpokenPart]] = deque()
        self._hearings: asyncio.Queue[Hearing | None] = asyncio.Queue()
        self._has_news = asyncio.Event()
        self._is_finished = False
        self._is_late = False
        self._is_reading = False

    async def __aenter__(self) -> Self:
        self._reading = asyncio.create_task(self._read_all(), name="speech: read one call")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        for track in self._tracks:
            track.drop_ahead()

    def feed(self, channel: int, frame: bytes) -> None:
        track = self._tracks[channel]
        for part in track.feed(frame):
            self._wait(track, part)
        if self._waiting:
            self._has_news.set()
        else:
            self._read_ahead(track)

    def is_quiet(self) -> bool:
        return not (self._waiting or self._is_reading or any(track.is_speaking for track in self._tracks))

    async def finish(self) -> None:
        for track in self._tracks:
            for part in track.finish():
                self._wait(track, part)
        self._is_finished = True
        self._has_news.set()

    async def __aiter__(self) -> AsyncGenerator[Hearing]:
        while (hearing := await self._hearings.get()) is not None:
            yield hearing
        await self._reading

    def _wait(self, track: _LiveTrack, part: SpokenPart) -> None:
        before = self._waiting[-1] if self._waiting else None
        if before and before[0] is track and before[1].is_neighbour_of(part):
            self._waiting[-1] = (track, before[1].joined(part))
        else:
            self._waiting.append((track, part))
        while sum(waiting.seconds for _, waiting in self._waiting) > MOST_WAITING:
            late_track, lost = self._waiting.popleft()
            self._hearings.put_nowait(lost.missed(late_track.channel, MissedReason.OVERLOADED))

    async def _read_all(self) -> None:
        try:
            while not self._is_finished or self._waiting:
                await self._has_news.wait()
                self._has_news.clear()
                while self._waiting:
                    self._is_reading = True
                    await self._read(*self._waiting.popleft())
                self._is_reading = False
        finally:
            self._hearings.put_nowait(None)

    async def _read(self, track: _LiveTrack, part: SpokenPart) -> None:
        late = track.position - part.end
        if late > IS_LATE and not self._is_late:
            self._hearings.put_nowait(FellBehind(round(late, 1)))
        self._is_late = late > IS_LATE
        reading = await (track.take_ahead(part) or self._begin(part))
        if reading is None:
            self._hearings.put_nowait(part.missed(track.channel, MissedReason.GARBLED))
        elif reading.text:
            self._hearings.put_nowait(Heard(track.channel, _utterance(part, reading)))

    def _read_ahead(self, track: _LiveTrack) -> None:
        """Tell what was read ahead of an utterance that goes on, and read what may be the end of one."""
        if told := track.told():
            self._hearings.put_nowait(HeardSoFar(track.channel, told))
        is_end = track.may_have_ended() and self._readers.has_room()
        if is_end or (track.has_more_to_tell() and self._readers.may_spare()):
            track.read_ahead(self._begin)

    def _begin(self, part: SpokenPart) -> BeingRead:
        return asyncio.wrap_future(self._readers.read_live(part.samples, self._hot_words))


class _LiveTrack:
    """One side of a call: from frames to spoken parts, and what is read of them before they end."""

    def __init__(self, channel: int, sample_rate: int) -> None:
        self.channel = channel
        self._frames = FrameReader(sample_rate)
        self._cutter = UtteranceCutter(PAUSE)
        self._told_until = 0.0
        self._ahead: _Ahead | None = None

    @property
    def position(self) -> float:
        return self._frames.seconds

    @property
    def is_speaking(self) -> bool:
        return self._cutter.open_since() is not None

    def feed(self, frame: bytes) -> list[SpokenPart]:
        return self._cutter.feed(self._frames.read(frame))

    def finish(self) -> list[SpokenPart]:
        return [*self._cutter.feed(self._frames.rest()), *self._cutter.finish()]

    def may_have_ended(self) -> bool:
        """Tell whether the speaker has just fallen quiet, and what she said is not being read yet."""
        ending = self._cutter.ending()
        return ending is not None and ending.quiet >= FALLEN_QUIET and not self._is_read_ahead(ending.start, ending.end)

    def has_more_to_tell(self) -> bool:
        """Tell whether enough was said since the open utterance was last read."""
        begun = self._cutter.open_since()
        return self._ahead is None and begun is not None and self.position - max(begun, self._told_until) >= TOLD_EVERY

    def read_ahead(self, begin: Callable[[SpokenPart], BeingRead]) -> None:
        """Have the open utterance read; what was begun before is waited for no more."""
        self.drop_ahead()
        if part := self._cutter.open_part():
            self._told_until = self.position
            self._ahead = _Ahead(part, begin(part))

    def told(self) -> Utterance | None:
        """Return the text so far, once, of an utterance that goes on."""
        ahead, ending = self._ahead, self._cutter.ending()
        if ahead is None or not ahead.reading.done():
            return None
        if ending and self._is_read_ahead(ending.start, ending.end):
            return None  # It may be the whole utterance.
        self._ahead = None
        reading = ahead.result()
        return _utterance(ahead.part, reading) if reading and ending and ending.start == ahead.part.start else None

    def take_ahead(self, part: SpokenPart) -> BeingRead | None:
        """Return the reading of an utterance that has ended, if it was read ahead."""
        if self._is_read_ahead(part.start, part.end) and (ahead := self._ahead):
            self._ahead = None
            return ahead.reading
        self.drop_ahead()
        return None

    def drop_ahead(self) -> None:
        """Forget what was read ahead; what is not begun will not be."""
        if self._ahead:
            self._ahead.reading.cancel()
            self._ahead = None

    def _is_read_ahead(self, start: float, end: float) -> bool:
        return self._ahead is not None and (self._ahead.part.start, self._ahead.part.end) == (start, end)


def _utterance(part: SpokenPart, reading: Reading) -> Utterance:
    return Utterance(part.start, part.end, reading.text, reading.confidence)
