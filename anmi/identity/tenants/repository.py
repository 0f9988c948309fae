"""Every SQL statement about agencies. The list of them is the one table that a unit of work may see across tenants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.identity.sessions.models import EndReason, Session
from anmi.identity.tenants.models import PLATFORM_CODE, Tenant
from anmi.kit.paging import Ask, Sorting

SORTING: Final = Sorting(
    {"code": (Tenant.code, str), "created_at": (Tenant.created_at, datetime.fromisoformat)},
    default="code",
    tie=Tenant.id,
)


async def page(session: AsyncSession, ask: Ask) -> tuple[Sequence[Tenant], str | None, int]:
    """Return one page of agencies, the cursor of the next, and how many there are in all."""
    everybody = select(Tenant).where(Tenant.code != PLATFORM_CODE)
    rows, following = SORTING.split((await session.scalars(SORTING.apply(everybody, ask))).all(), ask)
    total = (await session.execute(select(func.count()).select_from(everybody.subquery()))).scalar_one()
    return rows, following, total


async def all_of_them(session: AsyncSession) -> Sequence[Tenant]:
    """Return every agency, the platform's own included."""
    return (await session.scalars(select(Tenant).order_by(Tenant.code))).all()


async def locked(session: AsyncSession, tenant_id: UUID) -> Tenant | None:
    """Return one agency, held until the transaction ends."""
    return (await session.scalars(select(Tenant).where(Tenant.id == tenant_id).with_for_update())).one_or_none()


async def by_code(session: AsyncSession, code: str) -> Tenant | None:
    """Return the agency with this code."""
    return (await session.scalars(select(Tenant).where(Tenant.code == code))).one_or_none()


async def end_sessions(session: AsyncSession, at: datetime) -> Sequence[tuple[UUID, UUID]]:
    """End all sessions of the agency at hand; return them and whose they were."""
    ended = (
        update(Session)
        .where(Session.ended_at.is_(None))
        .values(ended_at=at, end_reason=EndReason.TENANT_SUSPENDED)
        .returning(Session.id, Session.person_id)
    )
    return [(row.id, row.person_id) for row in await session.execute(ended)]
