"""The tree as HTTP sees it."""

from __future__ import annotations

from uuid import UUID

from anmi.identity.org_units.models import UnitKind
from anmi.kit.fields import Asked, Line, Seen


class OrgUnitSeen(Seen):
    """A unit; `people_count` counts those at work in it, not in the units below."""

    id: UUID
    parent_id: UUID | None
    name: str
    kind: UnitKind
    people_count: int
    version: int


class OrgUnitToAdd(Asked):
    """A unit to be."""

    parent_id: UUID
    name: Line
    kind: UnitKind


class OrgUnitChange(Asked):
    """An edit of what was read as `version`."""

    version: int
    name: Line | None = None
    kind: UnitKind | None = None


class OrgUnitMove(Asked):
    """Where a unit is to hang from now on."""

    version: int
    parent_id: UUID
