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


def restrict(query: Select[Any], unit: UnitOfWork, permission: Permission = Permission.CASES_READ) -> Select[Any]:
    """Return a query on cases, restricted to what the caller may see."""
    return query.where(visible(unit, permission))
