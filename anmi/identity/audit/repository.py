"""Every SQL statement about reading the log."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.core.rights import Reach
from anmi.identity.people.models import Person
from anmi.kit.audit import AuditEntry


async def entries(
    session: AsyncSession, conditions: Collection[ColumnElement[bool]], before: int | None, limit: int
) -> Sequence[AuditEntry]:
    """Return the newest entries before a place."""
    query = select(AuditEntry).where(*conditions).order_by(AuditEntry.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditEntry.seq < before)
    return (await session.scalars(query)).all()


async def sealed_names(session: AsyncSession, person_ids: Collection[UUID]) -> dict[UUID, bytes]:
    """Map people to their sealed names."""
    query = select(Person.id, Person.name_sealed).where(Person.id.in_(person_ids))
    return {row.id: row.name_sealed for row in await session.execute(query)}


def done_within(reach: Reach, caller_id: UUID | None) -> ColumnElement[bool]:
    """Return the condition under which an entry was caused by the caller or by somebody of the units in reach."""
    of_units = AuditEntry.actor_id.in_(select(Person.id).where(Person.unit_id.in_(reach.unit_ids)))
    return of_units | (AuditEntry.actor_id == caller_id) if reach.own else of_units
