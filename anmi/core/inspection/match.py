"""Finds every cue of a rule pack in many texts at once: one scan for words, then a close look at the few candidates."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

from anmi.core.inspection.hearing import Hearing, literal_database
from anmi.core.inspection.model import OUR_SIDE, Speaker
from anmi.core.inspection.negation import ALL_GUARDS, Guard, is_taken_back
from anmi.core.inspection.patterns import Pattern
from anmi.core.inspection.text import SENTENCE_END, plain, quote


@dataclass(frozen=True, slots=True)
class Cue:
    """Something that can be said: by whom, in which ways, and what takes it back."""

    id: str
    patterns: tuple[Pattern, ...]
    unless: tuple[Pattern, ...] = ()
    speakers: frozenset[Speaker] = OUR_SIDE
    guards: frozenset[Guard] = ALL_GUARDS


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue that was said; the place is one of the plain text."""

    cue: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Heard:
    """One text with the cues found in it; `text` is plain, and put right where a word was misheard."""

    original: str
    text: str
    hits: Mapping[str, Hit] = field(default_factory=dict)

    def evidence(self, cue: str) -> str:
        """Return the sentence of the original in which the cue was said."""
        hit = self.hits[cue]
        return self.sentence(hit.start, hit.end)

    def sentence(self, start: int, end: int) -> str:
        """Return the words of the original around `text[start:end]`, up to the ends of the sentence."""
        opened, closed = sentence_bounds(self.text, start, end)
        return self.quote(opened, closed)

    def quote(self, start: int, end: int) -> str:
        """Return the words of the original that `text[start:end]` came from."""
        return quote(self.original, start, end)


def sentence_bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the sentence around `text[start:end]` begins and ends, its closing mark included."""
    opened = max([text.rfind(sign, 0, start) for sign in SENTENCE_END]) + 1
    closing = _SENTENCE_ENDS.search(text, end)
    return opened, closing.end() if closing else len(text)


_SENTENCE_ENDS: Final = re.compile(f"[{SENTENCE_END}]")
# A need dearer than this is met by so many texts that it saves no look.
_DEAREST: Final = 10.0
# The words of a large need are met by their ends: many share one, and a text without it does not hold the word.
_KEY: Final = 3
# A larger need, where it is not what wakes a pattern, would only make the rule pack slow to compile.
_LARGEST: Final = 40


def _cost(word: str, common: frozenset[str]) -> float:
    """Estimate how often a word is met; it decides what wakes a pattern, never what a pattern means."""
    often, seldom = ((100.0, 1.0), (10.0, 0.1), (2.0, 0.02))[min(len(word), 3) - 1]
    return often if word in common else seldom


class Scanner:
    """All cues compiled together; made once per rule pack and then only read."""

    def __init__(
        self, cues: Iterable[Cue], hearing: Hearing | None = None, common: frozenset[str] = frozenset()
    ) -> None:
        self._hearing = hearing
        self._ways: list[tuple[Cue, Pattern]] = []
        woken: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        needs: dict[frozenset[str], int] = {}
        for cue in cues:
            for pattern in cue.patterns:
                keys = {
                    need if len(need) < _LARGEST else frozenset(word[-_KEY:] for word in need) for need in pattern.needs
                }
                costs = {need: sum(_cost(word, common) for word in need) for need in keys}
                waking = min(costs, key=costs.__getitem__)
                mask = 0
                for need, cost in costs.items():
                    if need is not waking and cost < _DEAREST and len(need) < _LARGEST:
                        mask |= 1 << needs.setdefault(need, len(needs))
                for word in waking:
                    woken[word].append((mask, len(self._ways)))
                self._ways.append((cue, pattern))
        masks: defaultdict[str, int] = defaultdict(int)
        for need, bit in needs.items():
            for word in need:
                masks[word] |= 1 << bit
        words = sorted(masks.keys() | woken.keys())
        # What a word met in a text satisfies, and which ways of saying things it wakes, each with what else they need.
        self._masks = [masks.get(word, 0) for word in words]
        self._woken = [tuple(woken.get(word, ())) for word in words]
        self._database = literal_database([word.encode() for word in words])

    def scan(self, originals: Sequence[str], speakers: Sequence[Speaker] | None = None) -> list[Heard]:
        """Return what is heard in each text; without speakers, every cue may be said by anybody."""
        texts = [plain(original) for original in originals]
        found = self._hits(texts, speakers)
        repaired = self._hearing.restore(texts) if self._hearing else {}
        if repaired:
            places = list(repaired)
            again = self._hits(list(repaired.values()), [speakers[place] for place in places] if speakers else None)
            for place, hits in zip(places, again, strict=True):
                texts[place] = repaired[place]
                found[place] = hits | found[place]
        return [Heard(*parts) for parts in zip(originals, texts, found, strict=True)]

    def _hits(self, texts: Sequence[str], speakers: Sequence[Speaker] | None) -> list[dict[str, Hit]]:
        found: list[dict[str, Hit]] = [{} for _ in texts]
        for place, words in self._words_in(texts).items():
            speaker = speakers[place] if speakers else None
            seen = 0
            for word in words:
                seen |= self._masks[word]
            awake = {way for word in words for mask, way in self._woken[word] if mask & seen == mask}
            hits = found[place]
            for way in awake:
                cue, pattern = self._ways[way]
                if cue.id not in hits and (speaker is None or speaker in cue.speakers):
                    _look(texts[place], cue, pattern, hits)
        return found

    def _words_in(self, texts: Sequence[str]) -> dict[int, set[int]]:
        encoded = [text.encode() for text in texts]
        starts = list(accumulate((len(text) + 1 for text in encoded), initial=0))
        found: list[tuple[int, int]] = []

        def on_match(word: int, _start: int, end: int, _flags: int, _context: object) -> None:
            found.append((end, word))

        if encoded and starts[-1] > len(encoded):
            self._database.scan(b"\n".join(encoded), match_event_handler=on_match)
        words: dict[int, set[int]] = {}
        place, closed = 0, 0
        for end, word in sorted(found):
            if end >= closed:
                place = bisect_right(starts, end - 1) - 1
                closed = starts[place + 1]
                words[place] = set()
            words[place].add(word)
        return words


def _look(text: str, cue: Cue, pattern: Pattern, found: dict[str, Hit]) -> None:
    match = pattern.regex.search(text)
    while match:
        start, end = match.span()
        if not (cue.guards and is_taken_back(text, match, cue.guards)) and not (
            cue.unless and _is_excused(text, start, end, cue.unless)
        ):
            found[cue.id] = Hit(cue.id, start, end)
            return
        match = pattern.regex.search(text, end if end > start else end + 1)


def _is_excused(text: str, start: int, end: int, unless: Iterable[Pattern]) -> bool:
    opened, closed = sentence_bounds(text, start, end)
    return any(pattern.regex.search(text[opened:closed]) for pattern in unless)
