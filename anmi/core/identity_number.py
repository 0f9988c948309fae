"""Resident identity numbers (GB 11643): always 18 characters here; a 15-digit one of before 1999 is completed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from operator import mul
from typing import Final, Self

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS: Final = "10X98765432"
_SHAPE: Final = re.compile(r"[0-9]{17}[0-9X]|[0-9]{15}", re.ASCII)

# GB/T 2260 provinces; 81, 82 and 83 stand on residence permits for people of Hong Kong, Macao and Taiwan.
_PROVINCE_CODES: Final = """
    11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83
"""
_PROVINCES: Final = frozenset(_PROVINCE_CODES.split())
_EARLIEST_BIRTH: Final = date(1900, 1, 1)


class IdentityFault(StrEnum):
    """Why a text is not an identity number."""

    FORMAT = "format"
    CHECKSUM = "checksum"


def check_character(first_seventeen: str) -> str:
    """Return the eighteenth character that GB 11643 asks for."""
    weighted = sum(map(mul, _WEIGHTS, map(int, first_seventeen)))
    return _CHECK_CHARACTERS[weighted % 11]


@dataclass(frozen=True, order=True, slots=True)
class IdentityNumber:
    """Who a resident is, in 18 characters that have been checked."""

    text: str

    @classmethod
    def read(cls, text: str, today: date) -> Self | IdentityFault:
        """Read 18 or 15 characters; nobody was born after `today`."""
        text = text.upper()
        if not _SHAPE.fullmatch(text):
            return IdentityFault.FORMAT
        is_old = len(text) == 15
        body = f"{text[:6]}19{text[6:]}" if is_old else text[:17]
        # A permanent residence card for foreigners (since 2023) starts with 9 where others name the province.
        if body[:2] not in _PROVINCES and body[0] != "9":
            return IdentityFault.FORMAT
        try:
            born_on = date(int(body[6:10]), int(body[10:12]), int(body[12:14]))
        except ValueError:
            return IdentityFault.FORMAT
        if not _EARLIEST_BIRTH <= born_on <= today:
            return IdentityFault.FORMAT
        expected = check_character(body)
        if is_old:
            return cls(body + expected)
        return cls(text) if text[17] == expected else IdentityFault.CHECKSUM

    @property
    def born_on(self) -> date:
        """Return the day of birth that the number names."""
        return date(int(self.text[6:10]), int(self.text[10:12]), int(self.text[12:14]))

    @property
    def is_male(self) -> bool:
        """Say what the seventeenth digit says: odd for men, even for women."""
        return int(self.text[16]) % 2 == 1

    def __str__(self) -> str:
        return self.text
