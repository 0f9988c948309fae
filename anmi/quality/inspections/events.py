"""What happens to inspections."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anmi.kit.events import Event


@dataclass(frozen=True, slots=True)
class CallInspected(Event):
    """The machine has held a call against the rules."""

    inspection_id: UUID
    call_id: UUID
    person_id: UUID | None
    unit_id: UUID | None


@dataclass(frozen=True, slots=True)
class InspectionDecided(Event):
    """A person has had the last word on a call, for now."""

    inspection_id: UUID
    call_id: UUID
    person_id: UUID | None
    unit_id: UUID | None
