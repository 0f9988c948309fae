"""Every SQL statement about trunks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import class_row
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.telephony.agents.models import Agent, PhoneKind
from anmi.telephony.calls.models import Call
from anmi.telephony.trunks.models import Trunk

# One line for a call, and one more for an agent's own mobile.
_LINES: Final = """
SELECT count(*) + count(*) FILTER (WHERE a.phone_kind = 'mobile') AS lines
  FROM calls c LEFT JOIN agents a ON a.id = c.agent_id
 WHERE c.trunk_id = t.id AND c.ended_at IS NULL
"""
# What every call asks goes straight to psycopg.
_USABLE: Final = f"""
SELECT t.id, t.rank, t.capacity - l.lines AS room
  FROM trunks t CROSS JOIN LATERAL ({_LINES}) l
 WHERE t.state = 'active' AND (t.rests_until IS NULL OR t.rests_until <= %(now)s)
   AND (%(engine_id)s::uuid IS NULL OR t.engine_id IS NULL OR t.engine_id = %(engine_id)s)
   AND l.lines < t.capacity
 ORDER BY t.rank, t.id
"""  # noqa: S608 - put together of nothing but our own words
_ROOM: Final = f"""
SELECT t.capacity - l.lines FROM trunks t CROSS JOIN LATERAL ({_LINES}) l WHERE t.id = %s
"""  # noqa: S608 - as above
_MAKE_WELL: Final = """
UPDATE trunks t SET failures = 0, rests_until = NULL FROM calls c
 WHERE c.id = %s AND t.id = c.trunk_id AND (t.failures > 0 OR t.rests_until IS NOT NULL)
RETURNING t.id
"""


@dataclass(frozen=True, slots=True)
class UsableTrunk:
    """A trunk that is open, well and not full, and how many of its lines were free a moment ago."""

    id: UUID
    rank: int
    room: int


async def trunks(session: AsyncSession) -> Sequence[Trunk]:
    """Return all trunks, those dialled over first at the top."""
    return (await session.scalars(select(Trunk).order_by(Trunk.state, Trunk.rank, Trunk.name))).all()


async def trunk(session: AsyncSession, trunk_id: UUID, *, lock: bool = False) -> Trunk | None:
    """Return one trunk."""
    query = select(Trunk).where(Trunk.id == trunk_id)
    return (await session.scalars(query.with_for_update() if lock else query)).one_or_none()


async def lines_now(session: AsyncSession, *conditions: ColumnElement[bool]) -> Mapping[UUID, int]:
    """Count the lines that are taken of each trunk: one for a call, and one more for an agent's own mobile."""
    mobiles = func.count().filter(Agent.phone_kind == PhoneKind.MOBILE)
    query = select(Call.trunk_id, func.count() + mobiles).outerjoin(Agent, Agent.id == Call.agent_id)
    query = query.where(Call.ended_at.is_(None), Call.trunk_id.is_not(None), *conditions)
    counts: dict[UUID, int] = {}
    for trunk_id, count in await session.execute(query.group_by(Call.trunk_id)):
        if trunk_id is not None:
            counts[trunk_id] = count
    return counts


async def hold(driver: AsyncConnection[Any], trunk_id: UUID) -> None:
    """Hold a trunk until the transaction ends. Calls that live on it may still be written."""
    await driver.execute("SELECT FROM trunks WHERE id = %s FOR NO KEY UPDATE", (trunk_id,))


async def room(driver: AsyncConnection[Any], trunk_id: UUID) -> int:
    """Return how many lines of a trunk are free."""
    row = await (await driver.execute(_ROOM, (trunk_id,))).fetchone()
    return row[0] if row else 0


async def usable(driver: AsyncConnection[Any], now: datetime, engine_id: UUID | None) -> list[UsableTrunk]:
    """Return the trunks with room that are active and do not rest, for an engine or for any, lowest rank first."""
    cursor = AsyncCursor(driver, row_factory=class_row(UsableTrunk))
    return await (await cursor.execute(_USABLE, {"now": now, "engine_id": engine_id})).fetchall()


async def trunk_of_call(driver: AsyncConnection[Any], call_id: UUID) -> UUID | None:
    """Return the trunk a call went over."""
    row = await (await driver.execute("SELECT trunk_id FROM calls WHERE id = %s", (call_id,))).fetchone()
    return row[0] if row else None


async def make_well(driver: AsyncConnection[Any], call_id: UUID) -> UUID | None:
    """Forget the failures of the trunk a call went over; return it if there were any: a well one is not touched."""
    row = await (await driver.execute(_MAKE_WELL, (call_id,))).fetchone()
    return row[0] if row else None
