"""The second voice: how much a sentence is like those that people have called violations.

A rule knows what is meant and in which order; this knows neither. It knows of which pieces the labelled sentences are
made, has a weight for each piece, and hears what nobody wrote a rule for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, sqrt
from typing import Final

from anmi.core.inspection.model import Party
from anmi.core.inspection.text import CLAUSE_END, SENTENCE_END

# What of theirs makes the answer a different one: the same words are kind or cruel.
SIGNALS: Final = frozenset(
    {
        "illness",
        "bereavement",
        "disaster",
        "complaint",
        "cease_request",
        "not_me",
        "dispute",
        "settled_already",
        "despair",
    }
)
POLITE: Final = "您"
FAMILIAR: Final = "你"
_LONGEST_PIECE: Final = 4
# Fewer different characters are a word of consent, or one sound over and over; a sentence longer than the other number
# is read in parts, or its worst part would be drowned.
_SHORTEST: Final = 3
_LONGEST: Final = 40
_WINDOW: Final = 24
_CLAUSE_ENDS: Final = re.compile(f"[{CLAUSE_END}]+")
_SENTENCES: Final = re.compile(f"[^{SENTENCE_END}]+[{SENTENCE_END}]*")


def address_in(original: str) -> str:
    """Return how the listener is addressed, politely or not; plain text no longer tells."""
    return next((address for address in (POLITE, FAMILIAR) if address in original), "")


def pieces(text: str, address: str, party: Party, heard_before: Collection[str] = ()) -> set[str]:
    """Cut plain text into pieces of up to four characters; add how and who is addressed, and what they said before."""
    line = f"^{_CLAUSE_ENDS.sub('|', text).strip('|')}$"
    found = {line[place : place + length] for length in range(1, _LONGEST_PIECE + 1) for place in range(len(line))}
    found.update((f"@{party}", f"@{address}"))
    found.update(f"#{signal}" for signal in heard_before if signal in SIGNALS)
    return found


@dataclass(frozen=True)
class Likeness:
    """Learnt weights: for each piece one of the alarm as such, then one of every code in `codes`."""

    codes: tuple[str, ...]
    bias: Sequence[float]
    weights: Mapping[str, Sequence[float]]

    @cached_property
    def _alarm(self) -> Mapping[str, float]:
        return {piece: weights[0] for piece, weights in self.weights.items()}

    def alarm(self, found: Collection[str]) -> float:
        """Return from 0 to 1 how much pieces are like those of any violation."""
        weigh = self._alarm.get
        return _chance(self.bias[0] + sum(weigh(piece, 0.0) for piece in found) / sqrt(len(found)))

    def of_codes(self, found: Collection[str]) -> dict[str, float]:
        """Return from 0 to 1 how much pieces are like those of each violation."""
        known = [self.weights[piece] for piece in found if piece in self.weights]
        sums = [sum(column) for column in zip(*known, strict=True)] if known else [0.0] * len(self.bias)
        whole = sqrt(len(found))
        return {
            code: _chance(bias + total / whole)
            for code, bias, total in zip(self.codes, self.bias[1:], sums[1:], strict=True)
        }


def parts(text: str) -> Iterator[tuple[int, int]]:
    """Return the places of the sentences of plain text; long ones are cut at their commas, or where they run on."""
    for sentence in _SENTENCES.finditer(text):
        start, end = sentence.span()
        while end - start > _LONGEST:
            stop = max(text.rfind(sign, start + _SHORTEST, start + _LONGEST) for sign in CLAUSE_END) + 1
            # What runs on without a comma is read in windows that overlap by half.
            cut, onward = (stop, stop) if stop else (start + _WINDOW, start + _WINDOW // 2)
            if len(set(text[start:cut])) >= _SHORTEST:
                yield start, cut
            start = onward
        if len(set(text[start:end])) >= _SHORTEST:
            yield start, end


def _chance(sum_: float) -> float:
    return 1 / (1 + exp(-sum_)) if sum_ > -50 else 0.0
