"""What happens to the tree of an agency."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anmi.kit.events import Event


@dataclass(frozen=True, slots=True)
class OrgUnitAdded(Event):
    """A unit was added."""

    unit_id: UUID


@dataclass(frozen=True, slots=True)
class OrgUnitChanged(Event):
    """A unit has another name or kind."""

    unit_id: UUID


@dataclass(frozen=True, slots=True)
class OrgUnitMoved(Event):
    """A unit, and all beneath it, hangs somewhere else; rights along the branch have changed with it."""

    unit_id: UUID


@dataclass(frozen=True, slots=True)
class OrgUnitRemoved(Event):
    """An empty unit was removed."""

    unit_id: UUID
