"""Every SQL statement about agents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg import AsyncConnection
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import set_committed_value

from anmi.core.agent_life import AgentState, NotReadyReason
from anmi.identity.org_units.models import OrgUnit
from anmi.identity.people.models import Person
from anmi.telephony.agents.models import Agent, AgentSpan

# Every call moves its agent three times: one statement, straight to psycopg.
_MOVE: Final = """
WITH moved AS (UPDATE agents SET state = %(state)s, since = %(since)s, reason = %(reason)s, call_id = %(call_id)s,
                                 wrap_up_until = %(wrap_up_until)s
                WHERE id = %(agent_id)s),
     ended AS (UPDATE agent_spans SET ended_at = %(since)s WHERE agent_id = %(agent_id)s AND ended_at IS NULL)
INSERT INTO agent_spans (id, tenant_id, agent_id, state, reason, call_id, began_at)
VALUES (%(span_id)s, %(tenant_id)s, %(agent_id)s, %(state)s, %(reason)s, %(call_id)s, %(since)s)
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an agent stands, since when, why, and with which call."""

    state: AgentState
    since: datetime
    reason: NotReadyReason | None
    call_id: UUID | None
    wrap_up_until: datetime | None


@dataclass(frozen=True, slots=True)
class AgentRow:
    """An agent with her sealed name and her unit's."""

    agent: Agent
    name_sealed: bytes
    unit_name: str


async def rows(session: AsyncSession, *conditions: ColumnElement[bool]) -> list[AgentRow]:
    """Return agents with their names, by extension."""
    query: Any = (
        select(Agent, Person.name_sealed, OrgUnit.name)
        .join(Person, Person.id == Agent.person_id)
        .join(OrgUnit, OrgUnit.id == Agent.unit_id)
        .where(*conditions)
        .order_by(Agent.extension)
    )
    return [AgentRow(*row) for row in (await session.execute(query)).all()]


async def held(session: AsyncSession, *conditions: ColumnElement[bool]) -> Agent | None:
    """Return one agent, held until the transaction ends, as she stands now."""
    query = select(Agent).where(*conditions).with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def one(session: AsyncSession, *conditions: ColumnElement[bool]) -> Agent | None:
    """Return one agent."""
    return (await session.scalars(select(Agent).where(*conditions))).one_or_none()


async def ready(session: AsyncSession, engine_id: UUID) -> Agent | None:
    """Return the agent who has been ready the longest, held; one that is being given work is passed over."""
    query = (
        select(Agent)
        .where(Agent.engine_id == engine_id, Agent.is_there, Agent.state == AgentState.READY)
        .order_by(Agent.since)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(query)).one_or_none()


async def at_engine(session: AsyncSession, engine_id: UUID) -> Sequence[Agent]:
    """Return the agents whose phones are at an engine."""
    return (await session.scalars(select(Agent).where(Agent.engine_id == engine_id))).all()


async def held_by(session: AsyncSession, call_id: UUID) -> Sequence[UUID]:
    """Return the agents who are reserved for a call, or on it."""
    in_it = Agent.state.in_((AgentState.RESERVED, AgentState.ON_CALL))
    return (await session.scalars(select(Agent.id).where(Agent.call_id == call_id, in_it))).all()


async def wrapped_up(session: AsyncSession, now: datetime) -> Sequence[UUID]:
    """Return the agents whose time for the wrap-up is over."""
    query = select(Agent.id).where(Agent.state == AgentState.WRAP_UP, Agent.wrap_up_until < now)
    return (await session.scalars(query)).all()


async def spans(session: AsyncSession, agent_id: UUID, since: datetime, until: datetime) -> Sequence[AgentSpan]:
    """Return how an agent spent a stretch of time, in order."""
    query = select(AgentSpan).where(
        AgentSpan.agent_id == agent_id,
        AgentSpan.began_at < until,
        (AgentSpan.ended_at.is_(None)) | (AgentSpan.ended_at > since),
    )
    return (await session.scalars(query.order_by(AgentSpan.began_at))).all()


async def move(driver: AsyncConnection[Any], agent: Agent, standing: Standing, span_id: UUID) -> None:
    """Let an agent stand somewhere else from now on: the stretch of time that is running ends, another begins."""
    told = asdict(standing)
    await driver.execute(_MOVE, told | {"agent_id": agent.id, "tenant_id": agent.tenant_id, "span_id": span_id})
    for name, value in told.items():
        # The row has it already.
        set_committed_value(agent, name, value)
