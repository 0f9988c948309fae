"""Calibrations: who judges which calls, and what each has said."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base, Identified, OfTenant, Versioned


class CalibrationState(StrEnum):
    """Whether it is still being judged."""

    OPEN = "open"
    CLOSED = "closed"


class Calibration(Base, Identified, OfTenant, Versioned):
    """A round of calibration; nobody sees what others said before it is closed."""

    __tablename__ = "calibrations"
    __table_args__ = (Index("ix_calibrations_called", "tenant_id", "called_at"),)

    name: Mapped[str]
    state: Mapped[CalibrationState] = mapped_column(default=CalibrationState.OPEN)
    called_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    called_at: Mapped[datetime]
    due_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]


class CalibrationJudge(Base, Identified, OfTenant):
    """An inspector who takes part."""

    __tablename__ = "calibration_judges"
    __table_args__ = (UniqueConstraint("calibration_id", "person_id"),)

    calibration_id: Mapped[UUID] = mapped_column(ForeignKey("calibrations.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)


class CalibrationCall(Base, Identified, OfTenant):
    """A call that is judged, and what the machine had found on it when the round was called."""

    __tablename__ = "calibration_calls"
    __table_args__ = (UniqueConstraint("calibration_id", "inspection_id"),)

    calibration_id: Mapped[UUID] = mapped_column(ForeignKey("calibrations.id", ondelete="CASCADE"))
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"), index=True)
    rank: Mapped[int]
    machine: Mapped[list[str]] = mapped_column(JSONB)
    """Codes of violations."""
    machine_score: Mapped[int]
    pack_version: Mapped[str]


class CalibrationRating(Base, Identified, OfTenant):
    """What one inspector says of one call."""

    __tablename__ = "calibration_ratings"
    __table_args__ = (UniqueConstraint("calibration_call_id", "person_id"),)

    calibration_call_id: Mapped[UUID] = mapped_column(ForeignKey("calibration_calls.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    found: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """Violations: code, severity, and the number of the utterance where there is one."""
    missing: Mapped[list[str]] = mapped_column(JSONB)
    """Codes of what should have been said."""
    score: Mapped[int]
    note: Mapped[str | None]
    rated_at: Mapped[datetime]
