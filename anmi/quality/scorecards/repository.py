"""Every SQL statement about scorecards."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.quality.scorecards.models import Criterion, Scorecard


async def all_of(session: AsyncSession) -> Sequence[Scorecard]:
    """Return every scorecard by its name."""
    return (await session.scalars(select(Scorecard).order_by(Scorecard.name))).all()


async def for_owner(session: AsyncSession, owner_id: UUID | None) -> Scorecard | None:
    """Return the active scorecard of a creditor, or the one for everybody's calls."""
    query = select(Scorecard).where(
        Scorecard.is_active, or_(Scorecard.owner_id == owner_id, Scorecard.owner_id.is_(None))
    )
    return (await session.scalars(query.order_by(Scorecard.owner_id.is_(None), Scorecard.made_at).limit(1))).first()


async def criteria(session: AsyncSession, scorecard_id: UUID) -> Sequence[Criterion]:
    """Return the lines of a scorecard in their order."""
    query = select(Criterion).where(Criterion.scorecard_id == scorecard_id).order_by(Criterion.rank)
    return (await session.scalars(query)).all()


async def clear(session: AsyncSession, scorecard_id: UUID) -> None:
    """Delete the lines of a scorecard."""
    await session.execute(delete(Criterion).where(Criterion.scorecard_id == scorecard_id))
