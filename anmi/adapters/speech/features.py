"""What Whisper sees of a sound: a log-mel spectrogram, 100 frames of 80 bands for each second."""

from __future__ import annotations

from functools import cache
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from anmi.adapters.speech.audio import SAMPLE_RATE, Samples

Features: TypeAlias = NDArray[np.float32]

FRAMES_PER_SECOND: Final = 100
_FFT: Final = 400
_HOP: Final = SAMPLE_RATE // FRAMES_PER_SECOND


def log_mel(samples: Samples, seconds: int, bands: int = 80) -> Features:
    """Return `(bands, seconds * 100)`: the sound, then silence up to `seconds`."""
    framed = np.lib.stride_tricks.sliding_window_view(np.pad(samples, _FFT // 2, mode="reflect"), _FFT)[::_HOP]
    spectrum = np.fft.rfft(framed[: len(samples) // _HOP] * np.hanning(_FFT + 1)[:-1].astype(np.float32), axis=1)
    mel = _mel_filters(bands) @ (np.abs(spectrum) ** 2).T
    loudness = np.log10(np.maximum(mel, 1e-10))
    floor = float(loudness.max()) - 8.0
    features = np.full((bands, seconds * FRAMES_PER_SECOND), floor, np.float32)
    length = min(loudness.shape[1], features.shape[1])
    features[:, :length] = np.maximum(loudness[:, :length], floor)
    return (features + 4.0) / 4.0


@cache
def _mel_filters(bands: int) -> Features:
    """Triangles on the Slaney mel scale (linear to 1 kHz, then logarithmic), as the model was trained with."""
    mels = np.linspace(0.0, 45.245640471924965, bands + 2)
    hertz = np.where(mels < 15, mels * 200 / 3, 1000 * np.exp((mels - 15) * np.log(6.4) / 27))
    bins = np.fft.rfftfreq(_FFT, 1 / SAMPLE_RATE)
    rising = (bins - hertz[:-2, None]) / np.diff(hertz)[:-1, None]
    falling = (hertz[2:, None] - bins) / np.diff(hertz)[1:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    return (triangles * (2 / (hertz[2:] - hertz[:-2]))[:, None]).astype(np.float32)
