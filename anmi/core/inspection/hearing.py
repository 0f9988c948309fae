"""Hears the words of the rules in recognised speech: characters that sound like a known word become that word.

Words of three syllables and more are heard by their slurred sound, phrases of four and more with one wrong syllable,
words of two only where the rule pack names them. What was not misheard stays as it is, and the length never changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

import hyperscan

from anmi.core.inspection.text import folded, is_near, toneless

# Small words hold a sentence together; they are never put in or taken away, and nothing is recognised by them alone.
_SMALL_WORDS: Final = frozenset(
    "不没别未无勿我你他们会是就都吗谁有能要给可以让被把和跟与在去来这那个一二三四五六七八九十百千万了的得地着过到上下里"
    "又也还想将向对从好多大小什么怎为如果等最更太真咱呢吧啊先后前起进出做点直接再已经帮很打说看"
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a word by its sound; `offset` is where it stands in the word."""

    word: str
    offset: int
    length: int


class Hearing:
    """Finds misheard words in many texts at once."""

    def __init__(
        self,
        words: Iterable[str],
        short_words: Iterable[str],
        kept: Iterable[str] = (),
        phrases: Iterable[str] = (),
        mistaken: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._kept = tuple(kept)
        self._mistaken = mistaken
        near = {phrase for phrase in phrases if len(phrase) > 3}
        pieces: defaultdict[str, list[_Piece]] = defaultdict(list)
        for word in {word for word in words if _can_be_heard(word)} | set(short_words) | near | set(mistaken.values()):
            sound = folded(word)
            pieces[sound].append(_Piece(word, 0, len(word)))
            if word in near:
                for start, end in ((0, len(word) // 2), (len(word) // 2, len(word))):
                    # With one wrong syllable at most, one of the halves is right; a small word is never wrong.
                    if _has_meaning(word[start:end]) and _has_meaning(word[:start] + word[end:]):
                        pieces[sound[start:end]].append(_Piece(word, start, end - start))
        self._pieces = [tuple(found) for found in pieces.values()]
        self._database = literal_database([piece.encode() for piece in pieces])

    def restore(self, texts: Sequence[str]) -> dict[int, str]:
        """Return, for the texts that hold a misheard word, the text with that word put right."""
        joined = "\n".join(texts)
        repairs: list[tuple[int, str]] = []

        def on_match(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            for piece in self._pieces[number]:
                start = end // 3 - piece.length - piece.offset
                if start < 0 or joined.startswith(piece.word, start):
                    continue
                window = joined[start : start + len(piece.word)]
                around = joined[max(0, start - 1) : start + len(piece.word) + 1]
                if self._mistaken.get(window) == piece.word or is_misheard(piece.word, window, around):
                    repairs.append((start, piece.word))

        self._database.scan(folded(joined).encode(), match_event_handler=on_match)
        return self._repaired(joined, repairs) if repairs else {}

    def _repaired(self, joined: str, repairs: list[tuple[int, str]]) -> dict[int, str]:
        signs = list(joined)
        taken: set[int] = set()
        # The longest word knows best.
        for start, word in sorted(set(repairs), key=lambda repair: (-len(repair[1]), repair[0])):
            span = range(start, start + len(word))
            if taken.isdisjoint(span) and not self._is_kept(joined, span):
                signs[start : start + len(word)] = word
                taken.update(span)
        old, new = joined.split("\n"), "".join(signs).split("\n")
        return {place: text for place, text in enumerate(new) if text != old[place]}

    def _is_kept(self, joined: str, span: range) -> bool:
        around = joined[max(0, span.start - 2) : span.stop + 2]
        return any(word in around for word in self._kept)


def is_misheard(word: str, window: str, around: str = "") -> bool:
    """Tell whether `window` is plausibly `word` as a recogniser wrote it, standing in the text `around` it."""
    if len(window) != len(word) or not _is_chinese(window):
        return False
    slurred, slurred_window = folded(word), folded(window)
    off = [place for place in range(len(word)) if slurred[place] != slurred_window[place]]
    wrong = [place for place in range(len(word)) if word[place] != window[place]]
    if len(off) > 1 or any(word[place] in _SMALL_WORDS and window[place] in _SMALL_WORDS for place in wrong):
        return False
    kept = sum(word[place] == window[place] and word[place] not in _SMALL_WORDS for place in range(len(word)))
    if toneless(word) == toneless(window):
        return kept > 0 if len(word) > 2 else window not in _phrases()
    # What makes sense as it stands was not misheard, unless it sounds exactly like the word.
    doubted = [window[place] for place in wrong]
    if kept == 0 or not _SMALL_WORDS.isdisjoint(doubted) or _makes_sense(around or window, doubted):
        return False
    if not off:
        return kept * 2 >= len(word) or len(word) < 3
    place = off[0]
    is_meant = word[place] not in _SMALL_WORDS
    return len(word) > 3 and kept > 1 and is_meant and is_near(slurred[place], slurred_window[place])


@cache
def _phrases() -> Mapping[str, object]:
    # Read when something is heard: it takes a third of a second, and many processes hear nothing.
    from pypinyin.phrases_dict import phrases_dict  # noqa: PLC0415

    return phrases_dict


def _makes_sense(around: str, wrong: list[str]) -> bool:
    """Tell whether a doubted character forms a word of the dictionary with a neighbour."""
    pairs = [around[place : place + 2] for place in range(len(around) - 1)]
    known = _phrases()
    return any(sign in pair and pair in known for sign in wrong for pair in pairs)


def literal_database(words: Sequence[bytes]) -> hyperscan.Database:
    """Compile plain words; their number is their place in the list."""
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(expressions=list(words), ids=list(range(len(words))), elements=len(words), literal=True)
    return database


def _can_be_heard(word: str) -> bool:
    return len(word) > 2 and _is_chinese(word) and sum(sign not in _SMALL_WORDS for sign in word) > 1


def _has_meaning(part: str) -> bool:
    return any(sign not in _SMALL_WORDS for sign in part)


def _is_chinese(text: str) -> bool:
    return all("\u4e00" <= sign <= "\u9fff" for sign in text)
