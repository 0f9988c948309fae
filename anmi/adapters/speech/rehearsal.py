"""Speech without sound, for rehearsals and tests: what is said comes as text, and is heard exactly.

A recording is UTF-8 text: one line per utterance, `channel start end text`, times in seconds. In a live call a frame
is UTF-8 text that the speaker says at a steady pace, and an empty frame is a pause.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import BinaryIO, Final

from anmi.core.ports.speech import (
    Heard,
    HeardSoFar,
    Hearing,
    Listening,
    Track,
    Transcript,
    UnreadableRecording,
    Utterance,
)

SECONDS_PER_CHARACTER: Final = 0.25
MAX_CHANNELS: Final = 2


class RehearsalSpeech:
    """A recogniser that makes no mistakes."""

    model = "rehearsal"

    async def transcribe(self, recording: BinaryIO, hot_words: tuple[str, ...] = ()) -> Transcript:
        lines = [line for line in _text_of(recording).splitlines() if line.strip()]
        if not lines:
            raise UnreadableRecording("empty_file", "文件是空的")
        said = sorted((_said(line) for line in lines), key=lambda one: one[1].start)
        channels = 1 + max(channel for channel, _ in said)
        return Transcript(
            tuple(
                Track(channel, tuple(utterance for its, utterance in said if its == channel))
                for channel in range(channels)
            ),
            duration=max(utterance.end for _, utterance in said),
            model=self.model,
        )

    @asynccontextmanager
    async def listen(
        self, *, channels: int, sample_rate: int, hot_words: tuple[str, ...] = ()
    ) -> AsyncGenerator[Listening]:
        yield _RehearsalListening(channels)


class _RehearsalListening:
    def __init__(self, channels: int) -> None:
        self._spoken = [""] * channels
        self._begun = [0.0] * channels
        self._position = 0.0
        self._hearings: asyncio.Queue[Hearing | None] = asyncio.Queue()

    def feed(self, channel: int, frame: bytes) -> None:
        text = frame.decode()
        if not text:
            self._pause(channel)
            return
        if not self._spoken[channel]:
            self._begun[channel] = self._position
        self._spoken[channel] += text
        self._position += len(text) * SECONDS_PER_CHARACTER
        self._hearings.put_nowait(HeardSoFar(channel, self._utterance(channel)))

    def is_quiet(self) -> bool:
        return not any(self._spoken)

    async def finish(self) -> None:
        for channel in range(len(self._spoken)):
            self._pause(channel)
        self._hearings.put_nowait(None)

    async def __aiter__(self) -> AsyncGenerator[Hearing]:
        while (hearing := await self._hearings.get()) is not None:
            yield hearing

    def _pause(self, channel: int) -> None:
        if self._spoken[channel]:
            self._hearings.put_nowait(Heard(channel, self._utterance(channel)))
            self._spoken[channel] = ""

    def _utterance(self, channel: int) -> Utterance:
        return Utterance(self._begun[channel], self._position, self._spoken[channel], 1.0)


def _text_of(recording: BinaryIO) -> str:
    try:
        return recording.read().decode()
    except UnicodeDecodeError as reason:
        raise UnreadableRecording("not_audio", "通话演练的录音应为 UTF-8 文本") from reason


def _said(line: str) -> tuple[int, Utterance]:
    try:
        channel, start, end, text = line.split(maxsplit=3)
        said = int(channel), Utterance(float(start), float(end), text, 1.0)
    except ValueError as reason:
        raise UnreadableRecording("not_audio", f"通话演练的录音有一行无法识别：{line[:40]}") from reason
    if not 0 <= said[0] < MAX_CHANNELS:
        raise UnreadableRecording("unsupported_channels", f"只支持声道 0 和 1，此文件有声道 {channel}")
    return said
