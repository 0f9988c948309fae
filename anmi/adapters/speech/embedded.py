"""The recogniser inside this process: pauses are found first, then every spoken part is read by Whisper."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO, Final, Self

from anmi.adapters.speech.audio import Recording
from anmi.adapters.speech.embedded_live import EmbeddedListening
from anmi.adapters.speech.readers import Readers
from anmi.adapters.speech.voice_activity import SpokenPart, UtteranceCutter
from anmi.adapters.speech.whisper import Reading, Whisper
from anmi.core.ports.speech import Listening, Missed, MissedReason, Track, Transcript, Utterance

WAITING: Final = 4
"""Spoken parts per worker that may wait to be read: enough to keep it busy, few enough to stay small."""


class EmbeddedSpeech:
    """Whisper base by default, or the CTranslate2 Whisper in `folder`; the packaged weights are joined in `cache`."""

    def __init__(self, cache: Path, folder: Path | None = None, workers: int = 2, niceness: int = 0) -> None:
        self.model = f"whisper-{folder.name if folder else 'base'}"
        self._readers = Readers(cache, folder, workers, niceness)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._readers.close()

    def whisper(self) -> Whisper:
        """Return the model, loading it if need be; raise SpeechUnavailable if that cannot be done."""
        return self._readers.load()

    async def transcribe(self, recording: BinaryIO, hot_words: tuple[str, ...] = ()) -> Transcript:
        return await asyncio.to_thread(self._transcribe, recording, hot_words)

    @asynccontextmanager
    async def listen(
        self, *, channels: int, sample_rate: int, hot_words: tuple[str, ...] = ()
    ) -> AsyncGenerator[Listening]:
        await asyncio.to_thread(self.whisper)
        async with EmbeddedListening(self._readers, channels, sample_rate, hot_words) as listening:
            yield listening

    def _transcribe(self, file: BinaryIO, hot_words: tuple[str, ...]) -> Transcript:
        recording = Recording.open(file)
        self.whisper()
        tracks = [_TrackInWork(channel) for channel in range(recording.channels)]
        waiting: deque[tuple[_TrackInWork, SpokenPart, Future[Reading | None]]] = deque()
        for channel, part in _spoken_parts(recording):
            waiting.append((tracks[channel], part, self._readers.read(part.samples, hot_words)))
            if len(waiting) > WAITING * self._readers.workers:
                track, read_part, reading = waiting.popleft()
                track.write(read_part, reading.result())
        for track, read_part, reading in waiting:
            track.write(read_part, reading.result())
        return Transcript(
            tuple(track.whole() for track in tracks),
            duration=round(recording.duration, 2),
            model=self.model,
            is_damaged=recording.is_damaged,
        )


class _TrackInWork:
    """A track whose utterances come in one after the other."""

    def __init__(self, channel: int) -> None:
        self._channel = channel
        self._utterances: list[Utterance] = []
        self._missed: list[Missed] = []

    def write(self, part: SpokenPart, reading: Reading | None) -> None:
        if reading is None:
            self._missed.append(part.missed(self._channel, MissedReason.GARBLED))
        elif reading.text:
            self._utterances.append(Utterance(part.start, part.end, reading.text, reading.confidence))

    def whole(self) -> Track:
        return Track(self._channel, tuple(self._utterances), tuple(self._missed))


def _spoken_parts(recording: Recording) -> Iterator[tuple[int, SpokenPart]]:
    cutters = [UtteranceCutter() for _ in range(recording.channels)]
    for block in recording.blocks():
        for channel, cutter in enumerate(cutters):
            for part in cutter.feed(block[channel]):
                yield channel, part
    for channel, cutter in enumerate(cutters):
        for part in cutter.finish():
            yield channel, part
