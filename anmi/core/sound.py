"""Recorded sound: signed 16-bit little-endian samples, two tracks side by side, and what is made of them.

The left track is the debtor, the right one what the debtor heard. A frame is one sample of each.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

WAV_HEADER: Final = 44
FRAME: Final = 4
"""Bytes of a frame."""
STRETCHES: Final = 1000
"""Equal stretches a waveform is drawn of."""

_SAMPLE: Final = 2
_LOUDEST: Final = 32768


class Track(StrEnum):
    """Which of the two somebody listens to."""

    STEREO = "stereo"
    LEFT = "left"
    RIGHT = "right"
    MIX = "mix"


def wav_header(rate: int, tracks: int, data_bytes: int) -> bytes:
    """Return what stands before the samples of a WAV file (RIFF, PCM)."""
    block = tracks * _SAMPLE
    form = struct.pack(
        "<4sI4s4sIHHIIHH", b"RIFF", 36 + data_bytes, b"WAVE", b"fmt ", 16, 1, tracks, rate, rate * block, block, 16
    )
    return form + struct.pack("<4sI", b"data", data_bytes)


def stretches(frames: int) -> Iterator[int]:
    """Yield how many frames each stretch of the waveform has; the sum is `frames`."""
    for number in range(STRETCHES):
        yield (number + 1) * frames // STRETCHES - number * frames // STRETCHES


def peaks(stretch: bytes) -> bytes:
    """Return the loudest of the left and of the right track, one byte each."""
    samples = array("h", stretch)
    return bytes((_peak(samples[0::2]), _peak(samples[1::2])))


def _peak(samples: array[int]) -> int:
    if not samples:
        return 0
    highest, lowest = max(samples), min(samples)
    return min(max(highest, -lowest) * 256 // _LOUDEST, 255)


def take_track(frames: bytes, track: Track) -> bytes:
    """Return one track of some frames, or the two mixed; half of each, so that nothing is clipped."""
    if track is Track.STEREO:
        return frames
    samples = array("h", frames)
    left, right = samples[0::2], samples[1::2]
    match track:
        case Track.LEFT:
            return left.tobytes()
        case Track.RIGHT:
            return right.tobytes()
        case Track.MIX:
            return array("h", [(one + other) >> 1 for one, other in zip(left, right, strict=True)]).tobytes()


@dataclass(frozen=True, slots=True)
class Listening:
    """A recording as it is listened to: a WAV file of both tracks, of one, or of the mix, any part of which is made."""

    rate: int
    frames: int
    track: Track = Track.STEREO

    @property
    def length(self) -> int:
        """Bytes of the whole file."""
        return WAV_HEADER + self.frames * self._width

    @property
    def _width(self) -> int:
        return FRAME if self.track is Track.STEREO else _SAMPLE

    def part(self, start: int, end: int, read: Callable[[int, int], Iterable[bytes]]) -> Iterator[bytes]:
        """Yield the bytes from `start` to before `end`.

        `read` yields a part of the recording as it is kept, a stereo WAV file, in pieces that end between frames.
        """
        if start < WAV_HEADER:
            header = wav_header(self.rate, self._width // _SAMPLE, self.frames * self._width)
            yield header[start : min(end, WAV_HEADER)]
        begin, finish = max(start, WAV_HEADER) - WAV_HEADER, end - WAV_HEADER
        if begin >= finish:
            return
        first, last = begin // self._width, -(-finish // self._width)
        skipped, left = begin - first * self._width, finish - begin
        for frames in read(WAV_HEADER + first * FRAME, WAV_HEADER + last * FRAME):
            piece = take_track(frames, self.track)[skipped:][:left]
            skipped, left = 0, left - len(piece)
            yield piece
