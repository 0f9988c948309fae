"""Every SQL statement about reading the log."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.core.audit_actions import Outcome
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


async def last_about(session: AsyncSession, thing_id: UUID, since: datetime) -> AuditEntry | None:
    """Return the last thing that somebody did to a thing since an instant."""
    query = select(AuditEntry).where(
        AuditEntry.at >= since, AuditEntry.target_id == str(thing_id), AuditEntry.outcome == Outcome.DONE
    )
    return (await session.scalars(query.order_by(AuditEntry.at.desc(), AuditEntry.seq.desc()).limit(1))).one_or_none()


async def sealed_names(session: AsyncSession, person_ids: Collection[UUID]) -> dict[UUID, bytes]:
    """Map people to their sealed names."""
    query = select(Person.id, Person.name_sealed).where(Person.id.in_(person_ids))
    return {row.id: row.name_sealed for row in await session.execute(query)}


def done_within(reach: Reach, caller_id: UUID | None) -> ColumnElement[bool]:
    """Return the condition under which an entry was caused by the caller or by somebody of the units in reach."""
    of_units = AuditEntry.actor_id.in_(select(Person.id).where(Person.unit_id.in_(reach.unit_ids)))
    return of_units | (AuditEntry.actor_id == caller_id) if reach.own else of_units
