"""Transcripts as HTTP sees them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from anmi.kit.fields import Seen
from anmi.telephony.transcripts.models import TranscriptState
from anmi.telephony.transcripts.service import Hit, TranscriptView


class UtteranceSeen(Seen):
    """What one side said between two pauses; channel 0 is the debtor's side, 1 what the debtor heard."""

    number: int
    channel: int
    began_ms: int
    ended_ms: int
    text: str
    confidence: int | None
    is_masked: bool


class TranscriptSeen(Seen):
    """The transcript of a call."""

    call_id: UUID
    recording_id: UUID
    state: TranscriptState
    failure: str | None
    model: str | None
    milliseconds: int
    is_damaged: bool
    missed: list[dict[str, Any]]
    asked_at: datetime
    written_at: datetime | None
    lines: list[UtteranceSeen]

    @classmethod
    def of(cls, view: TranscriptView) -> TranscriptSeen:
        """Return it as HTTP says it."""
        transcript = view.transcript
        return cls(
            call_id=transcript.call_id,
            recording_id=transcript.recording_id,
            state=transcript.state,
            failure=transcript.failure,
            model=transcript.model,
            milliseconds=transcript.milliseconds,
            is_damaged=transcript.is_damaged,
            missed=transcript.missed,
            asked_at=transcript.asked_at,
            written_at=transcript.written_at,
            lines=[UtteranceSeen.model_validate(line) for line in view.lines],
        )


class HitSeen(Seen):
    """A call on which something was said."""

    call_id: UUID
    asked_at: datetime
    person_id: UUID | None
    subject_kind: str | None
    subject_id: UUID | None
    number_masked: str
    lines: list[UtteranceSeen]

    @classmethod
    def of(cls, hit: Hit) -> HitSeen:
        """Return it as HTTP says it."""
        call = hit.call
        return cls(
            call_id=call.id,
            asked_at=call.asked_at,
            person_id=call.person_id,
            subject_kind=call.subject_kind,
            subject_id=call.subject_id,
            number_masked=call.number_masked,
            lines=[UtteranceSeen.model_validate(line) for line in hit.lines],
        )


class BacklogSeen(Seen):
    """What waits for the recogniser, and for how long the first of it has waited."""

    waiting: int
    oldest_at: datetime | None
    milliseconds: int
