"""Every SQL statement of the tree."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.identity.org_units.models import OrgUnit
from anmi.identity.people.models import Person, PersonState


async def with_people(session: AsyncSession) -> Sequence[Row[OrgUnit, int]]:
    """Return all units, and how many people are at work in each."""
    at_work = (
        select(func.count())
        .where(Person.unit_id == OrgUnit.id, Person.state == PersonState.ACTIVE)
        .correlate(OrgUnit)
        .scalar_subquery()
    )
    return (await session.execute(select(OrgUnit, at_work).order_by(OrgUnit.name, OrgUnit.id))).all()


async def people_at_work(session: AsyncSession, unit_id: UUID) -> int:
    """Count the people at work in one unit."""
    query = select(func.count()).where(Person.unit_id == unit_id, Person.state == PersonState.ACTIVE)
    return (await session.execute(query)).scalar_one()


async def parents(session: AsyncSession) -> dict[UUID, UUID | None]:
    """Map every unit to the one above it."""
    rows = await session.execute(select(OrgUnit.id, OrgUnit.parent_id))
    return {row.id: row.parent_id for row in rows}


async def locked_tree(session: AsyncSession) -> dict[UUID, OrgUnit]:
    """Return all units, held until the transaction ends: two moves at once could close a circle."""
    query = select(OrgUnit).order_by(OrgUnit.id).with_for_update()
    return {node.id: node for node in await session.scalars(query)}


async def locked(session: AsyncSession, unit_id: UUID) -> OrgUnit | None:
    """Return one unit, held until the transaction ends."""
    return await session.get(OrgUnit, unit_id, with_for_update=True)
