"""The small language rules are written in: words, choices, concepts and gaps.

`{harm}…你(的)?{family}` reads: a word of the concept `harm`, up to six characters, "你", perhaps "的", a word of
`family`. `……` spans up to sixteen characters; neither gap crosses the end of a sentence. `(a|b)` chooses; `?`, `*`,
`+`, `(?!…)`, `(?<!…)`, `[…]`, `.`, `^` and `$` are those of a regular expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Final

from anmi.core.inspection.text import SENTENCE_END, plain

Concepts = Mapping[str, tuple[str, ...]]

_GAPS: Final = {"…": f"([^{SENTENCE_END}]{{0,6}}?)", "……": f"([^{SENTENCE_END}]{{0,16}}?)"}
_TOKEN: Final = re.compile(
    r"(?P<gap>……?)|\{(?P<concept>[a-z_]\w*)\}|(?P<raw>\[[^\]]*\](?:\{[\d,]+\})?|\.(?:\{[\d,]+\})?|[\^$])"
    r"|(?P<look>\(\?<?[!=])|(?P<open>\()|(?P<close>\))|(?P<bar>\|)|(?P<maybe>\?)|(?P<many>[*+])|(?P<sign>[^\[\]{}])"
)
# Neighbours are joined to longer words up to these numbers: more would make the scan heavy. Single characters, which
# nearly every text holds, are worth joining to more.
_MOST_WORDS: Final = 24
_MOST_WORDS_OF_CHARACTERS: Final = 80
_MOST_WORDS_OF_A_CONCEPT: Final = 5000


class BadPattern(ValueError):
    """A pattern that cannot be read, or names a concept nobody wrote."""


@dataclass(frozen=True)
class Pattern:
    """One way to say a thing; `needs` are the word sets of which a text must hold one each before it can match."""

    source: str
    expression: str
    needs: tuple[frozenset[str], ...] = field(repr=False)

    @cached_property
    def regex(self) -> re.Pattern[str]:
        return re.compile(self.expression)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a pattern: its expression, the words it stands for (None where it stands for anything), and the
    words of which it needs one all the same."""

    expression: str
    words: tuple[str, ...] | None
    need: frozenset[str] = frozenset()


def pattern(source: str, concepts: Concepts) -> Pattern:
    """Read a pattern; raise BadPattern when it is not in the language."""
    pieces = _Reader(source, concepts).read()
    needs = tuple(_needs(pieces))
    if not needs:
        raise BadPattern(f"{source}: nothing in it must be said")
    return Pattern(source, "".join(piece.expression for piece in pieces), needs)


def words_of(source: str, concepts: Concepts) -> tuple[str, ...]:
    """Return every word a concept's line such as `打(死|断)?{you}` stands for, in plain form."""
    words = _product(_Reader(source, concepts).read())
    if words is None:
        raise BadPattern(f"a concept is made of words, choices and concepts only: {source}")
    return words


class _Reader:
    """Reads one pattern from left to right."""

    def __init__(self, source: str, concepts: Concepts) -> None:
        self._source, self._concepts = source, concepts
        self._tokens = self._split()
        self._next = 0

    def read(self) -> list[_Piece]:
        options = self._options()
        pieces = options[0] if len(options) == 1 else [self._chosen(options)]
        if self._next != len(self._tokens):
            raise BadPattern(f"{self._source}: a bracket too many")
        return pieces

    def _split(self) -> list[tuple[str, str]]:
        tokens: list[tuple[str, str]] = []
        place = 0
        while place < len(self._source):
            token = _TOKEN.match(self._source, place)
            if token is None or token.lastgroup is None:
                raise BadPattern(f"{self._source}: cannot read {self._source[place:]!r}")
            tokens.append((token.lastgroup, token[token.lastgroup]))
            place = token.end()
        return tokens

    def _peek(self) -> str:
        return self._tokens[self._next][0] if self._next < len(self._tokens) else ""

    def _take(self) -> tuple[str, str]:
        self._next += 1
        return self._tokens[self._next - 1]

    def _sequence(self) -> list[_Piece]:
        pieces: list[_Piece] = []
        while self._peek() not in {"", "close", "bar"}:
            piece = self._piece()
            if self._peek() == "maybe":
                self._take()
                piece = _Piece(f"(?:{piece.expression})?", None if piece.words is None else ("", *piece.words))
            elif self._peek() == "many":
                piece = _Piece(f"(?:{piece.expression}){self._take()[1]}", None)
            pieces.append(piece)
        return pieces

    def _piece(self) -> _Piece:
        kind, text = self._take()
        match kind:
            case "sign":
                form = plain(text)
                return _Piece(re.escape(form), (form,))
            case "gap":
                return _Piece(_GAPS[text], None)
            case "concept":
                words = self._concept(text)
                return _Piece(_alternatives(words), words)
            case "raw":
                return _Piece(plain_set(text), ("",) if text in "^$" else None)
            case "open":
                return self._choice()
            case "look":
                choice = self._choice()
                return _Piece(f"{text}{choice.expression})", ("",))
            case _:
                raise BadPattern(f"{self._source}: unexpected {text!r}")

    def _choice(self) -> _Piece:
        options = self._options()
        if self._peek() != "close":
            raise BadPattern(f"{self._source}: a bracket is not closed")
        self._take()
        return self._chosen(options)

    def _options(self) -> list[list[_Piece]]:
        options = [self._sequence()]
        while self._peek() == "bar":
            self._take()
            options.append(self._sequence())
        return options

    @staticmethod
    def _chosen(options: list[list[_Piece]]) -> _Piece:
        words = [_product(option) for option in options]
        known = tuple(dict.fromkeys(word for option in words if option is not None for word in option))
        if None not in words and all(_is_plain(option) for option in options):
            return _Piece(_alternatives(known), known)
        joined = "|".join("".join(piece.expression for piece in option) for option in options)
        rarest = [max(_needs(option), key=rarity, default=frozenset[str]()) for option in options]
        return _Piece(
            f"(?:{joined})",
            None if None in words else known,
            frozenset[str]().union(*rarest) if all(rarest) else frozenset(),
        )

    def _concept(self, name: str) -> tuple[str, ...]:
        try:
            return self._concepts[name]
        except KeyError:
            raise BadPattern(f"{self._source}: no concept is called {name}") from None


def plain_set(text: str) -> str:
    """Bring the characters of a set such as `[^您、]` to plain form."""
    if not text.startswith("["):
        return text
    body, close, count = text[1:].rpartition("]")
    mark = "^" if body.startswith("^") else ""
    return f"[{mark}{plain(body[len(mark) :].replace('-', chr(0xE7FE))).replace(chr(0xE7FE), '-')}{close}{count}"


def _is_plain(option: list[_Piece]) -> bool:
    """Tell whether an option is nothing but its words, so that it can be written as a list of them."""
    return all(piece.words is not None and piece.words != ("",) for piece in option)


def rarity(need: frozenset[str]) -> tuple[int, int]:
    """Order word sets by how seldom a text meets them: long words first, then few."""
    return min(map(len, need)), -len(need)


def _needs(pieces: Iterable[_Piece]) -> list[frozenset[str]]:
    """Return the word sets a text must hold, each of words as long as the neighbours of a piece allow."""
    needs: list[frozenset[str]] = []
    run: tuple[str, ...] = ("",)
    for piece in pieces:
        if piece.words is not None and len(run) * len(piece.words) <= _limit(run, piece.words):
            run = tuple(dict.fromkeys(head + tail for head in run for tail in piece.words))
            continue
        needs.append(frozenset(run))
        run = piece.words or ("",)
        needs.append(piece.need)
    return [need for need in [*needs, frozenset(run)] if need and "" not in need]


def _limit(run: Iterable[str], words: Iterable[str]) -> int:
    has_character = any(len(word) == 1 for word in (*run, *words))
    return _MOST_WORDS_OF_CHARACTERS if has_character else _MOST_WORDS


def _product(pieces: Iterable[_Piece]) -> tuple[str, ...] | None:
    count, parts = 1, []
    for piece in pieces:
        if piece.words is None or (count := count * len(piece.words)) > _MOST_WORDS_OF_A_CONCEPT:
            return None
        parts.append(piece.words)
    return tuple(dict.fromkeys("".join(choice) for choice in product(*parts)))


def _alternatives(words: Iterable[str]) -> str:
    # The longest first: a rule's evidence should be the whole word.
    return "(?:" + "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True)) + ")"
