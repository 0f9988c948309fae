"""Hears the words of the rules in recognised speech: characters that sound like a known word become that word.

Three syllables and more are heard by their slurred sound, four and more with one wrong syllable, two only where the
rule pack names the word. What was not misheard stays as it is, and the length never changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

import hyperscan

from anmi.core.inspection.text import folded, is_near, toneless

# Small words turn a sentence round; they are never put in or taken away.
_SMALL_WORDS: Final = frozenset(
    "不没别未无勿我你他们会是就都吗谁有能要给可以让被把和跟与在去来这那个一二三四五六七八九十百千万了"
)


class Hearing:
    """Finds misheard words in many texts at once."""

    def __init__(self, words: Iterable[str], short_words: Iterable[str], kept: Iterable[str] = ()) -> None:
        self._kept = tuple(kept)
        pieces: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for word in {word for word in words if len(word) > 2 and _is_chinese(word)} | set(short_words):
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
                if window != word and is_misheard(word, window):
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


def is_misheard(word: str, window: str) -> bool:
    """Tell whether `window` is plausibly `word` as a recogniser wrote it."""
    length = len(word)
    if len(window) != length or not _is_chinese(window):
        return False
    wrong = [place for place in range(length) if word[place] != window[place]]
    if any(word[place] in _SMALL_WORDS and window[place] in _SMALL_WORDS for place in wrong):
        return False
    same = length - len(wrong)
    slurred, slurred_window = folded(word), folded(window)
    off = [place for place in wrong if slurred[place] != slurred_window[place]]
    if not off:
        return same * 2 >= length or (toneless(word) == toneless(window) and (same > 0 or length == 2))
    if length < 4 or len(off) > 1 or same * 2 < length:
        return False
    place = off[0]
    if word[place] in _SMALL_WORDS or window[place] in _SMALL_WORDS:
        return False
    return is_near(slurred[place], slurred_window[place])


def literal_database(words: Sequence[bytes]) -> hyperscan.Database:
    """Compile plain words; their number is their place in the list."""
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(expressions=list(words), ids=list(range(len(words))), elements=len(words), literal=True)
    return database


def _is_chinese(text: str) -> bool:
    return all("\u4e00" <= sign <= "\u9fff" for sign in text)
