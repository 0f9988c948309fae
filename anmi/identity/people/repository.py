"""Every SQL statement about people."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, delete, exists, func, or_, select
from sqlalchemy.dialects.postgresql import array_agg
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.identity.org_units.models import OrgUnit
from anmi.identity.people.models import Person, PersonGrant, PersonState, RecoveryCode
from anmi.kit.paging import Ask, Sorting

SORTING: Final = Sorting(
    {"employee_no": (Person.employee_no, str), "created_at": (Person.created_at, datetime.fromisoformat)},
    default="employee_no",
    tie=Person.id,
)


@dataclass(frozen=True, slots=True)
class Sought:
    """What a search text may mean: the beginning of an employee number, or a name or phone by its blind index."""

    employee_no: str
    name_index: bytes
    phone_index: bytes | None
    phone_tail_index: bytes | None


PersonRow = Row[Any]
"""What is shown of a person (`_SHOWN`), with `unit_name`, the name of her unit, and `roles`, their codes."""

_SHOWN: Final = (
    Person.id,
    Person.employee_no,
    Person.name_sealed,
    Person.phone_sealed,
    Person.unit_id,
    Person.state,
    Person.locked_until,
    Person.totp_enrolled_at,
    Person.must_change_password,
    Person.created_at,
    Person.last_seen_at,
    Person.training_valid_until,
    Person.skills,
    Person.level,
    Person.regions,
    Person.version,
)


async def page(
    session: AsyncSession, conditions: Sequence[ColumnElement[bool]], ask: Ask
) -> tuple[Sequence[PersonRow], str | None, int]:
    """Return one page of people, the cursor of the next, and how many there are in all."""
    count = select(func.count()).select_from(Person).where(*conditions)
    query = _people().add_columns(count.scalar_subquery().label("total")).where(*conditions)
    rows = (await session.execute(SORTING.apply(query, ask))).all()
    shown, following = SORTING.split(rows, ask)
    return shown, following, rows[0].total if rows else (await session.execute(count)).scalar_one()


async def one(session: AsyncSession, condition: ColumnElement[bool]) -> PersonRow | None:
    """Return one person."""
    return (await session.execute(_people().where(condition))).one_or_none()


async def locked(session: AsyncSession, *conditions: ColumnElement[bool]) -> Person | None:
    """Return one person, held until the transaction ends."""
    return (await session.scalars(select(Person).where(*conditions).with_for_update())).one_or_none()


async def grants(session: AsyncSession, person_id: UUID) -> Sequence[Row[PersonGrant, str]]:
    """Return what somebody was granted, with the names of the units."""
    query = (
        select(PersonGrant, OrgUnit.name)
        .join(OrgUnit, OrgUnit.id == PersonGrant.unit_id)
        .where(PersonGrant.person_id == person_id)
        .order_by(PersonGrant.role, OrgUnit.name, PersonGrant.id)
    )
    return (await session.execute(query)).all()


async def unit_exists(session: AsyncSession, unit_id: UUID) -> bool:
    """Say whether the agency has this unit. A foreign key would not tell: it also sees what other agencies have."""
    return (await session.execute(select(exists().where(OrgUnit.id == unit_id)))).scalar_one()


async def remove_grants(session: AsyncSession, grant_ids: Collection[UUID]) -> None:
    """Take grants back."""
    await session.execute(delete(PersonGrant).where(PersonGrant.id.in_(grant_ids)))


async def remove_recovery_codes(session: AsyncSession, person_id: UUID) -> None:
    """Make all recovery codes of a person void."""
    await session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))


def meant_by(sought: Sought) -> ColumnElement[bool]:
    """Return the condition under which a person is who a text means."""
    conditions: list[ColumnElement[bool]] = [
        Person.employee_no.istartswith(sought.employee_no, autoescape=True),
        Person.name_index == sought.name_index,
    ]
    if sought.phone_index is not None:
        conditions.append(Person.phone_index == sought.phone_index)
    if sought.phone_tail_index is not None:
        conditions.append(Person.phone_tail_index == sought.phone_tail_index)
    return or_(*conditions)


async def last_holder(session: AsyncSession, role: str) -> UUID | None:
    """Return who of the holders of a role that may come in did so last."""
    query = select(Person.id).where(Person.state == PersonState.ACTIVE, holds(role))
    return await session.scalar(query.order_by(Person.last_seen_at.desc().nulls_last(), Person.id.desc()).limit(1))


async def idle_since(session: AsyncSession, before: datetime) -> Sequence[UUID]:
    """Return those who may come in and have not, since an instant."""
    last = func.greatest(Person.created_at, Person.last_seen_at, Person.enabled_at)
    query = select(Person.id).where(Person.state == PersonState.ACTIVE, last < before).order_by(Person.id)
    return (await session.scalars(query)).all()


def holds(role: str) -> ColumnElement[bool]:
    """Return the condition under which a person holds a role."""
    return exists().where(PersonGrant.person_id == Person.id, PersonGrant.role == role)


def is_disabled() -> ColumnElement[bool]:
    """Return the condition under which a person may not come in."""
    return Person.state == PersonState.DISABLED


def is_locked(now: datetime) -> ColumnElement[bool]:
    """Return the condition under which a person is locked out for now."""
    return and_(Person.state == PersonState.ACTIVE, Person.locked_until > now)


def is_active(now: datetime) -> ColumnElement[bool]:
    """Return the condition under which a person may come in."""
    return and_(Person.state == PersonState.ACTIVE, or_(Person.locked_until.is_(None), Person.locked_until <= now))


def _people() -> Any:
    roles = (
        select(array_agg(PersonGrant.role.distinct()))
        .where(PersonGrant.person_id == Person.id)
        .correlate(Person)
        .scalar_subquery()
    )
    named = OrgUnit.name.label("unit_name"), func.coalesce(roles, []).label("roles")
    return select(*_SHOWN, *named).join(OrgUnit, OrgUnit.id == Person.unit_id)
