"""Every SQL statement of the live watch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.kit.ids import new_id
from anmi.quality.live_watch.models import LiveLine, WatchedCall, Watcher, WatchPolicyRow
from anmi.telephony.calls.models import Call


async def call(session: AsyncSession, *conditions: ColumnElement[bool]) -> Call | None:
    """Return one call."""
    query = select(Call).where(*conditions).execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def watched(session: AsyncSession, call_id: UUID) -> WatchedCall | None:
    """Return what stands of a call."""
    query = select(WatchedCall).where(WatchedCall.call_id == call_id).execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def locked(session: AsyncSession, call_id: UUID) -> WatchedCall | None:
    """Return what stands of a call, held until the transaction ends."""
    query = select(WatchedCall).where(WatchedCall.call_id == call_id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def lines(session: AsyncSession, call_id: UUID, above: int = 0) -> Sequence[LiveLine]:
    """Return the lines of a call after the one of a number, in the order they were heard."""
    query = select(LiveLine).where(LiveLine.call_id == call_id, LiveLine.number > above).order_by(LiveLine.number)
    return (await session.scalars(query)).all()


async def drop_lines(session: AsyncSession, call_id: UUID) -> None:
    """Delete the live text of a call."""
    await session.execute(delete(LiveLine).where(LiveLine.call_id == call_id))


async def drop_watched(session: AsyncSession, call_id: UUID) -> None:
    """Delete what stands of a call."""
    await session.execute(delete(WatchedCall).where(WatchedCall.call_id == call_id))


async def policy(session: AsyncSession) -> WatchPolicyRow | None:
    """Return how the agency of this session wants to be watched."""
    return await session.scalar(select(WatchPolicyRow))


async def beat(session: AsyncSession, name: str, model: str | None, calls: int, now: datetime) -> None:
    """Write down that a watcher lives."""
    told = {"model": model, "calls": calls, "seen_at": now}
    row = insert(Watcher).values(id=new_id(), name=name, **told)
    await session.execute(row.on_conflict_do_update(index_elements=[Watcher.name], set_=told))


async def last_heard_of(session: AsyncSession) -> Watcher | None:
    """Return the watcher that was seen last."""
    return await session.scalar(select(Watcher).order_by(Watcher.seen_at.desc()).limit(1))


async def count_lines(session: AsyncSession, call_id: UUID) -> int:
    """Return the number of the last line of a call."""
    query = select(func.coalesce(func.max(LiveLine.number), 0)).where(LiveLine.call_id == call_id)
    return (await session.scalar(query)) or 0
