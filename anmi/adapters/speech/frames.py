"""Frames of a call, as a switch hands them out, turned into the samples a recogniser wants."""

from __future__ import annotations

import numpy as np
from soxr import ResampleStream

from anmi.adapters.speech.audio import SAMPLE_RATE, Samples


class FrameReader:
    """Reads 16-bit little-endian frames of one track at `sample_rate` into 16 kHz samples."""

    def __init__(self, sample_rate: int) -> None:
        self.seconds = 0.0
        """Audio taken in so far: the clock of the call."""
        self._rate = sample_rate
        self._odd = b""
        # Medium quality: the band of a telephone is all there is, and a longer filter would answer later.
        is_other = sample_rate != SAMPLE_RATE
        self._resampler = ResampleStream(sample_rate, SAMPLE_RATE, 1, quality="MQ") if is_other else None

    def read(self, frame: bytes) -> Samples:
        """Return the samples of this frame; a few come with the next one."""
        frame = self._odd + frame
        even = len(frame) // 2 * 2
        self._odd = frame[even:]
        samples: Samples = np.frombuffer(frame[:even], "<i2").astype(np.float32) / np.float32(32768)
        self.seconds += len(samples) / self._rate
        return self._resampler.resample_chunk(samples) if self._resampler else samples

    def rest(self) -> Samples:
        """End the track and return what the filter still held."""
        nothing = np.zeros(0, np.float32)
        return self._resampler.resample_chunk(nothing, last=True) if self._resampler else nothing


def as_pcm(samples: Samples) -> bytes:
    """Return samples as 16-bit little-endian audio."""
    return np.rint(np.clip(samples, -1.0, 1.0) * 32767).astype("<i2").tobytes()
