"""Exact sums of yuan. There is no float in this house: money is counted in fen, and every split adds up again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, Self

_YUAN: Final = re.compile(r"-?[0-9]+(\.[0-9]{1,2})?")


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """An exact amount of yuan, counted in fen."""

    fen: int

    @classmethod
    def of(cls, yuan: str) -> Self:
        """Read `"3200"` or `"3200.5"` as yuan; raise ValueError for anything else, also for a third decimal."""
        if not _YUAN.fullmatch(yuan):
            raise ValueError(f"not an amount of yuan: {yuan!r}")
        return cls(int(Decimal(yuan) * 100))

    def __add__(self, other: Money) -> Money:
        return Money(self.fen + other.fen)

    def __sub__(self, other: Money) -> Money:
        return Money(self.fen - other.fen)

    def __neg__(self) -> Money:
        return Money(-self.fen)

    def __bool__(self) -> bool:
        return self.fen != 0

    def __str__(self) -> str:
        sign, fen = ("-", -self.fen) if self.fen < 0 else ("", self.fen)
        return f"{sign}{fen // 100}.{fen % 100:02d}"

    def share(self, rate: Fraction) -> Money:
        """Return this amount times `rate`, rounded towards zero to whole fen."""
        # The odd fen stays with the one who is asked last: a debtor is never asked to pay it.
        return Money(int(self.fen * rate))

    def split(self, parts: int) -> tuple[Money, ...]:
        """Split into `parts` amounts that differ by one fen at most and add up to this one; the larger come first."""
        if parts < 1:
            raise ValueError("an amount is split into one part or more")
        each, odd = divmod(self.fen, parts)
        return tuple(Money(each + 1) if part < odd else Money(each) for part in range(parts))


ZERO: Final = Money(0)


def total(amounts: tuple[Money, ...] | list[Money]) -> Money:
    """Add up amounts; nothing adds up to zero."""
    return Money(sum(amount.fen for amount in amounts))
