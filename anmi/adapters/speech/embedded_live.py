"""A call heard while it lasts, by the recogniser inside this process.

Each utterance is read when its speaker pauses. When reading falls behind, the text so far of open utterances is left
out first, then neighbouring utterances are read as one, and only then is the oldest given up: each time it is said.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from typing import Final, Self

from anmi.adapters.speech.frames import FrameReader
from anmi.adapters.speech.readers import Readers
from anmi.adapters.speech.voice_activity import SpokenPart, UtteranceCutter
from anmi.core.ports.speech import FellBehind, Heard, HeardSoFar, Hearing, MissedReason, Utterance

PAUSE: Final = 0.4
"""Seconds of quiet that end an utterance; every one of them is waited for before its text can come."""
TOLD_EVERY: Final = 1.5
"""Seconds of new speech before an open utterance is read again."""
IS_LATE: Final = 2.0
MOST_WAITING: Final = 45.0
"""Seconds of speech of one call that may wait to be read."""


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

    def feed(self, channel: int, frame: bytes) -> None:
        track = self._tracks[channel]
        for part in track.feed(frame):
            self._wait(track, part)
        if self._waiting or track.has_more_to_tell():
            self._has_news.set()

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
                await self._read_so_far()
        finally:
            self._hearings.put_nowait(None)

    async def _read(self, track: _LiveTrack, part: SpokenPart) -> None:
        late = track.position - part.end
        if late > IS_LATE and not self._is_late:
            self._hearings.put_nowait(FellBehind(round(late, 1)))
        self._is_late = late > IS_LATE
        reading = await asyncio.wrap_future(self._readers.read(part.samples, self._hot_words))
        if reading is None:
            self._hearings.put_nowait(part.missed(track.channel, MissedReason.GARBLED))
        elif reading.text:
            utterance = Utterance(part.start, part.end, reading.text, reading.confidence)
            self._hearings.put_nowait(Heard(track.channel, utterance))

    async def _read_so_far(self) -> None:
        for track in self._tracks:
            if self._waiting or self._is_finished or not self._readers.is_idle():
                return
            if part := track.told():
                reading = await asyncio.wrap_future(self._readers.read(part.samples, self._hot_words))
                # Meanwhile the utterance may have ended: then its whole text comes anyway.
                if reading and reading.text and track.is_still_saying(part):
                    utterance = Utterance(part.start, part.end, reading.text, reading.confidence)
                    self._hearings.put_nowait(HeardSoFar(track.channel, utterance))


class _LiveTrack:
    """One side of a call: from frames to spoken parts."""

    def __init__(self, channel: int, sample_rate: int) -> None:
        self.channel = channel
        self._frames = FrameReader(sample_rate)
        self._cutter = UtteranceCutter(PAUSE)
        self._told_until = 0.0

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

    def has_more_to_tell(self) -> bool:
        begun = self._cutter.open_since()
        return begun is not None and self.position - max(begun, self._told_until) >= TOLD_EVERY

    def told(self) -> SpokenPart | None:
        """Return the open utterance, if enough was said since this was last asked."""
        part = self._cutter.open_part() if self.has_more_to_tell() else None
        if part:
            self._told_until = part.end
        return part

    def is_still_saying(self, part: SpokenPart) -> bool:
        return self._cutter.open_since() == part.start
