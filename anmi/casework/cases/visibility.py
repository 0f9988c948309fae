"""Whose cases somebody sees: one's own, those of some units, or all; and none that has left the agency's hands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, false, or_, true

from anmi.casework.cases.gaps import Fill, filled, given, one_of
from anmi.casework.cases.models import Case
from anmi.core.case_life import State
from anmi.core.permissions import Permission
from anmi.kit.unit_of_work import UnitOfWork

GONE: Final = (State.RECALLED, State.RETURNED, State.ARCHIVED, State.PURGED)
"""After the creditor took a case back, only those who keep placements still see that it was there."""

_OF_POOL: Final = frozenset({Permission.CASES_READ, Permission.CASES_ALLOCATE})


@dataclass(frozen=True, slots=True)
class Sight:
    """The ways in which a case comes within sight, without saying whose they are."""

    everything: bool
    own: bool
    units: bool
    one_unit: bool
    gone: bool
    pool: bool

    @property
    def is_narrow(self) -> bool:
        """Whether only one's own cases are within sight."""
        return not self.everything and not self.units

    def condition(self, fill: Fill) -> ColumnElement[bool]:
        """Return the condition that a case is within sight."""
        condition = self._reached(fill)
        if not self.gone:
            condition &= Case.state.not_in(GONE)
        return condition | in_pool_of_all() if self.pool else condition

    def _reached(self, fill: Fill) -> ColumnElement[bool]:
        if self.everything:
            return true()
        ways: list[ColumnElement[bool]] = []
        if self.own:
            ways.append(Case.holder_id == fill("person_id", Uuid()))
        if self.units:
            ways.append(one_of(Case.unit_id, "reached_units", fill, is_single=self.one_unit))
        return or_(*ways) if ways else false()


def sight_of(unit: UnitOfWork, permission: Permission, *, with_pool: bool = False) -> tuple[Sight, dict[str, Any]]:
    """Return how far a permission of the caller's reaches, and the values that fill its gaps."""
    reach, person_id = unit.rights.of(permission), unit.caller.person_id
    sight = Sight(
        everything=reach.everything,
        own=reach.own and person_id is not None,
        units=bool(reach.unit_ids),
        one_unit=len(reach.unit_ids) == 1,
        gone=unit.rights.may(Permission.PLACEMENTS_READ),
        pool=with_pool and takes_from_pool(unit, permission),
    )
    return sight, {"person_id": person_id, "reached_units": given(reach.unit_ids)}


def visible(unit: UnitOfWork, permission: Permission = Permission.CASES_READ) -> ColumnElement[bool]:
    """Return the condition that the caller may see a case, by the reach of a permission."""
    sight, values = sight_of(unit, permission)
    return sight.condition(filled(values))


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
    sight, values = sight_of(unit, permission, with_pool=True)
    return sight.condition(filled(values))


def restrict(query: Select[Any], unit: UnitOfWork, permission: Permission = Permission.CASES_READ) -> Select[Any]:
    """Return a query on cases, restricted to what the caller may see."""
    return query.where(findable(unit, permission))
