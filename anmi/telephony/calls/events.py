"""What happens to calls, as other rooms hear it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anmi.core.call_legs import Ending
from anmi.core.call_views import CallPhase, Direction
from anmi.core.number_state import NumberState
from anmi.kit.events import Event


@dataclass(frozen=True, slots=True)
class CallMoved(Event):
    """A call has come further, has come to somebody else, or a guest has come or gone."""

    call_id: UUID
    phase: CallPhase
    agent_id: UUID | None
    holder_id: UUID | None
    unit_id: UUID | None
    subject_kind: str | None
    subject_id: UUID | None


@dataclass(frozen=True, slots=True)
class CallConnected(Event):
    """Agent and debtor hear one another."""

    call_id: UUID
    person_id: UUID | None
    subject_kind: str | None
    subject_id: UUID | None


@dataclass(frozen=True, slots=True)
class NumberLearnt(Event):
    """After its end, more was learnt of the number that was called."""

    call_id: UUID
    subject_kind: str | None
    subject_id: UUID | None
    permit_id: UUID | None
    number_state: NumberState


@dataclass(frozen=True, slots=True)
class CallEnded(Event):
    """A call is over. `ending` is that of the debtor's leg; none: it never came to be."""

    call_id: UUID
    direction: Direction
    person_id: UUID | None
    subject_kind: str | None
    subject_id: UUID | None
    point_id: UUID | None
    permit_id: UUID | None
    ending: Ending | None
    number_state: NumberState | None
    was_answered: bool
    talked_seconds: int
    refused_rule: str | None
