"""What happens to recordings."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anmi.kit.events import Event


@dataclass(frozen=True, slots=True)
class RecordingSealed(Event):
    """The sound of a call lies sealed on this machine; its raw file may go."""

    recording_id: UUID
    call_id: UUID


@dataclass(frozen=True, slots=True)
class RecordingKept(Event):
    """The sound of a call has reached its storage."""

    recording_id: UUID
    call_id: UUID


@dataclass(frozen=True, slots=True)
class RecordingDeleted(Event):
    """The time of a recording was over; its sound is gone, its row and hash stay."""

    recording_id: UUID
    call_id: UUID
