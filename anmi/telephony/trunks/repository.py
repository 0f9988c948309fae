"""Every SQL statement about trunks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.telephony.agents.models import Agent, PhoneKind
from anmi.telephony.calls.models import Call
from anmi.telephony.trunks.models import Trunk, TrunkState


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


async def hold(session: AsyncSession, trunk_id: UUID) -> int:
    """Hold a trunk until the transaction ends; return its capacity. Calls that live on it may still be written."""
    query = select(Trunk.capacity).where(Trunk.id == trunk_id).with_for_update(key_share=True)
    return (await session.scalars(query)).one_or_none() or 0


async def open_now(session: AsyncSession, now: datetime, engine_id: UUID | None) -> Sequence[Trunk]:
    """Return the trunks that are active and do not rest, for an engine or for any, in the order of dialling."""
    query = select(Trunk).where(
        Trunk.state == TrunkState.ACTIVE, or_(Trunk.rests_until.is_(None), Trunk.rests_until <= now)
    )
    if engine_id is not None:
        query = query.where(or_(Trunk.engine_id.is_(None), Trunk.engine_id == engine_id))
    return (await session.scalars(query.order_by(Trunk.rank, Trunk.id))).all()


async def trunk_of_call(session: AsyncSession, call_id: UUID) -> UUID | None:
    """Return the trunk a call went over."""
    return (await session.scalars(select(Call.trunk_id).where(Call.id == call_id))).one_or_none()


async def make_well(session: AsyncSession, trunk_id: UUID) -> bool:
    """Forget the failures of a trunk; say whether there were any. One that is well is not even touched."""
    ill = or_(Trunk.failures > 0, Trunk.rests_until.is_not(None))
    healed = update(Trunk).where(Trunk.id == trunk_id, ill).values(failures=0, rests_until=None).returning(Trunk.id)
    return (await session.execute(healed)).one_or_none() is not None
