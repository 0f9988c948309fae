"""What a waiting caller hears: a calm figure of our own making, so that nobody's rights are touched."""

from __future__ import annotations

import math
import struct
from pathlib import Path
from typing import Final

RATE: Final = 8_000
LOUDNESS: Final = 3_200
# A pentatonic figure, up and down, half a second a note.
NOTES: Final = (262, 330, 392, 440, 523, 440, 392, 330, 294, 392, 440, 587, 523, 440, 392, 294)
NOTE_SECONDS: Final = 0.6


def write_music(folder: Path) -> None:
    """Write the figure as raw samples of 8 kHz, unless it is there."""
    place = folder / "waiting.sln"
    if place.exists():
        return
    samples = [sample for note in NOTES for sample in _tone(note)]
    draft = place.with_suffix(".draft")
    draft.write_bytes(struct.pack(f"<{len(samples)}h", *samples))
    draft.replace(place)


def _tone(pitch: int) -> list[int]:
    """A struck string: it begins at once and fades."""
    count = int(RATE * NOTE_SECONDS)
    step = 2 * math.pi * pitch / RATE
    rise = RATE // 100
    return [
        round(LOUDNESS * min(1.0, at / rise) * math.exp(-3.0 * at / count) * math.sin(step * at)) for at in range(count)
    ]
