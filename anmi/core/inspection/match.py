"""Finds every cue of a rule pack in many texts at once: one scan for words, then a close look at the few candidates."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from anmi.core.inspection.hearing import Hearing, literal_database
from anmi.core.inspection.model import OUR_SIDE, Speaker
from anmi.core.inspection.negation import ALL_GUARDS, Guard, is_taken_back
from anmi.core.inspection.patterns import Pattern, rarity
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
    opened = max(text.rfind(sign, 0, start) for sign in SENTENCE_END) + 1
    closed = min((place + 1 for sign in SENTENCE_END if (place := text.find(sign, end)) >= 0), default=len(text))
    return opened, closed


class Scanner:
    """All cues compiled together; made once per rule pack and then only read."""

    def __init__(self, cues: Iterable[Cue], hearing: Hearing | None = None) -> None:
        self._hearing = hearing
        self._words: dict[str, int] = {}
        self._masks: list[int] = []
        self._candidates: defaultdict[int, list[tuple[int, Cue, Pattern]]] = defaultdict(list)
        needs: dict[frozenset[str], int] = {}
        for cue in cues:
            for pattern in cue.patterns:
                mask = 0
                for need in pattern.needs:
                    mask |= 1 << needs.setdefault(need, len(needs))
                for word in max(pattern.needs, key=rarity):
                    self._candidates[self._words.setdefault(word, len(self._words))].append((mask, cue, pattern))
        for need in needs:
            for word in need:
                self._words.setdefault(word, len(self._words))
        self._masks = [0] * len(self._words)
        for need, bit in needs.items():
            for word in need:
                self._masks[self._words[word]] |= 1 << bit
        self._database = literal_database([word.encode() for word in self._words])

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
            for word in words:
                for mask, cue, pattern in self._candidates.get(word, ()):
                    if mask & seen == mask and (speaker is None or speaker in cue.speakers):
                        _look(texts[place], cue, pattern, found[place])
        return found

    def _words_in(self, texts: Sequence[str]) -> dict[int, set[int]]:
        encoded = [text.encode() for text in texts]
        starts = list(accumulate((len(text) + 1 for text in encoded), initial=0))
        words: defaultdict[int, set[int]] = defaultdict(set)

        def on_match(word: int, _start: int, end: int, _flags: int, _context: object) -> None:
            words[bisect_right(starts, end - 1) - 1].add(word)

        if encoded and starts[-1] > len(encoded):
            self._database.scan(b"\n".join(encoded), match_event_handler=on_match)
        return words


def _look(text: str, cue: Cue, pattern: Pattern, found: dict[str, Hit]) -> None:
    known = found.get(cue.id)
    for match in pattern.regex.finditer(text):
        if known and known.start <= match.start():
            return
        if not is_taken_back(text, match, cue.guards) and not _is_excused(text, match.start(), match.end(), cue):
            found[cue.id] = Hit(cue.id, match.start(), match.end())
            return


def _is_excused(text: str, start: int, end: int, cue: Cue) -> bool:
    if not cue.unless:
        return False
    opened, closed = sentence_bounds(text, start, end)
    around = text[opened:closed]
    return any(pattern.regex.search(around) for pattern in cue.unless)
