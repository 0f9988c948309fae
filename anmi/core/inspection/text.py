"""Brings written and recognised text to one form, and gives every character its sound.

Both tables map one character to one character, so a place in the plain text, in its sound and in the original agree.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from anmi.core.inspection.characters import SIMPLIFIED, TRADITIONAL

# Breath and spacing: they carry no meaning and would stand between the characters of a word.
_DROPPED: Final = frozenset("\u200b\u200c\u200d\ufeff呃…·~～\"'“”‘’「」『』*_")
_FOLDED: Final = {
    **dict(zip(TRADITIONAL, SIMPLIFIED, strict=True)),
    **dict(zip(",?!;:、\n", "，？！；：，。", strict=True)),
    # Polite and plain "you", "he" and "she" are one to a rule.
    **dict(zip("您妳她它牠俺", "你你他他他我", strict=True)),
}
_DECIMAL_POINT: Final = re.compile(r"(?<=\d)\.(?=\d)")
_KEPT_POINT: Final = "\ue7ff"

SENTENCE_END: Final = "。！？；"
CLAUSE_END: Final = SENTENCE_END + "，："


class _Forms(dict[int, str]):
    """The plain form of every character met so far; an empty one for those that are dropped."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        form = unicodedata.normalize("NFKC", character).lower()
        form = form if len(form) == 1 else character
        form = _FOLDED.get(form, form)
        category = unicodedata.category(form)
        if form in _DROPPED or character in _DROPPED or category[0] in "CZ":
            form = ""
        self[code] = form
        return form


_FORMS: Final = _Forms({ord(_KEPT_POINT): ".", ord("."): "。"})


def plain(original: str) -> str:
    """Return simplified, half-width, lower-case text without blanks; never fails, whatever the text."""
    if "." in original:
        original = _DECIMAL_POINT.sub(_KEPT_POINT, original)
    return original.translate(_FORMS)


def quote(original: str, start: int, end: int) -> str:
    """Return the words of the original that `plain(original)[start:end]` came from."""
    places = [place for place, sign in enumerate(original) if _FORMS[ord(sign)]]
    return original[places[start] : places[end - 1] + 1].strip() if start < end <= len(places) else ""


# A sound is one character of the private use area, so that every sound is three bytes of UTF-8.
_FIRST_SOUND: Final = 0xE000
_NO_SOUND: Final = "\uf8ff"
# The reading that counts on these calls, where the table would give a rarer one.
_READING_LIST: Final = (
    "还:huan 行:hang 都:dou 没:mei 会:hui 给:gei 的:de 地:di 得:de 着:zhe 了:le 打:da 大:da 单:dan 查:cha 调:diao"
    " 车:che 系:xi 参:can 卡:ka 长:zhang 家:jia 说:shuo 要:yao 谁:shui 那:na 哪:na 这:zhe 爪:zhua 被:bei 和:he"
    " 什:shen 么:me 吗:ma 呢:ne 期:qi 传:chuan 重:zhong 血:xue 折:zhe 咱:zan 上:shang 下:xia 不:bu 死:si 便:bian"
    " 校:xiao 熟:shu 露:lu 脏:zang 朝:chao 把:ba 吓:xia"
)
_READINGS: Final = {pair[0]: pair[2:] for pair in _READING_LIST.split()}
_BEGINNING: Final = re.compile("^[bpmfdtnlgkhjqxzcsrywh]+")
_VOWELS: Final = str.maketrans("üǖǘǚǜ", "vvvvv")


@cache
def _pinyin() -> Mapping[int, str]:
    # Read with the first text: all of the dictionary comes with it, and many processes read none.
    from pypinyin.pinyin_dict import pinyin_dict  # noqa: PLC0415

    return pinyin_dict


def _reading(character: str) -> str:
    if known := _READINGS.get(character):
        return known
    first = _pinyin()[ord(character)].split(",")[0]
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFD", first.translate(_VOWELS))
        if not unicodedata.combining(letter) or letter == "\u0308"
    )
    return unicodedata.normalize("NFC", bare).translate(_VOWELS)


def _folded(syllable: str) -> str:
    """Fold what southern speech and narrow telephone lines do not keep apart: z/zh, c/ch, s/sh, n/ng, l/n."""
    if syllable[:2] in {"zh", "ch", "sh"}:
        syllable = syllable[0] + syllable[2:]
    if syllable[0] == "l":
        syllable = "n" + syllable[1:]
    return syllable[:-1] if syllable.endswith(("ang", "eng", "ing")) else syllable


@dataclass(frozen=True, slots=True)
class Sounds:
    """Two alphabets of syllables, toneless and folded for slurred speech, and how each symbol is spelled."""

    toneless: dict[int, str]
    folded: dict[int, str]
    spelling: dict[str, str]


@cache
def sounds() -> Sounds:
    """Return the sound of every common character and of every sign that may stand between them."""
    symbols: dict[str, str] = {}
    toneless: dict[int, str] = {}
    folded: dict[int, str] = {}
    for character in _common_characters():
        syllable = _reading(character)
        for table, sound in ((toneless, syllable), (folded, _folded(syllable))):
            table[ord(character)] = symbols.setdefault(sound, chr(_FIRST_SOUND + len(symbols)))
    for code in range(0x80):
        # The wide form of a Latin letter or digit is three bytes too; a line break must never be part of a word.
        toneless[code] = folded[code] = chr(code + 0xFEE0) if code > 0x20 else _NO_SOUND
    return Sounds(toneless, folded, {symbol: sound for sound, symbol in symbols.items()})


def _common_characters() -> list[str]:
    """Return the 6,763 characters of GB 2312; a character outside has no homophones here."""
    found: list[str] = []
    for row in range(0xB0, 0xF8):
        cells = bytes(byte for cell in range(0xA1, 0xFF) for byte in (row, cell))
        found.extend(cells.decode("gb2312", errors="ignore"))
    return [character for character in found if ord(character) in _pinyin()]


def toneless(text: str) -> str:
    """Return the sound of `text`, one symbol of three bytes per character."""
    return _three_bytes(text.translate(sounds().toneless))


def folded(text: str) -> str:
    """Return the slurred sound of `text`, one symbol of three bytes per character."""
    return _three_bytes(text.translate(sounds().folded))


def _three_bytes(text: str) -> str:
    if len(text.encode()) == 3 * len(text):
        return text
    return "".join(sign if "\u0800" <= sign <= "\uffff" else _NO_SOUND for sign in text)


# Beginnings that a narrow line or an accent turns into one another.
_CONFUSED: Final = ("bp", "dt", "gk", "jqxzcs", "fh", "rn", "mn", "wy", "wh", "gh", "kh")


def is_near(one: str, other: str) -> bool:
    """Tell whether two folded sounds differ as a misheard syllable does: in its end, or in a confused beginning."""
    spelling = sounds().spelling
    first, second = spelling.get(one, ""), spelling.get(other, "")
    if not first or not second:
        return False
    if first[0] == second[0]:
        return True
    confused = any(first[0] in group and second[0] in group for group in _CONFUSED)
    return confused and _ending(first) == _ending(second)


def _ending(syllable: str) -> str:
    return _BEGINNING.sub("", syllable)
