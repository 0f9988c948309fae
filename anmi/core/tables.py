"""Parts of a loaded table (`tomllib.loads` or JSON): taken out as what they should be, or refused with a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Final, cast

_DECIMAL: Final = re.compile(r"\d{1,9}(\.\d{1,9})?")


def rows(value: object, table: str) -> list[Mapping[str, object]]:
    """Take a list of rows."""
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in cast("list[object]", value)):
        raise ValueError(f"{table}: a list of rows is expected")
    return cast("list[Mapping[str, object]]", value)


def names(value: object, table: str) -> list[str]:
    """Take a list of names."""
    if not isinstance(value, list) or not all(isinstance(name, str) for name in cast("list[object]", value)):
        raise ValueError(f"{table}: a list of names is expected")
    return cast("list[str]", value)


def rate(value: object, table: str) -> Fraction:
    """Take a rate written as text, so that it stays exact."""
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise ValueError(f"{table}: a rate is a decimal written as text, not {value!r}")
    return Fraction(value)
