"""Alarms."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from anmi.core.inspection.model import Severity
from anmi.kit.db import Base, Identified, OfTenant, Versioned


class AlarmKind(StrEnum):
    """What an alarm is about."""

    VIOLATION = "violation"
    SIGNAL = "signal"
    """The debtor needs something: illness, a complaint, despair, a lawyer, "not me"."""


class AlarmState(StrEnum):
    """Whether somebody has seen to it."""

    OPEN = "open"
    ANSWERED = "answered"
    ESCALATED = "escalated"
    """Nobody answered in time: it is with the next above."""


class Alarm(Base, Identified, OfTenant, Versioned):
    """Something heard on a live call that somebody must see to."""

    __tablename__ = "alarms"
    __table_args__ = (Index("ix_alarms_open", "tenant_id", "state", "raised_at"),)

    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("org_units.id"))
    """Whose supervisor is alarmed; moves up as it escalates."""
    kind: Mapped[AlarmKind]
    code: Mapped[str]
    severity: Mapped[Severity]
    rule_id: Mapped[str | None]
    evidence: Mapped[str]
    began_ms: Mapped[int | None]
    raised_at: Mapped[datetime]
    state: Mapped[AlarmState] = mapped_column(default=AlarmState.OPEN)
    due_at: Mapped[datetime]
    released: Mapped[bool] = mapped_column(default=False)
    """The call was force-released for it, as the agency's policy says."""
    answered_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    deeds: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    """What followed: the hold, the work order, the release."""


class WatchPolicy(Base, Identified, OfTenant, Versioned):
    """What an agency lets the watch do by itself; one row per agency."""

    __tablename__ = "watch_policies"

    release_codes: Mapped[list[str]] = mapped_column(JSONB, default=list)
    """Critical violations that end the call after `release_after` of them."""
    release_after: Mapped[int] = mapped_column(default=2)
    escalate_seconds: Mapped[int] = mapped_column(default=120)
    hot_words: Mapped[list[str]] = mapped_column(JSONB, default=list)
    random_percent: Mapped[int] = mapped_column(default=2)
    """Share of unremarkable calls that a person inspects all the same."""
    dead_air_seconds: Mapped[int] = mapped_column(default=20)
