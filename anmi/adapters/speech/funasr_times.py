"""When a sentence was said, for servers that do not tell: where the track is loud, in proportion to its text."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

import numpy as np

from anmi.adapters.speech.audio import SAMPLE_RATE, Samples
from anmi.adapters.speech.funasr_messages import Sentence
from anmi.core.ports.speech import Utterance

STEP: Final = SAMPLE_RATE // 10
QUIETER: Final = 0.1
"""Share of the loud passages' loudness below which nobody speaks: 20 dB."""


class Loudness:
    """The loudness of a track, tenth by tenth of a second."""

    def __init__(self) -> None:
        self._loudness: list[float] = []
        self._rest: Samples = np.zeros(0, np.float32)

    def feed(self, samples: Samples) -> None:
        samples = np.concatenate((self._rest, samples))
        whole = len(samples) // STEP * STEP
        self._rest = samples[whole:]
        self._loudness += np.sqrt((samples[:whole].reshape(-1, STEP) ** 2).mean(axis=1)).tolist()

    def loud_tenths(self) -> list[float]:
        """Return the seconds at which a loud tenth begins."""
        if not self._loudness:
            return []
        least = QUIETER * float(np.percentile(self._loudness, 95))
        return [index / 10 for index, loudness in enumerate(self._loudness) if loudness > least]


@dataclass(frozen=True, slots=True)
class _Gap:
    start: float
    end: float


def timed(sentences: list[Sentence], loud_tenths: list[float], duration: float) -> tuple[Utterance, ...]:
    """Return utterances; sentences without times share what is loud in the gap they stand in."""
    utterances: list[Utterance] = []
    ends = [0.0, *(sentence.end for sentence in sentences if sentence.end is not None)]
    starts = [*(sentence.start for sentence in sentences if sentence.start is not None), duration]
    stamped = 0
    for is_stamped, group in groupby(sentences, key=lambda sentence: sentence.start is not None):
        run = list(group)
        if is_stamped:
            utterances += [_utterance(one, one.start or 0.0, one.end or 0.0) for one in run]
            stamped += len(run)
        else:
            utterances += _placed(run, _Gap(ends[stamped], starts[stamped]), loud_tenths)
    return tuple(utterances)


def _placed(run: list[Sentence], gap: _Gap, loud_tenths: list[float]) -> list[Utterance]:
    moments = [tenth for tenth in loud_tenths if gap.start <= tenth < gap.end]
    if not moments:
        moments = np.arange(gap.start, max(gap.end, gap.start + 0.1), 0.1).tolist()
    lengths = np.cumsum([0, *(max(1, len(sentence.text)) for sentence in run)])
    borders = (lengths * len(moments) // lengths[-1]).tolist()
    placed: list[Utterance] = []
    for sentence, (begin, end) in zip(run, pairwise(borders), strict=True):
        first = min(begin, len(moments) - 1)
        placed.append(_utterance(sentence, moments[first], moments[max(first, end - 1)] + 0.1))
    return placed


def _utterance(sentence: Sentence, start: float, end: float) -> Utterance:
    return Utterance(round(start, 2), round(end, 2), sentence.text, None, sentence.words)
