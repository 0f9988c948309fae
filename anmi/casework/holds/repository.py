"""Every SQL statement about holds and special flags."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.casework.holds.models import Hold, SpecialFlagRow
from anmi.core.contact_rules.facts import Effect


async def standing(session: AsyncSession, case_id: UUID) -> Sequence[Hold]:
    """Return the holds that stand on a case, held until the transaction ends."""
    query = select(Hold).where(Hold.case_id == case_id, Hold.lifted_at.is_(None)).order_by(Hold.placed_at, Hold.id)
    return (await session.scalars(query.with_for_update())).all()


async def hold(session: AsyncSession, hold_id: UUID) -> Hold | None:
    """Return a hold."""
    return (await session.scalars(select(Hold).where(Hold.id == hold_id))).one_or_none()


async def may_be_over(session: AsyncSession, today: date) -> Sequence[UUID]:
    """Return the cases on which a hold stands whose last day has gone by."""
    query = (
        select(Hold.case_id)
        .where(Hold.lifted_at.is_(None), Hold.effect != Effect.STOP, Hold.until < today)
        .distinct()
        .order_by(Hold.case_id)
    )
    return (await session.scalars(query)).all()


async def flag(session: AsyncSession, debtor_id: UUID, code: str) -> SpecialFlagRow | None:
    """Return the flag of a kind that stands on a debtor."""
    query = select(SpecialFlagRow).where(
        SpecialFlagRow.debtor_id == debtor_id, SpecialFlagRow.flag == code, SpecialFlagRow.removed_at.is_(None)
    )
    return (await session.scalars(query.with_for_update())).one_or_none()


async def flag_by_id(session: AsyncSession, debtor_id: UUID, flag_id: UUID) -> SpecialFlagRow | None:
    """Return a flag that stands on a debtor."""
    query = select(SpecialFlagRow).where(
        SpecialFlagRow.debtor_id == debtor_id, SpecialFlagRow.id == flag_id, SpecialFlagRow.removed_at.is_(None)
    )
    return (await session.scalars(query.with_for_update())).one_or_none()
