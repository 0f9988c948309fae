"""Call records as lists and files show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from anmi.core.call_legs import Ending
from anmi.core.number_state import NumberState
from anmi.core.permissions import Words
from anmi.telephony.calls.models import CallPhase, Direction
from anmi.telephony.recordings.models import RecordingState


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """Which calls a list shows; days are China's, the last one included."""

    from_on: date | None = None
    to_on: date | None = None
    agent_id: UUID | None = None
    person_id: UUID | None = None
    unit_id: UUID | None = None
    direction: Direction | None = None
    ending: frozenset[Ending] = frozenset()
    number_state: frozenset[NumberState] = frozenset()
    min_talk: int | None = None
    caller_id_id: UUID | None = None
    trunk_id: UUID | None = None
    subject_id: UUID | None = None
    answered: bool | None = None
    recorded: bool | None = None
    call_ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class RecordView:
    """A call in a list."""

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


@dataclass(frozen=True, slots=True)
class Told:
    """A line of a journal in words."""

    number: int
    at: datetime
    kind: str
    words: Words


@dataclass(frozen=True, slots=True)
class RecordDetail:
    """A call with its journal, and what its ending was read from."""

    view: RecordView
    evidence: Mapping[str, Any] | None
    refused_reason: str | None
    journal: list[Told] = field(default_factory=list[Told])
