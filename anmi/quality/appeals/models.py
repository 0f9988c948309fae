"""Appeals."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base, Identified, OfTenant, Versioned


class AppealState(StrEnum):
    """The life of an appeal."""

    OPEN = "open"
    GRANTED = "granted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Appeal(Base, Identified, OfTenant, Versioned):
    """An agent's word against an inspection, decided by somebody other than its inspector."""

    __tablename__ = "appeals"
    __table_args__ = (Index("ix_appeals_open", "tenant_id", "state", "appealed_at"),)

    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"), index=True)
    finding_id: Mapped[UUID | None] = mapped_column(ForeignKey("findings.id"))
    """None: against the score as a whole."""
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("org_units.id"))
    reason: Mapped[str]
    state: Mapped[AppealState] = mapped_column(default=AppealState.OPEN)
    appealed_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    answer: Mapped[str | None]
