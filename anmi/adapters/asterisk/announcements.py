"""What the network says before it clears a call, known by its sound.

A recorded announcement is the same sound every time, so no speech has to be understood: where energy rises and falls
between neighbouring bands makes 32 bits for every 16 ms, and two recordings of one announcement differ in few of them
(Haitsma and Kalker, A Highly Robust Audio Fingerprinting System, ISMIR 2002). A file is named by what it means, with a
word of one's own behind it: `suspended.alaw`, `suspended-2.wav`.
"""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import structlog
from numpy.typing import NDArray

from anmi.core.call_legs import Ending

log = structlog.get_logger()

RATE: Final = 8_000
FRAME: Final = 2_048
HOP: Final = 128
BANDS: Final = 33
LOWEST, HIGHEST = 300.0, 2_000.0
# A hundred frames are 1.6 s: less is too short to tell two announcements apart that begin alike.
SHORTEST: Final = 100
# Share of differing bits under which two sounds are one; strangers differ in half of theirs.
SAME: Final = 0.28
LONGEST_SECONDS: Final = 12
# A frame with such a share of its power in its strongest bins is a tone.
TONE, TONE_BINS = 0.9, 5

_MEANT: Final = {ending: "empty" if ending is Ending.EMPTY_NUMBER else str(ending) for ending in Ending}

Bits: TypeAlias = NDArray[np.uint32]
Sound: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Announcement:
    """An announcement we know."""

    name: str
    ending: Ending
    bits: Bits


class Announcements:
    """The announcements that are known here."""

    def __init__(self, known: tuple[Announcement, ...]) -> None:
        self._known = known

    @classmethod
    def read(cls, *folders: Path) -> Announcements:
        """Read every file of these folders; one that means nothing to us is told of and left out."""
        files = sorted(path for folder in folders if folder.is_dir() for path in folder.iterdir())
        return cls(tuple(found for path in files if (found := _announcement(path))))

    def recognise(self, samples: bytes, rate: int = 16_000) -> Announcement | None:
        """Return the announcement in a stretch of sound (16-bit little-endian, mono), or None where there is none."""
        heard = _fingerprint(_sound(samples, rate)[: LONGEST_SECONDS * RATE])
        scored = [(_difference(known.bits, heard), index) for index, known in enumerate(self._known)]
        least, index = min(scored, default=(1.0, -1))
        return self._known[index] if least < SAME else None


def is_spoken(samples: bytes, rate: int = 16_000) -> bool:
    """Tell whether there is more in a stretch of sound than silence and ringing: an announcement is not just a tone."""
    sound = _sound(samples, rate)[: LONGEST_SECONDS * RATE]
    if len(sound) < FRAME:
        return False
    frames = np.lib.stride_tricks.sliding_window_view(sound, FRAME)[::HOP]
    audible = frames[np.abs(frames).max(axis=1) > _AUDIBLE]
    power = np.abs(np.fft.rfft(audible * _WINDOW, axis=1)) ** 2
    # A tone lies in one bin of the spectrum and, through the window, in its neighbours.
    strongest = np.sort(power, axis=1)[:, -TONE_BINS:].sum(axis=1)
    return int((strongest < TONE * power.sum(axis=1)).sum()) >= SHORTEST


def _announcement(path: Path) -> Announcement | None:
    if path.suffix not in {".alaw", ".wav"}:
        return None
    meaning = path.stem.removeprefix("network-").replace("-", "_")
    ending = next((ending for ending in _MEANT if f"{meaning}_".startswith(f"{_MEANT[ending]}_")), None)
    if ending is None:
        log.warning("announcement_left_out", file=path.name, why="its name means nothing")
        return None
    try:
        return Announcement(path.stem, ending, _fingerprint(_read(path)))
    except (ValueError, EOFError, wave.Error) as fault:
        log.warning("announcement_left_out", file=path.name, why=str(fault))
        return None


def _read(path: Path) -> Sound:
    if path.suffix == ".alaw":
        return _A_LAW[np.frombuffer(path.read_bytes(), np.uint8)]
    with wave.open(str(path), "rb") as file:
        if file.getnchannels() != 1 or file.getsampwidth() != 2:
            raise ValueError(f"{path.name}: an announcement is 16-bit mono")
        return _sound(file.readframes(file.getnframes()), file.getframerate())


def _sound(samples: bytes, rate: int) -> Sound:
    """Return the sound at our rate; a faster one is a whole multiple of it, and averaging keeps what we look at."""
    step = rate // RATE
    if rate % RATE or not step:
        raise ValueError(f"{rate} samples a second are no multiple of {RATE}")
    plain = np.frombuffer(samples[: len(samples) // (2 * step) * 2 * step], "<i2").astype(np.float32)
    return plain.reshape(-1, step).mean(axis=1)


def _fingerprint(sound: Sound) -> Bits:
    """Return 32 bits for every hop, or nothing where the sound is too short or silent."""
    if len(sound) < FRAME + HOP * SHORTEST or not np.any(np.abs(sound) > _AUDIBLE):
        return np.zeros(0, np.uint32)
    frames = np.lib.stride_tricks.sliding_window_view(sound, FRAME)[::HOP]
    power = np.abs(np.fft.rfft(frames * _WINDOW, axis=1)).astype(np.float32) ** 2
    energy = np.add.reduceat(power, _EDGES, axis=1)[:, :BANDS]
    rise = np.diff(energy, axis=1)
    bits = (rise[1:] - rise[:-1]) > 0
    return (bits * _WEIGHTS).sum(axis=1, dtype=np.uint32)


def _difference(known: Bits, heard: Bits) -> float:
    """Return the smallest share of differing bits over all ways to lay one over the other, at least SHORTEST long."""
    shorter = min(len(known), len(heard))
    if shorter < SHORTEST:
        return 1.0
    least = 1.0
    for shift in range(SHORTEST - len(heard), len(known) - SHORTEST + 1):
        here = known[max(shift, 0) : shift + len(heard)]
        there = heard[max(-shift, 0) : max(-shift, 0) + len(here)]
        differing = int(np.bitwise_count(here[: len(there)] ^ there).sum())
        least = min(least, differing / (32 * len(there)))
    return least


def _a_law() -> Sound:
    """The samples of ITU-T G.711 A-law, by their bytes."""
    code = np.arange(256, dtype=np.int32) ^ 0x55
    exponent, mantissa = (code >> 4) & 7, code & 15
    size = np.where(exponent == 0, (mantissa << 4) + 8, ((mantissa << 4) + 0x108) << np.maximum(exponent - 1, 0))
    return np.where(code & 0x80, size, -size).astype(np.float32)


def _edges() -> Any:
    at = np.geomspace(LOWEST, HIGHEST, BANDS + 1) * FRAME / RATE
    return np.round(at).astype(np.intp)


_AUDIBLE: Final = 200.0
_A_LAW: Final = _a_law()
_WINDOW: Final = np.hanning(FRAME).astype(np.float32)
_EDGES: Final = _edges()
_WEIGHTS: Final = (1 << np.arange(BANDS - 1, dtype=np.uint64)).astype(np.uint32)
