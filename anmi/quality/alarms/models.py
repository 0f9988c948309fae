"""Alarms."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from anmi.core.alarms import AlarmAnswer, AlarmKind, AlarmStatus
from anmi.core.inspection.model import Severity
from anmi.kit.db import Base, Identified, OfTenant, Versioned


class Alarm(Base, Identified, OfTenant, Versioned):
    """One thing on one live call that a person should look at."""

    __tablename__ = "alarms"
    __table_args__ = (
        Index("ix_alarms_at", "tenant_id", "at"),
        Index("ix_alarms_call", "call_id"),
        Index("ix_alarms_unanswered", "tenant_id", "deadline", postgresql_where="status <> 'answered'"),
    )

    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    """The agent on the call."""
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("org_units.id"))
    kind: Mapped[AlarmKind]
    code: Mapped[str]
    """`V01` …, the name of a signal, `silence`, `overlong`."""
    severity: Mapped[Severity]
    title: Mapped[str]
    words: Mapped[str]
    """The sentence it is about, with long digits masked; blank once the call's recording has been deleted."""
    said_ms: Mapped[int]
    """When it was said, from the moment the two were connected."""
    at: Mapped[datetime]
    has_released: Mapped[bool] = mapped_column(default=False)
    """The call was ended by force for it."""
    status: Mapped[AlarmStatus] = mapped_column(default=AlarmStatus.OPEN)
    patience_seconds: Mapped[int]
    """How long each unit has to answer."""
    deadline: Mapped[datetime | None]
    """When it goes to the unit above; none: nobody stands above, or it is answered."""
    escalated_at: Mapped[datetime | None]
    escalated_to_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("org_units.id"))
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]
    answer: Mapped[AlarmAnswer | None]
    note: Mapped[str | None]
