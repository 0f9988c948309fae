"""Entries of the case diary (催记)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base, Identified, OfTenant


class Activity(Base, Identified, OfTenant):
    """What somebody did on a case and what came of it. An entry is corrected by another one, never changed."""

    __tablename__ = "activities"
    __table_args__ = (Index("ix_activities_case", "case_id", "at"), Index("ix_activities_by", "tenant_id", "by", "at"))

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    at: Mapped[datetime]
    by: Mapped[UUID | None]
    action_code: Mapped[str]
    result_code: Mapped[str | None]
    phone_id: Mapped[UUID | None] = mapped_column(ForeignKey("phones.id"))
    attempt_id: Mapped[UUID | None]
    call_id: Mapped[UUID | None]
    note: Mapped[str]
    next_action_at: Mapped[datetime | None]
    corrects: Mapped[UUID | None] = mapped_column(ForeignKey("activities.id"))


class NoteTemplate(Base, Identified, OfTenant):
    """A form of words for notes of one result."""

    __tablename__ = "note_templates"

    result_code: Mapped[str]
    text: Mapped[str]
