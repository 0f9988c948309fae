"""Learns the second voice from labelled sentences; `scripts/learn` writes its weights down.

Logistic regression over pieces of text, one column for the alarm and one for every code, by AdaGrad. The order of the
sentences and therefore the weights are the same on every machine. Held-out sentences are never looked at.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from anmi.core.inspection.dialogue import Dialogue
from anmi.core.inspection.inspect import Inspector
from anmi.core.inspection.likeness import FAMILIAR, POLITE, Likeness, address_in, pieces
from anmi.core.inspection.model import OUR_SIDE, THEIR_SIDE, Call
from anmi.core.inspection.rules import Alike
from anmi.quality.rules.corpus import all_utterances, calls
from anmi.quality.rules.trial import example_call

_ROUNDS: Final = 12
_RATE: Final = 0.2
_SHRINKING: Final = 1e-5
# A violation weighs more than a lawful sentence, of which there are more.
_MOST_WEIGHT: Final = 4.0
_SCALE: Final = 3.0
_FEWEST: Final = 2
_OTHER: Final = {POLITE: FAMILIAR, FAMILIAR: POLITE}


@dataclass(frozen=True, slots=True)
class Lesson:
    """The pieces of something we said, and the codes it deserves."""

    pieces: frozenset[str]
    codes: frozenset[str]


def lessons(inspector: Inspector, corpus: Path) -> list[Lesson]:
    """Return all that may be learnt from: the corpus without what is held out, and the rules' own examples."""
    codes = frozenset(codes_of(inspector))
    found: list[Lesson] = []
    for labelled in all_utterances(corpus):
        if not labelled.held_out:
            last = len(labelled.call.turns) - 1
            found += _of(inspector, labelled.call, {last: labelled.codes & codes})
    for whole in calls(corpus):
        by_turn: dict[int, frozenset[str]] = {}
        for code, turn in whole.findings:
            if turn is not None and code in codes:
                by_turn[turn] = by_turn.get(turn, frozenset()) | {code}
        found += _of(inspector, whole.call, by_turn)
    rules = {rule.heading.id: rule for rule in inspector.pack.rules}
    for example in inspector.pack.examples:
        rule = rules[example.rule]
        call = example_call(rule, example.text)
        deserved = frozenset({rule.heading.code} if example.fires else ()) & codes
        found += _of(inspector, call, {len(call.turns) - 1: deserved})
    return found


def mark(taught: Iterable[Lesson]) -> str:
    """Return a mark that changes with what is taught."""
    whole = "\n".join(f"{sorted(lesson.codes)} {sorted(lesson.pieces)}" for lesson in taught)
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def codes_of(inspector: Inspector) -> list[str]:
    """Return the codes that the second voice of a rule pack may speak of."""
    return sorted({rule.heading.code for rule in inspector.pack.rules if isinstance(rule, Alike)})


def learn(taught: Sequence[Lesson], codes: Sequence[str]) -> Likeness:
    """Return the weights that tell the violations among the lessons from the rest."""
    addresses = {f"@{address}" for address in _OTHER}
    counts = Counter(piece for found in {lesson.pieces - addresses for lesson in taught} for piece in found)
    counts.update(dict.fromkeys(addresses, _FEWEST))
    known = sorted(piece for piece, count in counts.items() if count >= _FEWEST)
    number = {piece: place for place, piece in enumerate(known)}
    rows = [np.array(sorted(number[piece] for piece in lesson.pieces if piece in number)) for lesson in taught]
    parts = np.array([_SCALE / np.sqrt(len(lesson.pieces)) for lesson in taught])
    wanted = np.array([[bool(lesson.codes), *(code in lesson.codes for code in codes)] for lesson in taught], float)
    often = wanted.sum(0)
    weight = np.minimum((len(taught) - often) / np.maximum(often, 1), _MOST_WEIGHT)

    weights, bias = np.zeros((len(known), len(codes) + 1)), np.zeros(len(codes) + 1)
    slopes, bias_slopes = np.full_like(weights, 1e-2), np.full_like(bias, 1e-2)
    dice = np.random.default_rng(1)
    for _ in range(_ROUNDS):
        for place in dice.permutation(len(rows)):
            row, part = rows[place], parts[place]
            guess = 1 / (1 + np.exp(-(weights[row].sum(0) * part + bias)))
            error = (guess - wanted[place]) * np.where(wanted[place] > 0, weight, 1.0)
            slope = error * part + _SHRINKING * weights[row]
            slopes[row] += slope**2
            weights[row] -= _RATE * slope / np.sqrt(slopes[row])
            bias_slopes += error**2
            bias -= _RATE * error / np.sqrt(bias_slopes)
    told = (weights * _SCALE).round(2)
    return Likeness(tuple(codes), bias.tolist(), {piece: tuple(told[place]) for piece, place in number.items()})


def _of(inspector: Inspector, call: Call, codes: dict[int, frozenset[str]]) -> Iterator[Lesson]:
    scanned = inspector.scanner.scan([turn.text for turn in call.turns], [turn.speaker for turn in call.turns])
    dialogue = Dialogue(call, tuple(scanned))
    for place in dialogue.places(OUR_SIDE):
        before = scanned[place - 1].hits if place and call.turns[place - 1].speaker in THEIR_SIDE else ()
        address, deserved = address_in(call.turns[place].text), codes.get(place, frozenset())
        party, text = dialogue.addressee(place), scanned[place].text
        yield Lesson(frozenset(pieces(text, address, party, before)), deserved)
        # A polite threat is a threat: half of the lessons are taught with the other address as well.
        if (other := _OTHER.get(address)) and len(text) % 2:
            yield Lesson(frozenset(pieces(text, other, party, before)), deserved)
