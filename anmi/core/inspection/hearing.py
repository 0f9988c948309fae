"""Hears the words of the rules in recognised speech: characters that sound like a known word become that word.

Three syllables and more are heard by their slurred sound, four and more with one wrong syllable, two only where the
rule pack names the word. What was not misheard stays as it is, and the length never changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

import hyperscan
from pypinyin.phrases_dict import phrases_dict

from anmi.core.inspection.text import folded, is_near, toneless

# Small words hold a sentence together; they are never put in or taken away, and nothing is recognised by them alone.
_SMALL_WORDS: Final = frozenset(
    "不没别未无勿我你他们会是就都吗谁有能要给可以让被把和跟与在去来这那个一二三四五六七八九十百千万了的得地着过到上下里"
    "又也还想将向对从好多大小什么怎为如果等最更太真咱呢吧啊先后前起进出做点直接再已经帮很打说看"
)


class Hearing:
    """Finds misheard words in many texts at once."""

    def __init__(self, words: Iterable[str], short_words: Iterable[str], kept: Iterable[str] = ()) -> None:
        self._kept = tuple(kept)
        pieces: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for word in {word for word in words if _can_be_heard(word)} | set(short_words):
            sound = folded(word)
            if len(word) < 4:
                pieces[sound].append((word, 0))
            else:
                # With one wrong syllable at most, one of the two halves is right.
                half = len(word) // 2
                pieces[sound[:half]].append((word, 0))
                pieces[sound[half:]].append((word, half))
        self._pieces = [(len(piece), tuple(found)) for piece, found in pieces.items()]
        self._database = literal_database([piece.encode() for piece in pieces])

    def restore(self, texts: Sequence[str]) -> dict[int, str]:
        """Return, for the texts that hold a misheard word, the text with that word put right."""
        joined = "\n".join(texts)
        sound = folded(joined)
        repairs: list[tuple[int, str]] = []

        def on_match(piece: int, _start: int, end: int, _flags: int, _context: object) -> None:
            length, words = self._pieces[piece]
            for word, offset in words:
                start = end // 3 - length - offset
                window = joined[start : start + len(word)] if start >= 0 else word
                if window == word:
                    continue
                if is_misheard(word, window, joined[max(0, start - 1) : start + len(word) + 1]):
                    repairs.append((start, word))

        self._database.scan(sound.encode(), match_event_handler=on_match)
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
    length = len(word)
    if len(window) != length or not _is_chinese(window):
        return False
    wrong = [place for place in range(length) if word[place] != window[place]]
    if any(word[place] in _SMALL_WORDS and window[place] in _SMALL_WORDS for place in wrong):
        return False
    kept = sum(word[place] == window[place] and word[place] not in _SMALL_WORDS for place in range(length))
    if toneless(word) == toneless(window):
        return length < 3 or kept > 0
    slurred, slurred_window = folded(word), folded(window)
    off = [place for place in wrong if slurred[place] != slurred_window[place]]
    # What makes sense as it stands was not misheard, unless it sounds exactly like the word.
    if kept == 0 or _makes_sense(around or window, [window[place] for place in wrong]):
        return False
    if not off:
        return kept * 2 >= length or length < 3
    if length < 4 or len(off) > 1 or kept < 2:
        return False
    place = off[0]
    if word[place] in _SMALL_WORDS or window[place] in _SMALL_WORDS:
        return False
    return is_near(slurred[place], slurred_window[place])


def _makes_sense(around: str, wrong: list[str]) -> bool:
    """Tell whether a doubted character forms a word of the dictionary with a neighbour."""
    pairs = [around[place : place + 2] for place in range(len(around) - 1)]
    return any(sign in pair and pair in phrases_dict for sign in wrong for pair in pairs)


def literal_database(words: Sequence[bytes]) -> hyperscan.Database:
    """Compile plain words; their number is their place in the list."""
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(expressions=list(words), ids=list(range(len(words))), elements=len(words), literal=True)
    return database


def _can_be_heard(word: str) -> bool:
    return len(word) > 2 and _is_chinese(word) and sum(sign not in _SMALL_WORDS for sign in word) > 1


def _is_chinese(text: str) -> bool:
    return all("\u4e00" <= sign <= "\u9fff" for sign in text)
