"""The live floor as HTTP sees it."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from anmi.core.agent_life import AgentState, NotReadyReason
from anmi.core.call_views import CallPhase, Direction
from anmi.kit.fields import Seen
from anmi.telephony.agents.models import PhoneKind
from anmi.telephony.agents.service import AgentView


class AgentOnFloor(BaseModel):
    """An agent at work."""

    id: UUID
    person_id: UUID
    name: str
    unit_id: UUID
    unit_name: str
    extension: str | None
    phone_kind: PhoneKind
    is_there: bool
    state: AgentState
    reason: NotReadyReason | None
    since: datetime
    call_id: UUID | None

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
            is_there=agent.is_there,
            state=agent.state,
            reason=agent.reason,
            since=agent.since,
            call_id=agent.call_id,
        )


class CallOnFloor(Seen):
    """A live call; whom it is with is masked."""

    id: UUID
    direction: Direction
    phase: CallPhase
    unit_id: UUID | None
    agent_id: UUID | None
    person_id: UUID | None
    number_masked: str
    asked_at: datetime
    answered_at: datetime | None
    connected_at: datetime | None


class EngineOnFloor(Seen):
    """Whether calls can be made, and through what: `rehearsal` reaches nobody outside."""

    switch: str | None
    is_well: bool


class FloorSeen(BaseModel):
    """The live floor within somebody's reach."""

    at: datetime
    agents: list[AgentOnFloor]
    calls: list[CallOnFloor]
    waiting: int
    engine: EngineOnFloor
