"""Rights: what a person's grants come to, given the tree of the organisation.

A grant says: this role, this far, from this unit. The sum of a person's grants says for every permission whose things
it covers: her own, those of some units, or all of the tenant's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from anmi.core.permissions import FieldRight, Permission, Scope
from anmi.core.roles import Role


@dataclass(frozen=True, slots=True)
class Grant:
    """A role given to a person, reaching as far as `scope` from `unit_id`."""

    role: Role
    scope: Scope
    unit_id: UUID


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose things a permission covers."""

    own: bool = False
    unit_ids: frozenset[UUID] = frozenset()
    everything: bool = False

    def covers(self, unit_id: UUID | None, *, is_own: bool = False) -> bool:
        """Say whether a thing of this unit, or of one's own, is within reach."""
        return self.everything or (self.own and is_own) or unit_id in self.unit_ids

    def contains(self, other: Reach) -> bool:
        """Say whether this reaches at least as far as the other; one's own is not a matter of distance."""
        return self.everything or (not other.everything and other.unit_ids <= self.unit_ids)

    def __or__(self, other: Reach) -> Reach:
        return Reach(self.own or other.own, self.unit_ids | other.unit_ids, self.everything or other.everything)

    @property
    def scope(self) -> Scope:
        """Name the widest of it, for a label."""
        if self.everything:
            return Scope.TENANT
        if len(self.unit_ids) > 1:
            return Scope.SUBTREE
        return Scope.TEAM if self.unit_ids else Scope.OWN


@dataclass(frozen=True, slots=True)
class Rights:
    """All that a caller may do."""

    reach: Mapping[Permission, Reach] = field(default_factory=dict[Permission, Reach])
    field_rights: frozenset[FieldRight] = frozenset()

    def may(self, permission: Permission) -> bool:
        """Say whether the permission is held at all, however short its reach."""
        return permission in self.reach

    def of(self, permission: Permission) -> Reach:
        """Say how far a permission reaches; one that is not held reaches nothing."""
        return self.reach.get(permission, Reach())


EVERYTHING: Final = Rights(
    dict.fromkeys(Permission, Reach(own=True, everything=True)),
    frozenset(FieldRight),
)
"""What jobs and commands may do within their tenant: they answer to no grant."""


def units_below(unit_id: UUID, parents: Mapping[UUID, UUID | None]) -> frozenset[UUID]:
    """Return a unit and all beneath it; `parents` maps every unit of the tenant to the one above it."""
    children: dict[UUID, list[UUID]] = {}
    for child, parent in parents.items():
        if parent is not None:
            children.setdefault(parent, []).append(child)
    found = {unit_id}
    waiting = [unit_id]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return frozenset(found)


def reach_of(scope: Scope, unit_id: UUID, parents: Mapping[UUID, UUID | None]) -> Reach:
    """Turn the scope of a grant into the things it covers. One's own is part of every scope."""
    match scope:
        case Scope.OWN:
            return Reach(own=True)
        case Scope.TEAM:
            return Reach(own=True, unit_ids=frozenset({unit_id}))
        case Scope.SUBTREE:
            return Reach(own=True, unit_ids=units_below(unit_id, parents))
        case Scope.TENANT:
            return Reach(own=True, everything=True)


def rights_of(grants: Iterable[Grant], parents: Mapping[UUID, UUID | None]) -> Rights:
    """Sum up grants."""
    reach: dict[Permission, Reach] = {}
    field_rights: frozenset[FieldRight] = frozenset()
    for grant in grants:
        this = reach_of(grant.scope, grant.unit_id, parents)
        field_rights |= grant.role.field_rights
        for permission in grant.role.permissions:
            reach[permission] = reach.get(permission, Reach()) | this
    return Rights(reach, field_rights)
