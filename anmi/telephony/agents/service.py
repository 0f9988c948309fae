"""Agents: who is at work on the phone floor, with which phone, and in which state since when."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm.attributes import set_committed_value

from anmi.core.agent_life import ASKED_FOR, AgentEvent, AgentState, NotReadyReason, step
from anmi.core.audit_actions import AuditAction
from anmi.core.permissions import Permission
from anmi.core.phone_number import PhoneNumber
from anmi.identity.people.models import NAME, Person
from anmi.kit.constraints import refused_as
from anmi.kit.errors import NotFound
from anmi.kit.ids import new_id
from anmi.kit.reaching import in_reach
from anmi.kit.unit_of_work import UnitOfWork
from anmi.telephony.agents import repository
from anmi.telephony.agents.events import AgentMoved
from anmi.telephony.agents.models import NUMBER, Agent, AgentSpan, PhoneKind
from anmi.telephony.agents.refusals import (
    AgentBusy,
    AgentNotThere,
    ExtensionTaken,
    MobileNumberWanted,
    NotAnAgent,
    NotAReason,
    StateNotNow,
)
from anmi.telephony.agents.repository import AgentRow, AtWork, Reached, Standing
from anmi.telephony.engines.models import Engine
from anmi.telephony.engines.service import Engines

__all__ = ["FREE", "AgentBusy", "AgentNotThere", "AgentView", "Agents", "Credentials", "PhoneLease"]

TOPIC: Final = "floor"
OWN_TOPIC: Final = "phone"
SECRET: Final = "agents.secret"  # noqa: S105 - the name of the field
LEASED_FOR: Final = timedelta(hours=12)
"""How long the secret of a phone is good for: a working day."""
WRAP_UP_FOR: Final = timedelta(minutes=3)
FREE: Final = frozenset({AgentState.READY, AgentState.NOT_READY, AgentState.WRAP_UP})
"""Where an agent can be called into a call she asks for."""


@dataclass(frozen=True, slots=True)
class AgentView:
    """An agent as a list shows her."""

    agent: Agent
    name: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class PhoneLease:
    """What a phone registers with, for a while."""

    phone: str
    secret: str
    extension: str
    engine: Engine
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an engine lets a phone in with."""

    agent_id: UUID
    phone: str
    secret: str
    kind: PhoneKind


class Agents:
    """The agents of one agency, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def list_(self) -> list[AgentView]:
        """Return the agents within reach."""
        return [self._view(row) for row in await repository.rows(self._unit.session, self._sight())]

    async def on_floor(self) -> list[AgentView]:
        """Return the agents somebody may watch at work."""
        sight = self._sight(Permission.FLOOR_READ)
        return [self._view(row) for row in await repository.rows(self._unit.session, sight)]

    async def colleagues(self) -> list[AgentView]:
        """Return everybody else of the agency who is at her phone: a call may be handed to her."""
        others = Agent.is_there & (Agent.person_id != self._unit.caller.person_id) & Agent.extension.is_not(None)
        return [self._view(row) for row in await repository.rows(self._unit.session, others)]

    async def on_call(self, call_id: UUID) -> list[AgentView]:
        """Return who is on a call, or on the way to it, for those who may look at the call; no supervisors."""
        on_it = (Agent.call_id == call_id) & Agent.state.in_(_IN_A_CALL)
        return [self._view(row) for row in await repository.rows(self._unit.session, on_it)]

    async def seen(self, agent_id: UUID) -> AgentView:
        """Return one agent within reach."""
        rows = await repository.rows(self._unit.session, Agent.id == agent_id, self._sight())
        if not rows:
            raise NotFound
        return self._view(rows[0])

    async def own(self) -> Agent:
        """Return the caller as an agent."""
        agent = await repository.one(self._unit.session, *self._mine())
        if agent is None:
            raise NotAnAgent
        return agent

    async def get(self, agent_id: UUID) -> Agent:
        """Return an agent, for those who have made sure that she may be spoken of."""
        agent = await repository.one(self._unit.session, Agent.id == agent_id)
        if agent is None:
            raise NotFound
        return agent

    async def reached(self, agent_id: UUID) -> Reached | None:
        """Return where an agent's phone is; None where she is gone."""
        return await repository.reached(self._unit.driver, agent_id)

    async def of_person(self, person_id: UUID) -> Agent | None:
        """Return somebody as an agent, if she is one."""
        return await repository.one(self._unit.session, Agent.person_id == person_id)

    async def add(self, person_id: UUID, extension: str, kind: PhoneKind, number: str | None) -> AgentView:
        """Give somebody an extension."""
        person = await self._unit.session.get(Person, person_id)
        if person is None or not self._unit.rights.of(Permission.AGENTS_WRITE).covers(person.unit_id):
            raise NotFound
        former = await self.of_person(person_id)
        if former is not None and former.extension is not None:
            raise ExtensionTaken
        agent = former or self._new(person)
        async with refused_as(self._unit.session, {"uq_agents_tenant_id_extension": ExtensionTaken()}):
            agent.extension, agent.phone_kind, agent.unit_id = extension, kind, person.unit_id
            self._write_number(agent, number)
            self._unit.session.add(agent)
        self._unit.remember(AuditAction.AGENT_ADDED, ("agent", agent.id), extension=extension, person_id=person_id)
        return await self._after(agent)

    async def change(
        self, agent_id: UUID, version: int, extension: str | None, kind: PhoneKind | None, number: str | None
    ) -> AgentView:
        """Change an agent's extension or phone."""
        agent = await self._held_within(agent_id)
        agent.edit(version)
        async with refused_as(self._unit.session, {"uq_agents_tenant_id_extension": ExtensionTaken()}):
            agent.extension, agent.phone_kind = extension or agent.extension, kind or agent.phone_kind
            self._write_number(agent, number)
        self._unit.remember(AuditAction.AGENT_CHANGED, ("agent", agent.id), extension=agent.extension)
        return await self._after(agent)

    async def remove(self, agent_id: UUID) -> None:
        """Take an extension back from somebody who is not in a call; her times and calls stay."""
        agent = await self._held_within(agent_id)
        if agent.state is not AgentState.OFFLINE:
            raise StateNotNow(state=agent.state)
        self._unit.remember(AuditAction.AGENT_REMOVED, ("agent", agent.id), extension=agent.extension)
        agent.extension, agent.engine_id, agent.number_sealed = None, None, None
        agent.version += 1

    async def spans(self, agent_id: UUID, since: datetime, until: datetime) -> Sequence[AgentSpan]:
        """Return how an agent within reach spent a stretch of time."""
        await self.seen(agent_id)
        return await repository.spans(self._unit.session, agent_id, since, until)

    # ── her phone ──

    async def lease(self, kind: PhoneKind | None = None) -> PhoneLease:
        """Let the caller's phone in; whoever was logged in with it before is turned out."""
        agent = await self._own_held()
        engine = await Engines(self._unit).one_that_is_well(agent.engine_id)
        secret = secrets.token_urlsafe(24)
        agent.phone_kind, agent.engine_id = kind or agent.phone_kind, engine.id
        agent.session_id = self._unit.caller.session_id
        agent.version += 1
        # A page that held the phone before hears at once that it does no longer.
        self._unit.tell(OWN_TOPIC, "PhoneLeased", holder_id=agent.person_id, unit_id=agent.unit_id)
        if agent.phone_kind is PhoneKind.MOBILE:
            # A mobile is always there; it registers with nobody.
            await self.phone_seen(agent.id, is_there=True)
        order = {"kind": "LetIn", "agent_id": str(agent.id), "secret": self._unit.seal(SECRET, secret).hex()}
        await Engines(self._unit).order(engine.id, order)
        return PhoneLease(agent.phone, secret, agent.extension or "", engine, self._unit.now + LEASED_FOR)

    async def credentials(self, agent_id: UUID, sealed: str) -> Credentials:
        """Return what an agent's phone is let in with."""
        agent = await self.get(agent_id)
        secret = self._unit.open(SECRET, bytes.fromhex(sealed))
        return Credentials(agent.id, agent.phone, secret, agent.phone_kind)

    async def leased(self, engine_id: UUID) -> list[Credentials]:
        """Return what an engine whose switch has forgotten it lets phones in with: the leases that still run."""
        since = self._unit.now - LEASED_FOR
        found: list[Credentials] = []
        for order in await Engines(self._unit).latest_orders(engine_id, "LetIn", "agent_id", since):
            agent = await self.get(UUID(order.order["agent_id"]))
            if agent.engine_id == engine_id:
                found.append(await self.credentials(agent.id, order.order["secret"]))
        return found

    async def leave(self) -> None:
        """Log the caller's phone out; she must not be in a call."""
        agent = await self._own_held()
        if agent.state in {AgentState.ON_CALL, AgentState.RESERVED}:
            raise AgentBusy
        if agent.engine_id is not None:
            await Engines(self._unit).order(agent.engine_id, {"kind": "ShutOut", "phone": agent.phone})
        agent.is_there, agent.session_id, agent.engine_id = False, None, None
        self._unit.tell(OWN_TOPIC, "PhoneLeft", holder_id=agent.person_id, unit_id=agent.unit_id)
        await self._move(agent, AgentEvent.LEAVE)

    async def phone_seen(self, agent_id: UUID, *, is_there: bool) -> Agent | None:
        """Write down that a phone has come or gone; a call that was on it is its own affair."""
        agent = await repository.held(self._unit.session, Agent.id == agent_id)
        if agent is None or agent.is_there == is_there:
            return agent
        agent.is_there = is_there
        await self._move(agent, AgentEvent.ARRIVE if is_there else AgentEvent.LEAVE)
        return agent

    # ── her state ──

    async def go(self, to: AgentState, reason: NotReadyReason | None) -> Agent:
        """Let the caller say whether she takes calls."""
        agent = await self._own_held()
        if to is AgentState.READY:
            if not agent.is_there:
                raise AgentNotThere
            event = AgentEvent.FINISH if agent.state is AgentState.WRAP_UP else AgentEvent.GET_READY
            return await self._asked(agent, event)
        if reason not in ASKED_FOR:
            raise NotAReason
        return await self._asked(agent, AgentEvent.TAKE_BREAK, reason)

    async def finish(self) -> Agent:
        """End the caller's wrap-up."""
        agent = await self._own_held()
        return await self._asked(agent, AgentEvent.FINISH)

    async def finish_wrap_up(self, person_id: UUID) -> None:
        """End somebody's wrap-up, if she is in one: her call has its disposition."""
        agent = await repository.held(self._unit.session, Agent.person_id == person_id)
        if agent is not None and agent.state is AgentState.WRAP_UP:
            await self._move(agent, AgentEvent.FINISH)

    async def finish_late_wrap_ups(self) -> None:
        """End the wrap-ups whose time is over."""
        for agent_id in await repository.wrapped_up(self._unit.session, self._unit.now):
            agent = await repository.held(self._unit.session, Agent.id == agent_id)
            if agent is not None and agent.state is AgentState.WRAP_UP:
                await self._move(agent, AgentEvent.FINISH)

    async def require_free(self) -> Agent:
        """Return the caller, held; refuse when she is not there or not free."""
        agent = await self._own_held()
        if not agent.is_there:
            raise AgentNotThere
        if agent.state not in FREE:
            raise AgentBusy
        return agent

    async def reserve(self, agent: Agent, call_id: UUID) -> None:
        """Reserve an agent who is held and free for a call."""
        await self._move(agent, AgentEvent.RESERVE, call_id=call_id)

    async def reserve_ready(self, engine_id: UUID, call_id: UUID) -> Agent | None:
        """Reserve whoever has been ready the longest, if anybody is."""
        agent = await repository.ready(self._unit.session, engine_id)
        if agent is not None:
            await self._move(agent, AgentEvent.RESERVE, call_id=call_id)
        return agent

    async def is_anybody_at(self, engine_id: UUID) -> bool:
        """Say whether anybody sits at a phone of an engine, be she ready or not."""
        return any(agent.is_there for agent in await self.at_engine(engine_id))

    async def happen(self, agent_id: UUID, event: AgentEvent, call_id: UUID) -> None:
        """Move an agent on by what a call means for her; what has no place where she stands is passed over."""
        await self._unit.flush()
        agent = await repository.at_work(self._unit.driver, agent_id)
        # What an earlier call still tells of is no news of the one she is in now.
        if agent is None or (agent.call_id not in {None, call_id} and agent.state in _IN_A_CALL):
            return
        if event is AgentEvent.CONNECT and agent.state in FREE:
            agent = await self._moved(agent, AgentEvent.RESERVE, call_id)
        agent = await self._moved(agent, event, call_id)
        if not agent.is_there and agent.state in FREE:
            await self._moved(agent, AgentEvent.LEAVE)

    async def let_go(self, call_id: UUID) -> None:
        """Free whoever a call that is over still holds."""
        for agent_id in await repository.held_by(self._unit.session, call_id):
            await self.happen(agent_id, AgentEvent.RELEASE, call_id)
            await self.happen(agent_id, AgentEvent.HANG_UP, call_id)

    async def at_engine(self, engine_id: UUID) -> Sequence[Agent]:
        """Return the agents whose phones are at an engine."""
        return await repository.at_engine(self._unit.session, engine_id)

    async def _asked(self, agent: Agent, event: AgentEvent, reason: NotReadyReason | None = None) -> Agent:
        was = agent.state
        if not await self._move(agent, event, reason=reason):
            raise StateNotNow(state=was)
        return agent

    async def _move(
        self, agent: Agent, event: AgentEvent, call_id: UUID | None = None, reason: NotReadyReason | None = None
    ) -> bool:
        """Take one step of an agent's life, if there is one, and keep when."""
        # What else was written of her goes first.
        await self._unit.flush()
        standing = await self._step(agent, event, call_id, reason)
        if standing is None:
            return False
        for name, value in standing.told().items():
            # The row has it already.
            set_committed_value(agent, name, value)
        return True

    async def _moved(self, agent: AtWork, event: AgentEvent, call_id: UUID | None = None) -> AtWork:
        """Return an agent after one step of her life, or as she was where there is none."""
        standing = await self._step(agent, event, call_id)
        return agent if standing is None else replace(agent, state=standing.state, call_id=standing.call_id)

    async def _step(
        self,
        agent: Agent | AtWork,
        event: AgentEvent,
        call_id: UUID | None = None,
        reason: NotReadyReason | None = None,
    ) -> Standing | None:
        following = step(agent.state, event)
        if following is None:
            return None
        now = self._unit.now
        standing = Standing(
            following,
            now,
            reason=(reason or _REASONS.get(event)) if following is AgentState.NOT_READY else None,
            call_id=(call_id or agent.call_id) if following in _OF_A_CALL else None,
            wrap_up_until=now + WRAP_UP_FOR if following is AgentState.WRAP_UP else None,
        )
        await repository.move(self._unit.driver, agent, standing, new_id())
        moved = AgentMoved(agent.id, agent.person_id, agent.unit_id, following, standing.call_id)
        self._unit.announce(moved, TOPIC)
        # Who may not look at the floor still hears of her own phone.
        self._unit.tell(OWN_TOPIC, "AgentMoved", holder_id=agent.person_id, unit_id=agent.unit_id, state=following)
        return standing

    async def _own_held(self) -> Agent:
        agent = await repository.held(self._unit.session, *self._mine())
        if agent is None:
            raise NotAnAgent
        return agent

    async def _held_within(self, agent_id: UUID) -> Agent:
        sight = self._sight(Permission.AGENTS_WRITE)
        agent = await repository.held(self._unit.session, Agent.id == agent_id, sight)
        if agent is None:
            raise NotFound
        return agent

    async def _after(self, agent: Agent) -> AgentView:
        await self._unit.session.flush()
        return self._view((await repository.rows(self._unit.session, Agent.id == agent.id))[0])

    def _write_number(self, agent: Agent, number: str | None) -> None:
        if number is not None:
            read = PhoneNumber.read(number)
            if read is None:
                raise MobileNumberWanted
            agent.number_sealed = self._unit.seal(NUMBER, read.digits)
        if agent.phone_kind is PhoneKind.MOBILE and agent.number_sealed is None:
            raise MobileNumberWanted

    def _sight(self, permission: Permission = Permission.AGENTS_READ) -> ColumnElement[bool]:
        reach = self._unit.rights.of(permission)
        return in_reach(reach, self._unit.caller, Agent.unit_id, Agent.person_id) & Agent.extension.is_not(None)

    def _mine(self) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return Agent.person_id == self._unit.caller.person_id, Agent.extension.is_not(None)

    def _new(self, person: Person) -> Agent:
        return Agent(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            person_id=person.id,
            # One name in the whole installation, that says nothing about whose it is.
            phone=f"p{secrets.token_hex(6)}",
            state=AgentState.OFFLINE,
            since=self._unit.now,
            is_there=False,
            version=1,
        )

    def _view(self, row: AgentRow) -> AgentView:
        return AgentView(row.agent, self._unit.open(NAME, row.name_sealed), row.unit_name)


_IN_A_CALL: Final = frozenset({AgentState.RESERVED, AgentState.ON_CALL})
_OF_A_CALL: Final = _IN_A_CALL | {AgentState.WRAP_UP}
_REASONS: Final = {
    AgentEvent.ARRIVE: NotReadyReason.LOGGED_IN,
    AgentEvent.MISS: NotReadyReason.MISSED_CALL,
    AgentEvent.LOSE_PHONE: NotReadyReason.PHONE_LOST,
}
