"""Call records as HTTP sees them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, Field

from anmi.core.call_legs import Ending
from anmi.core.number_state import NumberState
from anmi.kit.fields import Seen
from anmi.telephony.calls.models import CallPhase, Direction
from anmi.telephony.recordings.models import RecordingState
from anmi.telephony.records.service import Figures, RecordDetail, RecordFilter


class RecordQuery(BaseModel):
    """Which calls are wanted; days are China's, the last one included."""

    from_on: date | None = None
    to_on: date | None = None
    agent_id: UUID | None = None
    person_id: UUID | None = None
    unit_id: UUID | None = None
    direction: Direction | None = None
    ending: frozenset[Ending] = frozenset()
    number_state: frozenset[NumberState] = frozenset()
    min_talk: Annotated[int | None, Field(ge=0, le=86_400)] = None
    caller_id_id: UUID | None = None
    trunk_id: UUID | None = None
    subject_id: UUID | None = None
    answered: bool | None = None
    recorded: bool | None = None

    def wanted(self) -> RecordFilter:
        """Return the filter as the service takes it."""
        return RecordFilter(**{name: getattr(self, name) for name in RecordQuery.model_fields})


class RecordSeen(Seen):
    """A call; its number is masked for everybody."""

    id: UUID
    direction: Direction
    phase: CallPhase
    asked_at: datetime
    ringing_at: datetime | None
    answered_at: datetime | None
    connected_at: datetime | None
    ended_at: datetime | None
    talk_seconds: int
    held_seconds: int
    number_masked: str
    subject_kind: str | None
    subject_id: UUID | None
    agent_id: UUID | None
    person_id: UUID | None
    extension: str | None
    agent_name: str | None
    unit_name: str | None
    trunk_name: str | None
    caller_id: str | None
    ending: Ending | None
    ended_by: str | None
    number_state: NumberState | None
    refused_rule: str | None
    recording_id: UUID | None
    recording_state: RecordingState | None


class JournalLineSeen(BaseModel):
    """A line of a journal, told."""

    number: int
    at: datetime
    kind: str
    zh: str
    en: str


class RecordInFull(RecordSeen):
    """A call with its journal, and what its ending was read from."""

    evidence: dict[str, Any] | None
    refused_reason: str | None
    journal: list[JournalLineSeen]

    @classmethod
    def of(cls, detail: RecordDetail) -> Self:
        """Say a detail as HTTP does."""
        return cls(
            **RecordSeen.model_validate(detail.view).model_dump(),
            evidence=dict(detail.evidence) if detail.evidence is not None else None,
            refused_reason=detail.refused_reason,
            journal=[
                JournalLineSeen(number=line.number, at=line.at, kind=line.kind, zh=line.words.zh, en=line.words.en)
                for line in detail.journal
            ],
        )


class CallFiguresSeen(BaseModel):
    """What the calls of a filter come to."""

    calls: int
    answered: int
    talk_seconds: int
    endings: dict[Ending, int]

    @classmethod
    def of(cls, figures: Figures) -> Self:
        """Say figures as HTTP does."""
        return cls(
            calls=figures.calls,
            answered=figures.answered,
            talk_seconds=figures.talk_seconds,
            endings=dict(figures.endings),
        )
