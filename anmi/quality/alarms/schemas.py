"""Alarms as HTTP sees them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from anmi.core.alarms import AlarmAnswer, AlarmKind, AlarmStatus
from anmi.core.inspection.model import Severity
from anmi.kit.fields import Asked, Reason, Seen
from anmi.quality.alarms.repository import AlarmFigures, CodeFigure
from anmi.quality.alarms.service import AlarmView


class AlarmSeen(Seen):
    """An alarm as the wall shows it; `said_seconds` from the moment the two were connected."""

    id: UUID
    call_id: UUID
    person_id: UUID | None
    name: str | None
    unit_id: UUID | None
    unit_name: str | None
    kind: AlarmKind
    code: str
    severity: Severity
    title: str
    words: str
    said_seconds: float
    at: datetime
    is_live: bool
    """The call still lasts."""
    has_released: bool
    status: AlarmStatus
    deadline: datetime | None
    escalated_at: datetime | None
    escalated_to_unit_id: UUID | None
    answered_by: UUID | None
    answered_by_name: str | None
    answered_at: datetime | None
    answer: AlarmAnswer | None
    note: str | None
    version: int

    @classmethod
    def of(cls, view: AlarmView) -> AlarmSeen:
        """Return it as HTTP says it."""
        alarm = view.row.alarm
        return cls(
            id=alarm.id,
            call_id=alarm.call_id,
            person_id=alarm.person_id,
            name=view.name,
            unit_id=alarm.unit_id,
            unit_name=view.row.unit_name,
            kind=alarm.kind,
            code=alarm.code,
            severity=alarm.severity,
            title=alarm.title,
            words=alarm.words,
            said_seconds=alarm.said_ms / 1000,
            at=alarm.at,
            is_live=view.row.is_live,
            has_released=alarm.has_released,
            status=alarm.status,
            deadline=alarm.deadline,
            escalated_at=alarm.escalated_at,
            escalated_to_unit_id=alarm.escalated_to_unit_id,
            answered_by=alarm.answered_by,
            answered_by_name=view.answered_by_name,
            answered_at=alarm.answered_at,
            answer=alarm.answer,
            note=alarm.note,
            version=alarm.version,
        )


class AlarmAnswerAsked(Asked):
    """What was done about an alarm."""

    answer: AlarmAnswer
    note: Reason | None = None
    version: int


class AlarmEscalationAsked(Asked):
    """Why an alarm is handed to the unit above."""

    note: Reason | None = None


class AlarmCodeFigure(Seen):
    """How often a code was alarmed, and how often that was unfounded."""

    kind: AlarmKind
    code: str
    alarms: int
    unanswered: int
    unfounded: int


class AlarmFiguresSeen(Seen):
    """What alarms come to; `median_seconds` to the answer, null where none was answered."""

    alarms: int
    unanswered: int
    escalated: int
    median_seconds: int | None
    by_code: list[AlarmCodeFigure]

    @classmethod
    def of(cls, figures: AlarmFigures, by_code: list[CodeFigure]) -> AlarmFiguresSeen:
        """Return them as HTTP says it."""
        return cls(
            alarms=figures.alarms,
            unanswered=figures.unanswered,
            escalated=figures.escalated,
            median_seconds=figures.median_seconds,
            by_code=[AlarmCodeFigure.model_validate(figure) for figure in by_code],
        )
