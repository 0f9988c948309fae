"""What happens in allocation, as other rooms hear it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anmi.kit.events import Event


@dataclass(frozen=True, slots=True)
class AllocationCarriedOut(Event):
    """Cases went into other hands."""

    run_id: UUID


@dataclass(frozen=True, slots=True)
class AllocationUndone(Event):
    """Cases went back to where they were before."""

    run_id: UUID


@dataclass(frozen=True, slots=True)
class AssistAsked(Event):
    """Somebody asks for another hand on a case."""

    request_id: UUID
    case_id: UUID
    unit_id: UUID | None
    holder_id: UUID | None


@dataclass(frozen=True, slots=True)
class AssistMoved(Event):
    """A request for help was taken, answered or withdrawn."""

    request_id: UUID
    case_id: UUID
    unit_id: UUID | None
    holder_id: UUID | None
