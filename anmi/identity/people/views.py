"""People as callers see them: the name open, the phone masked, the account's state derived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement

from anmi.core.masking import mask_name, mask_phone
from anmi.core.permissions import Permission, Scope
from anmi.core.roles import Role
from anmi.identity.people import repository
from anmi.identity.people.models import NAME, PHONE, Person, PersonState
from anmi.identity.people.repository import PersonRow
from anmi.identity.roles.service import Roles
from anmi.kit.errors import NotFound
from anmi.kit.reaching import in_reach
from anmi.kit.unit_of_work import UnitOfWork


class AccountState(StrEnum):
    """Whether somebody can come in, as a list shows it."""

    ACTIVE = "active"
    LOCKED = "locked"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class UnitName:
    """A unit, named."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class RoleName:
    """A role, named."""

    code: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class GrantView:
    """A role, and how far from which unit."""

    role: RoleName
    scope: Scope
    unit: UnitName


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody at work here. `grants` are told of a single person, not in lists."""

    id: UUID
    employee_no: str
    name: str
    phone_masked: str
    unit: UnitName
    roles: tuple[RoleName, ...]
    state: AccountState
    locked_until: datetime | None
    totp_enrolled: bool
    must_change_password: bool
    created_at: datetime
    last_seen_at: datetime | None
    training_valid_until: date | None
    skills: tuple[str, ...]
    level: int
    regions: tuple[str, ...]
    version: int
    grants: tuple[GrantView, ...] | None = None


async def views_of(unit: UnitOfWork, rows: Sequence[PersonRow]) -> list[PersonView]:
    """Show people as a list does."""
    roles = await Roles(unit).named(code for row in rows for code in row.roles)
    return [_view(unit, row, roles) for row in rows]


async def view_of(unit: UnitOfWork, condition: ColumnElement[bool]) -> PersonView:
    """Show one person, with what she was granted."""
    await unit.session.flush()
    row = await repository.one(unit.session, condition)
    if row is None:
        raise NotFound
    roles = await Roles(unit).named(row.roles)
    grants = tuple(
        GrantView(_role_name(grant.role, roles), grant.scope, UnitName(grant.unit_id, unit_name))
        for grant, unit_name in await repository.grants(unit.session, row.id)
    )
    return _view(unit, row, roles, grants)


def within(unit: UnitOfWork, permission: Permission) -> ColumnElement[bool]:
    """Return the condition under which a permission of the caller covers a person."""
    return in_reach(unit.rights.of(permission), unit.caller, Person.unit_id, Person.id)


async def held(unit: UnitOfWork, person_id: UUID, permission: Permission) -> Person:
    """Return a person within reach of a permission, held until the transaction ends."""
    person = await repository.locked(unit.session, Person.id == person_id, within(unit, permission))
    if person is None:
        raise NotFound
    return person


def facts_of(unit: UnitOfWork, person: Person) -> dict[str, Any]:
    """Return what the log may keep of a person: everything that is edited, masked."""
    return {
        "employee_no": person.employee_no,
        "name": mask_name(unit.open(NAME, person.name_sealed)),
        "phone": mask_phone(unit.open(PHONE, person.phone_sealed)),
        "unit_id": person.unit_id,
        "training_valid_until": person.training_valid_until,
        "skills": sorted(person.skills),
        "level": person.level,
        "regions": sorted(person.regions),
    }


def _view(
    unit: UnitOfWork, row: PersonRow, roles: Mapping[str, Role], grants: tuple[GrantView, ...] | None = None
) -> PersonView:
    return PersonView(
        id=row.id,
        employee_no=row.employee_no,
        name=unit.open(NAME, row.name_sealed),
        phone_masked=mask_phone(unit.open(PHONE, row.phone_sealed)),
        unit=UnitName(row.unit_id, row.unit_name),
        roles=tuple(_role_name(code, roles) for code in sorted(row.roles)),
        state=_state(row, unit.now),
        locked_until=row.locked_until,
        totp_enrolled=row.totp_enrolled_at is not None,
        must_change_password=row.must_change_password,
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        training_valid_until=row.training_valid_until,
        skills=tuple(row.skills),
        level=row.level,
        regions=tuple(row.regions),
        version=row.version,
        grants=grants,
    )


def _state(person: Person | PersonRow, now: datetime) -> AccountState:
    if person.state is PersonState.DISABLED:
        return AccountState.DISABLED
    if person.locked_until is not None and person.locked_until > now:
        return AccountState.LOCKED
    return AccountState.ACTIVE


def _role_name(code: str, roles: Mapping[str, Role]) -> RoleName:
    role = roles.get(code)
    return RoleName(code, role.words.zh, role.words.en) if role else RoleName(code, code, code)
