"""Every SQL statement about roles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.identity.people.models import Person, PersonGrant, PersonState
from anmi.identity.roles.models import CustomRole
from anmi.identity.tenants.models import Tenant


async def custom(session: AsyncSession) -> Sequence[CustomRole]:
    """Return the agency's own roles."""
    return (await session.scalars(select(CustomRole).order_by(CustomRole.code))).all()


async def custom_named(session: AsyncSession, codes: Iterable[str], *, held: bool) -> Sequence[CustomRole]:
    """Return some of the agency's own roles; `held` keeps them from changing until the transaction ends."""
    query = select(CustomRole).where(CustomRole.code.in_(codes)).order_by(CustomRole.code)
    return (await session.scalars(query.with_for_update(read=True) if held else query)).all()


async def locked(session: AsyncSession, code: str) -> CustomRole | None:
    """Return one of the agency's own roles, held for an edit."""
    return (await session.scalars(select(CustomRole).where(CustomRole.code == code).with_for_update())).one_or_none()


async def people_counts(session: AsyncSession) -> dict[str, int]:
    """Count the people at work who hold each role."""
    query = (
        select(PersonGrant.role, func.count(PersonGrant.person_id.distinct()).label("people"))
        .join(Person, Person.id == PersonGrant.person_id)
        .where(Person.state == PersonState.ACTIVE)
        .group_by(PersonGrant.role)
    )
    return {row.role: row.people for row in await session.execute(query)}


async def roles_of_holders(session: AsyncSession, code: str) -> dict[UUID, frozenset[str]]:
    """Map everybody who holds a role to all the roles she holds."""
    holders = select(PersonGrant.person_id).where(PersonGrant.role == code)
    query = select(PersonGrant.person_id, PersonGrant.role).where(PersonGrant.person_id.in_(holders))
    found: dict[UUID, set[str]] = {}
    for row in await session.execute(query):
        found.setdefault(row.person_id, set()).add(row.role)
    return {person_id: frozenset(codes) for person_id, codes in found.items()}


async def tenant_code(session: AsyncSession, tenant_id: UUID) -> str:
    """Return the code of the agency."""
    return (await session.execute(select(Tenant.code).where(Tenant.id == tenant_id))).scalar_one()
