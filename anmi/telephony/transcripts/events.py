"""What happens to transcripts."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anmi.kit.events import Event


@dataclass(frozen=True, slots=True)
class TranscriptAsked(Event):
    """The text of a call is wanted."""

    transcript_id: UUID
    call_id: UUID
    recording_id: UUID
    priority: int


@dataclass(frozen=True, slots=True)
class TranscriptWritten(Event):
    """There is text of a call."""

    transcript_id: UUID
    call_id: UUID


@dataclass(frozen=True, slots=True)
class TranscriptMissing(Event):
    """There will be no text of a call, and why; what can be held against facts and times still can."""

    transcript_id: UUID
    call_id: UUID
    failure: str
