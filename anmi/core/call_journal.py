"""The form in which events of a call are kept: plain values, both ways, nothing lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import Any, Final, get_args, get_origin, get_type_hints
from uuid import UUID

from anmi.core.call_events import CallEvent
from anmi.core.call_legs import Evidence, Leg

KINDS: Final[dict[str, type[Any]]] = {kind.__name__: kind for kind in get_args(CallEvent)}


class UnknownEvent(ValueError):
    """A journal line is none that this version can read."""


def written(event: CallEvent) -> dict[str, Any]:
    """Return an event as plain values."""
    told = {field.name: _plain(getattr(event, field.name)) for field in fields(event)}
    return {"kind": type(event).__name__, **told}


def read(line: Mapping[str, Any]) -> CallEvent:
    """Read an event that was written; raise UnknownEvent for what is none."""
    try:
        kind = KINDS[line["kind"]]
        told = {name: _read(hint, line[name]) for name, hint in _hints(kind).items() if name in line}
        return kind(**told)
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise UnknownEvent(str(line.get("kind"))) from fault


def evidence_of(evidence: Evidence | None) -> dict[str, Any] | None:
    """Return what an ending was read from, as plain values; what was not seen is left out."""
    if evidence is None:
        return None
    told = ((field.name, getattr(evidence, field.name)) for field in fields(evidence))
    return {name: _plain(value) for name, value in told if value is not None}


def _plain(value: Any) -> Any:
    match value:
        case StrEnum():
            return value.value
        case UUID() | Leg():
            return str(value)
        case Evidence():
            return evidence_of(value)
        case tuple():
            return [_plain(each) for each in value]
        case _:
            return value


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(hint: Any, told: Any) -> Any:
    arguments = get_args(hint)
    if told is None:
        if NoneType not in arguments:
            raise TypeError(hint)
        return None
    if get_origin(hint) is tuple:
        return tuple(_read(arguments[0], each) for each in told)
    if arguments:
        return _read(next(each for each in arguments if each is not NoneType), told)
    if hint is Leg:
        return Leg.read(told)
    if hint is Evidence:
        return Evidence(**{name: _read(_hints(Evidence)[name], each) for name, each in told.items()})
    # A number is no name and a name no number, however well the one can be read as the other.
    if hint in {int, str, bool} and not isinstance(told, hint):
        raise TypeError(told)
    return hint(told)
