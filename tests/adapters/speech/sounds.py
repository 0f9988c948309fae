"""Sounds of a telephone line that nobody spoke, and recordings to put them into."""

from __future__ import annotations

import io
import wave
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

RATE = 16_000
SPEECH = Path(__file__).parents[2] / "fixtures" / "speech"
SPOKEN = dict(row.split("\t") for row in (SPEECH / "transcripts.tsv").read_text("utf-8").splitlines())

Sound = NDArray[np.float64]


def silence(seconds: float) -> Sound:
    return np.zeros(int(RATE * seconds))


def tone(hertz: float, seconds: float, loudness: float = 0.3) -> Sound:
    return loudness * np.sin(2 * np.pi * hertz * np.arange(int(RATE * seconds)) / RATE)


def noise(seconds: float, loudness: float = 0.1) -> Sound:
    return np.random.default_rng(7).normal(0, loudness, int(RATE * seconds))


def pink_noise(seconds: float) -> Sound:
    spectrum = np.fft.rfft(noise(seconds, 1.0))
    sound = np.fft.irfft(spectrum / np.sqrt(np.maximum(1, np.arange(len(spectrum)))), int(RATE * seconds))
    return 0.4 * sound / np.abs(sound).max()


def ringback(seconds: float) -> Sound:
    """One second of 450 Hz, four of silence: a Chinese exchange ringing."""
    return tone(450, seconds) * (np.arange(int(RATE * seconds)) / RATE % 5 < 1)


def busy(seconds: float) -> Sound:
    return tone(450, seconds) * (np.arange(int(RATE * seconds)) / RATE % 0.7 < 0.35)


def key_tones(seconds: float) -> Sound:
    pairs = [(697, 1209), (770, 1336), (852, 1477), (941, 1336)]
    keys = [np.concatenate((tone(low, 0.2, 0.2) + tone(high, 0.2, 0.2), silence(0.15))) for low, high in pairs]
    return np.resize(np.concatenate(keys), int(RATE * seconds))


def music(seconds: float) -> Sound:
    """Fading notes with overtones, two at a time."""
    notes = np.random.default_rng(3).choice([262, 294, 330, 349, 392, 440, 494, 523], (int(seconds / 0.5) + 1, 2))
    fading = np.exp(-3 * np.arange(RATE // 2) / RATE)
    bars = [fading * sum(tone(hertz * k, 0.5, 0.15 / k) for hertz in pair for k in range(1, 5)) for pair in notes]
    return np.concatenate(bars)[: int(RATE * seconds)]


def chirp(seconds: float) -> Sound:
    moments = np.arange(int(RATE * seconds)) / RATE
    return 0.3 * np.sin(2 * np.pi * (200 * moments + 70 * moments**2))


def random_bytes(seconds: float) -> Sound:
    return np.frombuffer(np.random.default_rng(5).bytes(int(RATE * seconds) * 2), "<i2") / 32768


def clicks(seconds: float) -> Sound:
    return noise(seconds, 1.0) * (np.random.default_rng(9).random(int(RATE * seconds)) < 0.0005)


NOT_SPEECH: dict[str, Callable[[float], Sound]] = {
    "silence": silence,
    "white noise": noise,
    "pink noise": pink_noise,
    "ringback": ringback,
    "busy tone": busy,
    "key tones": key_tones,
    "music": music,
    "chirp": chirp,
    "random bytes": random_bytes,
    "clicks": clicks,
}


def spoken(number: int) -> Sound:
    """Return the sound of one of the eight sentences."""
    with av.open(SPEECH / f"{number:02d}.flac") as container:
        frames = [frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)]
    return np.concatenate(frames) / 32768


def sentence(number: int) -> str:
    return SPOKEN[f"{number:02d}.flac"]


def pcm(sound: Sound) -> bytes:
    return np.rint(np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes()


def wav(*tracks: Sound, rate: int = RATE) -> BinaryIO:
    """Return a 16-bit wave file of these tracks, which play at `rate`."""
    length = max(len(track) for track in tracks)
    together = np.stack([np.pad(track, (0, length - len(track))) for track in tracks], axis=1)
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(len(tracks))
        written.setsampwidth(2)
        written.setframerate(rate)
        written.writeframes(pcm(together.reshape(-1)))
    file.seek(0)
    return file


def encoded(sound: Sound, container: str, codec: str, rate: int = RATE) -> BinaryIO:
    """Return a mono recording in another format."""
    file = io.BytesIO()
    frame = AudioFrame.from_ndarray(np.frombuffer(pcm(sound), "<i2").reshape(1, -1), "s16", "mono")
    frame.sample_rate = RATE
    with av.open(file, "w", format=container) as written:
        stream = written.add_stream(codec, rate=rate, layout="mono")
        resampler = av.AudioResampler(stream.format.name, "mono", rate, frame_size=stream.frame_size or None)
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            written.mux(stream.encode(part))
        written.mux(stream.encode(None))
    file.seek(0)
    return file
