"""What happens to alarms."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anmi.kit.events import Event


@dataclass(frozen=True, slots=True)
class AlarmRaised(Event):
    """A person is called to a live call, and has so many seconds to answer."""

    alarm_id: UUID
    call_id: UUID
    patience_seconds: int


@dataclass(frozen=True, slots=True)
class AlarmEscalated(Event):
    """An alarm has gone to the unit above, which has so many seconds."""

    alarm_id: UUID
    unit_id: UUID
    patience_seconds: int
