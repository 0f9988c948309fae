"""Every SQL statement about agents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import class_row
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.core.agent_life import AgentState, NotReadyReason
from anmi.identity.org_units.models import OrgUnit
from anmi.identity.people.models import Person
from anmi.telephony.agents.models import Agent, AgentSpan, PhoneKind

# Every call moves its agent three times: one statement, straight to psycopg.
_MOVE: Final = """
WITH moved AS (UPDATE agents SET state = %(state)s, since = %(since)s, reason = %(reason)s, call_id = %(call_id)s,
                                 wrap_up_until = %(wrap_up_until)s
                WHERE id = %(agent_id)s),
     ended AS (UPDATE agent_spans SET ended_at = %(since)s WHERE agent_id = %(agent_id)s AND ended_at IS NULL)
INSERT INTO agent_spans (id, tenant_id, agent_id, state, reason, call_id, began_at)
VALUES (%(span_id)s, %(tenant_id)s, %(agent_id)s, %(state)s, %(reason)s, %(call_id)s, %(since)s)
"""
_AT_WORK: Final = """
SELECT id, tenant_id, person_id, unit_id, state, call_id, is_there FROM agents WHERE id = %s FOR UPDATE
"""
_REACHED: Final = "SELECT phone, phone_kind, number_sealed FROM agents WHERE id = %s"


@dataclass(frozen=True, slots=True)
class AtWork:
    """An agent who is held: who she is, and where she stands."""

    id: UUID
    tenant_id: UUID
    person_id: UUID
    unit_id: UUID
    state: AgentState
    call_id: UUID | None
    is_there: bool

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", AgentState(self.state))


@dataclass(frozen=True, slots=True)
class Reached:
    """Where an agent's phone is."""

    phone: str
    phone_kind: PhoneKind
    number_sealed: bytes | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an agent stands, since when, why, and with which call."""

    state: AgentState
    since: datetime
    reason: NotReadyReason | None
    call_id: UUID | None
    wrap_up_until: datetime | None

    def told(self) -> dict[str, Any]:
        """Return it as the row has it."""
        return {
            "state": self.state,
            "since": self.since,
            "reason": self.reason,
            "call_id": self.call_id,
            "wrap_up_until": self.wrap_up_until,
        }


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


async def at_work(driver: AsyncConnection[Any], agent_id: UUID) -> AtWork | None:
    """Return one agent as she stands now, held until the transaction ends."""
    cursor = AsyncCursor(driver, row_factory=class_row(AtWork))
    return await (await cursor.execute(_AT_WORK, (agent_id,))).fetchone()


async def reached(driver: AsyncConnection[Any], agent_id: UUID) -> Reached | None:
    """Return where an agent's phone is."""
    cursor = AsyncCursor(driver, row_factory=class_row(Reached))
    return await (await cursor.execute(_REACHED, (agent_id,))).fetchone()


async def move(driver: AsyncConnection[Any], agent: Agent | AtWork, standing: Standing, span_id: UUID) -> None:
    """Let an agent stand somewhere else from now on: the stretch of time that is running ends, another begins."""
    whose = {"agent_id": agent.id, "tenant_id": agent.tenant_id, "span_id": span_id}
    await driver.execute(_MOVE, standing.told() | whose)
