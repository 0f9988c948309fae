"""Every SQL statement about rule packs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.quality.inspections.models import CallInspection
from anmi.quality.packs.models import AgencyPack, PackState
from anmi.telephony.calls.models import Call


async def all_of(session: AsyncSession) -> Sequence[AgencyPack]:
    """Return every pack, the newest first."""
    return (await session.scalars(select(AgencyPack).order_by(AgencyPack.number.desc()))).all()


async def published(session: AsyncSession) -> AgencyPack | None:
    """Return the pack in force."""
    return (await session.scalars(select(AgencyPack).where(AgencyPack.state == PackState.PUBLISHED))).one_or_none()


async def locked(session: AsyncSession, pack_id: UUID) -> AgencyPack | None:
    """Return a pack, held until the transaction ends."""
    query = select(AgencyPack).where(AgencyPack.id == pack_id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def next_number(session: AsyncSession) -> int:
    """Return the number of the next pack."""
    return (await session.scalar(select(func.coalesce(func.max(AgencyPack.number), 0)))) + 1  # type: ignore[operator]


async def calls_between(session: AsyncSession, since: datetime, until: datetime, limit: int) -> Sequence[Call]:
    """Return inspected calls of a stretch of time, the latest first."""
    query = (
        select(Call)
        .join(CallInspection, CallInspection.call_id == Call.id)
        .where(Call.asked_at >= since, Call.asked_at < until)
        .order_by(Call.asked_at.desc())
        .limit(limit)
    )
    return (await session.scalars(query)).all()
