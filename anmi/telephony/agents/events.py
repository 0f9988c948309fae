"""What happens to agents, as other rooms hear it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anmi.core.agent_life import AgentState
from anmi.kit.events import Event


@dataclass(frozen=True, slots=True)
class AgentMoved(Event):
    """An agent stands somewhere else than before."""

    agent_id: UUID
    holder_id: UUID
    unit_id: UUID
    state: AgentState
    call_id: UUID | None
