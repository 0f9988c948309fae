"""Agents and their phones as HTTP sees them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field

from anmi.core.agent_life import AgentState, NotReadyReason
from anmi.kit.fields import Asked, Line, Seen
from anmi.telephony.agents.models import Agent, PhoneKind
from anmi.telephony.agents.service import AgentView, PhoneLease
from anmi.telephony.engines.service import Standing

SOCKET = "/api/v1/telephony/phone/socket"

Extension = Annotated[str, Field(pattern=r"^[0-9]{2,8}$")]


class AgentToAdd(Asked):
    """Somebody who is given an extension."""

    person_id: UUID
    extension: Extension
    phone_kind: PhoneKind = PhoneKind.BROWSER
    number: Line | None = None


class AgentChanges(Asked):
    """What of an agent is changed; `version` as it was read."""

    version: int
    extension: Extension | None = None
    phone_kind: PhoneKind | None = None
    number: Line | None = None


class AgentSeen(BaseModel):
    """An agent."""

    id: UUID
    person_id: UUID
    name: str
    unit_id: UUID
    unit_name: str
    extension: str | None
    phone_kind: PhoneKind
    has_number: bool
    is_there: bool
    state: AgentState
    reason: NotReadyReason | None
    since: datetime
    call_id: UUID | None
    version: int

    @classmethod
    def of(cls, view: AgentView) -> Self:
        """Say a view as HTTP does."""
        agent = view.agent
        return cls(
            id=agent.id,
            person_id=agent.person_id,
            name=view.name,
            unit_id=agent.unit_id,
            unit_name=view.unit_name,
            extension=agent.extension,
            phone_kind=agent.phone_kind,
            has_number=agent.number_sealed is not None,
            is_there=agent.is_there,
            state=agent.state,
            reason=agent.reason,
            since=agent.since,
            call_id=agent.call_id,
            version=agent.version,
        )


class ColleagueSeen(BaseModel):
    """Somebody a call may be handed to."""

    id: UUID
    name: str
    unit_name: str
    extension: str
    state: AgentState

    @classmethod
    def of(cls, view: AgentView) -> Self:
        """Say a view as HTTP does."""
        agent = view.agent
        return cls(
            id=agent.id,
            name=view.name,
            unit_name=view.unit_name,
            extension=agent.extension or "",
            state=agent.state,
        )


class SpanSeen(Seen):
    """A stretch of time in one state."""

    state: AgentState
    reason: NotReadyReason | None
    call_id: UUID | None
    began_at: datetime
    ended_at: datetime | None


class EngineSeen(Seen):
    """Whether calls can be made, and through what: `rehearsal` reaches nobody outside."""

    switch: str | None
    is_well: bool


class OwnPhone(BaseModel):
    """The caller as an agent; without an extension there is no agent."""

    agent_id: UUID | None = None
    extension: str | None = None
    phone: str | None = None
    phone_kind: PhoneKind | None = None
    is_there: bool = False
    state: AgentState = AgentState.OFFLINE
    reason: NotReadyReason | None = None
    since: datetime | None = None
    call_id: UUID | None = None
    wrap_up_until: datetime | None = None
    engine: EngineSeen

    @classmethod
    def of(cls, agent: Agent | None, engine: Standing) -> Self:
        """Say an agent as HTTP does."""
        if agent is None or agent.extension is None:
            return cls(engine=EngineSeen.model_validate(engine))
        return cls(
            agent_id=agent.id,
            extension=agent.extension,
            phone=agent.phone,
            phone_kind=agent.phone_kind,
            is_there=agent.is_there,
            state=agent.state,
            reason=agent.reason,
            since=agent.since,
            call_id=agent.call_id,
            wrap_up_until=agent.wrap_up_until,
            engine=EngineSeen.model_validate(engine),
        )


class PhoneAsked(Asked):
    """What the caller wants to speak into."""

    kind: PhoneKind = PhoneKind.BROWSER


class PhoneLeased(BaseModel):
    """What a phone registers with; the secret is told once."""

    phone: str
    secret: str
    extension: str
    url: str
    ice_servers: list[str]
    engine: str
    expires_at: datetime

    @classmethod
    def of(cls, lease: PhoneLease) -> Self:
        """Say a lease as HTTP does."""
        return cls(
            phone=lease.phone,
            secret=lease.secret,
            extension=lease.extension,
            url=SOCKET,
            # On one machine, and behind one proxy, host candidates are enough.
            ice_servers=[],
            engine=lease.engine.switch,
            expires_at=lease.expires_at,
        )


class StateAsked(Asked):
    """Whether the caller takes calls, and why not."""

    to: Literal[AgentState.READY, AgentState.NOT_READY]
    reason: NotReadyReason | None = None
