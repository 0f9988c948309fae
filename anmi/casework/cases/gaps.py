"""Conditions are written once, with gaps: filled at once for a single query, or whenever a known statement runs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import ARRAY, BindParameter, ColumnElement, String, Uuid, any_, bindparam, literal
from sqlalchemy.types import TypeEngine

Fill = Callable[[str, TypeEngine[Any]], BindParameter[Any]]
"""Gives the gap of a name what stands in it."""


def left_open(name: str, kind: TypeEngine[Any]) -> BindParameter[Any]:
    """Leave a gap open, to be filled by its name when the statement runs."""
    return bindparam(name, type_=kind, required=False)


def filled(values: Mapping[str, Any]) -> Fill:
    """Fill gaps with these values."""
    return lambda name, kind: literal(values[name], kind)


def one_of(column: Any, name: str, fill: Fill, *, is_single: bool) -> ColumnElement[bool]:
    """Return the condition that a column is one of some values.

    A single value is compared as such: PostgreSQL guesses wrongly how many rows meet a list it does not know yet.
    """
    if is_single:
        return column == fill(name, column.type)
    return column == any_(fill(name, ARRAY(Uuid() if isinstance(column.type, Uuid) else String())))


def given(values: Collection[Any]) -> Any:
    """Return what fills the gap of `one_of`."""
    return next(iter(values)) if len(values) == 1 else list(values)
