"""What happens to the roles of an agency."""

from __future__ import annotations

from dataclasses import dataclass

from anmi.kit.events import Event


@dataclass(frozen=True, slots=True)
class RoleAdded(Event):
    """The agency made a role of its own."""

    role: str


@dataclass(frozen=True, slots=True)
class RoleChanged(Event):
    """A role permits something else than before; so does whoever holds it."""

    role: str


@dataclass(frozen=True, slots=True)
class RoleRemoved(Event):
    """A role that nobody held was removed."""

    role: str
