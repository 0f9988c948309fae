"""Chinese telephone numbers as values: a mobile, or a landline with its area code and perhaps an extension.

Numbers arrive as people write them; they leave in one way, so that two writings of one number are equal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

import phonenumbers

_COUNTRY: Final = r"(?:\+?0{0,2}86)"
_LABEL: Final = r"(?:[^0-9+A-Za-z*]*|(?:tel|telephone|mobile|mob|phone|cell|m|t)[^0-9+A-Za-z*]*)"
_TAIL: Final = r"[^0-9A-Za-z*]*"
_EXTENSION: Final = r"(?:转|分机|ext\.?|x|#)[:]?(?P<extension>[0-9]{1,6})"

_MOBILE: Final = re.compile(
    rf"{_LABEL}{_COUNTRY}?0?(?P<number>1[3-9][0-9]{{9}})(?:{_EXTENSION})?{_TAIL}", re.IGNORECASE
)
_MOBILE_WITH_DASH: Final = re.compile(
    rf"{_LABEL}{_COUNTRY}?-?0?(?P<number>1[3-9][0-9]{{9}})-(?P<extension>[0-9]{{1,6}}){_TAIL}",
    re.IGNORECASE,
)
# 010 and 02x have three digits and eight behind them; all other areas have four, and seven or eight behind them.
_LANDLINE: Final = re.compile(
    rf"{_LABEL}(?:{_COUNTRY}-?0?|0)"
    r"(?:(?P<area>10|2[0-9])-?(?P<local>[2-9][0-9]{3}-?[0-9]{4})"
    r"|(?P<far_area>[3-9][0-9]{2})-?(?P<far_local>[2-9][0-9]{2,3}-?[0-9]{4}))"
    rf"(?:-(?P<short>[0-9]{{1,6}})|{_EXTENSION})?{_TAIL}",
    re.IGNORECASE,
)
_PLAIN_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}", re.ASCII)
_BETWEEN_NUMBERS: Final = re.compile(r"[/\\;；,，、|\r\n&或和及]+")
_DASHES: Final = re.compile(r"[\u2010-\u2015\u2212~－—]")
_ORNAMENTS: Final = re.compile(r"[\s()（）\[\]【】.·_]+")


@dataclass(frozen=True, order=True, slots=True)
class PhoneNumber:
    """One number as it is dialled inside the country: `13800138000` or `01062345678`."""

    digits: str
    extension: str = ""

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read one number in any usual writing; None when it is not a Chinese mobile or landline."""
        if _PLAIN_MOBILE.fullmatch(text):
            return cls(text)
        compact = _ORNAMENTS.sub("", _DASHES.sub("-", text))
        if found := _MOBILE.fullmatch(compact.replace("-", "")) or _MOBILE_WITH_DASH.fullmatch(compact):
            return cls(found["number"], found["extension"] or "")
        if found := _LANDLINE.fullmatch(compact):
            area, local = found["area"] or found["far_area"], found["local"] or found["far_local"]
            return cls(f"0{area}{local.replace('-', '')}", found["short"] or found["extension"] or "")
        return None

    @property
    def is_mobile(self) -> bool:
        """Say whether this is a mobile, not a landline."""
        return self.digits[0] == "1"

    @property
    def is_known(self) -> bool:
        """Say whether the number's prefix is in use, as far as the numbering plan we carry knows."""
        return _is_prefix_known(self.digits[:7], len(self.digits))

    @property
    def e164(self) -> str:
        """Return the number as the world dials it."""
        return "+86" + self.digits.removeprefix("0")

    def __str__(self) -> str:
        return f"{self.digits}-{self.extension}" if self.extension else self.digits


def read_numbers(text: str) -> tuple[tuple[PhoneNumber, ...], int]:
    """Read a cell that may hold several numbers; return them in order, and how many pieces were none."""
    if _PLAIN_MOBILE.fullmatch(text):
        return (PhoneNumber(text),), 0
    found: dict[PhoneNumber, None] = {}
    strange = 0
    for piece in _BETWEEN_NUMBERS.split(text):
        if number := PhoneNumber.read(piece):
            found[number] = None
            continue
        several = [PhoneNumber.read(part) for part in piece.split()]
        if several and all(several):
            found.update((number, None) for number in several if number)
        elif any(character.isdigit() for character in piece):
            strange += 1
    return tuple(found), strange


@lru_cache(maxsize=65536)
def _is_prefix_known(prefix: str, length: int) -> bool:
    # The plan is divided by the first seven digits at the finest, so what follows may be anything.
    number = phonenumbers.PhoneNumber(country_code=86, national_number=int(prefix.ljust(length, "0")))
    return phonenumbers.is_valid_number(number)
