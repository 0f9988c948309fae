"""What we ask of a recogniser of Mandarin speech: a recording becomes a transcript, a call becomes utterances.

Times are seconds from the start of the recording or call. A track is one side of a call, told by its channel.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO, Protocol, TypeAlias


@dataclass(frozen=True, slots=True)
class Word:
    """A word or character and when it was said."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one side said between two pauses, in simplified characters."""

    start: float
    end: float
    text: str
    confidence: float | None
    """Between 0 and 1; None where the recogniser does not say."""
    words: tuple[Word, ...] = ()


class MissedReason(StrEnum):
    """Why something that was said has no text."""

    GARBLED = "garbled"
    """The recogniser found no credible words in it."""
    OVERLOADED = "overloaded"
    """More was said than could be recognised in time."""
    CONNECTION_LOST = "connection_lost"


@dataclass(frozen=True, slots=True)
class Missed:
    """Somebody spoke here and there is no text: listen to the audio."""

    channel: int
    start: float
    end: float
    reason: MissedReason


@dataclass(frozen=True, slots=True)
class Track:
    """One side of a recording, in order of time."""

    channel: int
    utterances: tuple[Utterance, ...]
    missed: tuple[Missed, ...] = ()


@dataclass(frozen=True, slots=True)
class Transcript:
    """A recording as text."""

    tracks: tuple[Track, ...]
    duration: float
    model: str
    """Which recogniser wrote this, for the record of an inspection."""
    is_damaged: bool = False
    """The file broke off: what could be read has been transcribed."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An utterance is complete; it takes the place of what was heard so far."""

    channel: int
    utterance: Utterance


@dataclass(frozen=True, slots=True)
class HeardSoFar:
    """An utterance is still being said; the text may yet change."""

    channel: int
    utterance: Utterance


@dataclass(frozen=True, slots=True)
class FellBehind:
    """Text comes late: partial text is left out and neighbouring utterances are read together."""

    seconds: float


Hearing: TypeAlias = Heard | HeardSoFar | FellBehind | Missed


class Listening(Protocol):
    """A call being heard: audio goes in frame by frame, what was said comes out by iteration."""

    def feed(self, channel: int, frame: bytes) -> None:
        """Take the next moment of one track: 16-bit little-endian samples, 20 ms or any other length.

        Never waits. Audio that cannot be kept is announced as Missed.
        """
        ...

    def is_quiet(self) -> bool:
        """Tell whether nobody speaks now, and everything that was said has come out."""
        ...

    async def finish(self) -> None:
        """End the audio; the iteration ends once everything said has come out."""
        ...

    def __aiter__(self) -> AsyncIterator[Hearing]: ...


class Speech(Protocol):
    """A recogniser of Mandarin speech."""

    @property
    def model(self) -> str: ...

    async def transcribe(self, recording: BinaryIO, hot_words: tuple[str, ...] = ()) -> Transcript:
        """Transcribe a seekable recording of one or two channels; raise UnreadableRecording or `Unavailable`."""
        ...

    def listen(
        self, *, channels: int, sample_rate: int, hot_words: tuple[str, ...] = ()
    ) -> AbstractAsyncContextManager[Listening]:
        """Hear a call at 8,000 or 16,000 samples a second; entering may raise Unavailable, so may the iteration."""
        ...


class UnreadableRecording(Exception):
    """This file cannot be transcribed, now or later; `code` says why, `message` says it in Chinese."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
