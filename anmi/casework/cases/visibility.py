"""Whose cases somebody sees: one's own, those of some units, or all; and none that has left the agency's hands."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, or_, true

from anmi.casework.cases.models import Case
from anmi.core.case_life import State
from anmi.core.permissions import Permission
from anmi.core.rights import Reach
from anmi.kit.unit_of_work import UnitOfWork

GONE: Final = (State.RECALLED, State.RETURNED, State.ARCHIVED, State.PURGED)
"""After the creditor took a case back, only those who keep placements still see that it was there."""


_OF_POOL: Final = frozenset({Permission.CASES_READ, Permission.CASES_ALLOCATE})


def within(reach: Reach, person_id: UUID | None) -> ColumnElement[bool]:
    """Return the condition that a case is within reach."""
    if reach.everything:
        return true()
    ways: list[ColumnElement[bool]] = []
    if reach.own and person_id is not None:
        ways.append(Case.holder_id == person_id)
    if reach.unit_ids:
        ways.append(Case.unit_id.in_(reach.unit_ids))
    return or_(*ways) if ways else false()


def visible(unit: UnitOfWork, permission: Permission = Permission.CASES_READ) -> ColumnElement[bool]:
    """Return the condition that the caller may see a case, by the reach of a permission."""
    condition = within(unit.rights.of(permission), unit.caller.person_id)
    if unit.rights.may(Permission.PLACEMENTS_READ):
        return condition
    return condition & Case.state.not_in(GONE)


def sees(unit: UnitOfWork, state: State, unit_id: UUID | None, holder_id: UUID | None, permission: Permission) -> bool:
    """Say of a case that has been read already what `visible` asks the database."""
    if state in GONE and not unit.rights.may(Permission.PLACEMENTS_READ):
        return False
    is_own = holder_id is not None and holder_id == unit.caller.person_id
    return unit.rights.of(permission).covers(unit_id, is_own=is_own)


def in_pool_of_all() -> ColumnElement[bool]:
    """Return the condition that a case waits for hands and belongs to no unit: it is in the agency's own pool."""
    return Case.holder_id.is_(None) & Case.unit_id.is_(None) & (Case.state == State.AWAITING_ALLOCATION)


def takes_from_pool(unit: UnitOfWork, permission: Permission) -> bool:
    """Say whether the agency's pool is open to the caller: whoever gives cases to a unit takes them from there."""
    return permission in _OF_POOL and bool(unit.rights.of(Permission.CASES_ALLOCATE).unit_ids)


def findable(unit: UnitOfWork, permission: Permission = Permission.CASES_READ) -> ColumnElement[bool]:
    """Return the condition that the caller may see a case, or find it in the agency's pool.

    Lists leave the pool out unless they ask for it, so that the figures of a unit are the unit's own.
    """
    condition = visible(unit, permission)
    return condition | in_pool_of_all() if takes_from_pool(unit, permission) else condition


def restrict(query: Select[Any], unit: UnitOfWork, permission: Permission = Permission.CASES_READ) -> Select[Any]:
    """Return a query on cases, restricted to what the caller may see."""
    return query.where(findable(unit, permission))
