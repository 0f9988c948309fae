"""Conditions are written once, with gaps: filled at once for a single query, or whenever a known statement runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import BindParameter, bindparam, literal
from sqlalchemy.types import TypeEngine

Fill = Callable[[str, TypeEngine[Any]], BindParameter[Any]]
"""Gives the gap of a name what stands in it."""


def left_open(name: str, kind: TypeEngine[Any]) -> BindParameter[Any]:
    """Leave a gap open, to be filled by its name when the statement runs."""
    return bindparam(name, type_=kind, required=False)


def filled(values: Mapping[str, Any]) -> Fill:
    """Fill gaps with these values."""
    return lambda name, kind: literal(values[name], kind)
