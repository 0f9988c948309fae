"""How well a recogniser hears: character errors and keywords, after folding what is only a matter of writing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pypinyin import lazy_pinyin

from anmi.adapters.speech.wording import bare_text, polished

_DIGITS: Final = {
    digit: value for value, digits in enumerate(("零〇", "一幺", "二两", *"三四五六七八九")) for digit in digits
}
_UNITS: Final = {"十": 10, "百": 100, "千": 1000}
_GROUPS: Final = {"万": 10_000, "亿": 100_000_000}
_NUMBER: Final = re.compile(rf"[{''.join((*_DIGITS, *_UNITS, *_GROUPS))}0-9]+")


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Of one or many recordings together; add them up with `+`."""

    characters: int = 0
    errors: int = 0
    keywords: int = 0
    keywords_heard: int = 0
    keywords_heard_by_sound: int = 0
    """Also where the characters are others of the same sound, as the quality rules match them."""
    keywords_invented: int = 0

    def __add__(self, other: Accuracy) -> Accuracy:
        return Accuracy(
            self.characters + other.characters,
            self.errors + other.errors,
            self.keywords + other.keywords,
            self.keywords_heard + other.keywords_heard,
            self.keywords_heard_by_sound + other.keywords_heard_by_sound,
            self.keywords_invented + other.keywords_invented,
        )

    @property
    def character_error_rate(self) -> float:
        return self.errors / self.characters if self.characters else 0.0

    @property
    def keyword_recall(self) -> float | None:
        return self.keywords_heard / self.keywords if self.keywords else None

    @property
    def keyword_recall_by_sound(self) -> float | None:
        return self.keywords_heard_by_sound / self.keywords if self.keywords else None


def compared(said: str, heard: str, keywords: Iterable[str] = ()) -> Accuracy:
    """Compare what was said with what was heard."""
    truth, guess = folded(said), folded(heard)
    accuracy = Accuracy(len(truth), edits(truth, guess))
    truth_sounds, guess_sounds = _sounds(truth), _sounds(guess)
    for keyword in {folded(keyword) for keyword in keywords} - {""}:
        there, found = truth.count(keyword), guess.count(keyword)
        by_sound = min(truth_sounds.count(_sounds(keyword)), guess_sounds.count(_sounds(keyword)))
        accuracy += Accuracy(
            keywords=there,
            keywords_heard=min(there, found),
            keywords_heard_by_sound=min(there, max(found, by_sound)),
            keywords_invented=max(0, found - there),
        )
    return accuracy


def folded(text: str) -> str:
    """Return the text without punctuation, in simplified characters, with numbers in Arabic digits."""
    return _NUMBER.sub(lambda number: _in_digits(number[0]), bare_text(polished(text)))


def edits(truth: str, guess: str) -> int:
    """Return how many characters must be put in, taken out or changed to make one text of the other."""
    row = list(range(len(guess) + 1))
    for line, wanted in enumerate(truth, start=1):
        diagonal, row[0] = row[0], line
        for column, found in enumerate(guess, start=1):
            diagonal, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, diagonal + (wanted != found)),
            )
    return row[-1]


def _in_digits(number: str) -> str:
    if not any(mark in _UNITS or mark in _GROUPS for mark in number):
        return "".join(str(_DIGITS.get(mark, mark)) for mark in number)
    whole = group = 0
    pending = ""
    for mark in number:
        match mark:
            case "十" | "百" | "千":
                group += int(pending or 1) * _UNITS[mark]
                pending = ""
            case "万":
                whole += (group + int(pending or 0) or 1) * _GROUPS[mark]
                group, pending = 0, ""
            case "亿":
                whole = (whole + group + int(pending or 0) or 1) * _GROUPS[mark]
                group, pending = 0, ""
            case _:
                pending += str(_DIGITS.get(mark, mark))
    return str(whole + group + int(pending or 0))


def _sounds(text: str) -> str:
    return "".join(f"{sound} " for sound in lazy_pinyin(text))
