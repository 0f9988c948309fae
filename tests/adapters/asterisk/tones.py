"""Which tones are in a sound: everybody on the tests' stage speaks in one of their own."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence

DEBTOR_TONE, AGENT_TONE, SUPERVISOR_TONE = 440, 700, 1000
TONES = (DEBTOR_TONE, AGENT_TONE, SUPERVISOR_TONE)
# Playtones is loud; what leaks or what a codec adds is far below.
AUDIBLE = 150.0


def samples_of(sound: bytes) -> list[int]:
    """Return the samples of signed 16-bit little-endian sound."""
    whole = len(sound) // 2
    return list(struct.unpack(f"<{whole}h", sound[: whole * 2]))


def strength(samples: Sequence[int], tone: int, rate: int) -> float:
    """Return how loud a tone is (Goertzel)."""
    if not samples:
        return 0.0
    turn = 2 * math.cos(2 * math.pi * tone / rate)
    before, last = 0.0, 0.0
    for sample in samples:
        before, last = last, sample + turn * last - before
    power = before * before + last * last - turn * before * last
    return 2 * math.sqrt(max(power, 0.0)) / len(samples)


def tones_in(samples: Sequence[int], rate: int = 8_000) -> set[int]:
    """Return the tones of the stage that are heard."""
    return {tone for tone in TONES if strength(samples, tone, rate) > AUDIBLE}


def loudness(samples: Sequence[int]) -> float:
    """Return the root mean square."""
    return math.sqrt(sum(sample * sample for sample in samples) / len(samples)) if samples else 0.0
