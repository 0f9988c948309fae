"""What an agent says on a journey, as the sound a browser takes for its microphone."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

AGENT: Final = Path(__file__).parents[1] / "fixtures" / "agent"
LINE: Final = 8_000
BROWSER: Final = 48_000


def microphone_of(path: Path, *parts: str | float) -> Path:
    """Write sentences of `fixtures/agent`, by their names, and pauses in seconds; a browser plays them in a ring."""
    sound = np.concatenate([_spoken(part) if isinstance(part, str) else _pause(part) for part in parts])
    places = np.arange(len(sound) * BROWSER // LINE) * LINE / BROWSER
    finer = np.interp(places, np.arange(len(sound)), sound)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(BROWSER)
        file.writeframes(np.rint(finer).astype("<i2").tobytes())
    return path


def _pause(seconds: float) -> NDArray[np.float64]:
    return np.zeros(int(seconds * LINE))


def _spoken(name: str) -> NDArray[np.float64]:
    """Open A-law (ITU-T G.711) to linear samples."""
    codes = np.frombuffer((AGENT / f"{name}.alaw").read_bytes(), np.uint8) ^ 0x55
    exponent, mantissa = (codes >> 4 & 7).astype(int), (codes & 15).astype(int)
    steps = np.where(exponent == 0, (mantissa << 4) + 8, ((mantissa << 4) + 0x108) << np.maximum(exponent - 1, 0))
    return np.where(codes & 0x80, steps, -steps).astype(np.float64)
