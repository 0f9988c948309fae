"""The bodies of the speech port, each with the sound it understands, so that one suite fits them all."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

import numpy as np

from anmi.core.ports.speech import Speech
from tests.adapters.speech.funasr_stub import said_as_tone
from tests.adapters.speech.sounds import Sound, pcm, sentence, silence, spoken, wav


class Body(Protocol):
    """A recogniser, and how to say a sentence to it."""

    speech: Speech
    tolerance: float
    """Share of characters it may get wrong."""

    def recording(self, *tracks: Sequence[int]) -> BinaryIO:
        """Return a recording; each track says its sentences one after the other, the tracks take turns."""
        ...

    def call(self, *turns: tuple[int, int]) -> list[tuple[int, bytes]]:
        """Return the frames, with their channels, of a call in which (channel, sentence) follow each other."""
        ...


@dataclass
class SoundBody:
    speech: Speech
    tolerance: float
    rate: int = 16_000

    def sound(self, number: int) -> Sound:
        raise NotImplementedError

    def recording(self, *tracks: Sequence[int]) -> BinaryIO:
        turns = [[(channel, number) for number in numbers] for channel, numbers in enumerate(tracks)]
        sides = self._sides([turn for together in zip(*turns, strict=True) for turn in together] or [])
        return wav(*sides) if sides else wav(*[silence(3)] * len(tracks))

    def call(self, *turns: tuple[int, int]) -> list[tuple[int, bytes]]:
        sides = [pcm(side[:: 16_000 // self.rate]) for side in self._sides(list(turns))]
        length = self.rate // 50 * 2
        return [
            (channel, side[at : at + length])
            for at in range(0, max(map(len, sides)), length)
            for channel, side in enumerate(sides)
        ]

    def _sides(self, turns: list[tuple[int, int]]) -> list[Sound]:
        sides: list[list[Sound]] = [[] for _ in range(1 + max((channel for channel, _ in turns), default=-1))]
        for channel, number in turns:
            said = self.sound(number)
            for other, side in enumerate(sides):
                side.append(said if other == channel else np.zeros(len(said)))
        return [np.concatenate([*side, silence(1)]) for side in sides]


class SpokenBody(SoundBody):
    def sound(self, number: int) -> Sound:
        return np.concatenate((spoken(number), silence(0.4)))


class ToneBody(SoundBody):
    def sound(self, number: int) -> Sound:
        return said_as_tone(number)


@dataclass
class TextBody:
    speech: Speech
    tolerance: float = 0.0
    rate: int = 16_000

    def recording(self, *tracks: Sequence[int]) -> BinaryIO:
        lines: list[str] = []
        for channel, numbers in enumerate(tracks):
            for place, number in enumerate(numbers):
                start = 5 * (len(tracks) * place + channel)
                lines.append(f"{channel} {start} {start + 4} {sentence(number)}")
        return io.BytesIO("\n".join(lines).encode())

    def call(self, *turns: tuple[int, int]) -> list[tuple[int, bytes]]:
        return [
            (channel, frame)
            for channel, number in turns
            for frame in (*(mark.encode() for mark in sentence(number)), b"")
        ]
