"""Calibration."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base, Identified, OfTenant


class CalibrationRound(Base, Identified, OfTenant):
    """Some calls that several inspectors score without seeing each other's."""

    __tablename__ = "calibration_rounds"

    name: Mapped[str]
    opened_by: Mapped[UUID | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    inspection_ids: Mapped[list[str]] = mapped_column(JSONB)
    inspector_ids: Mapped[list[str]] = mapped_column(JSONB)


class CalibrationScore(Base, Identified, OfTenant):
    """What one inspector says of one call of a round."""

    __tablename__ = "calibration_scores"
    __table_args__ = (UniqueConstraint("round_id", "inspection_id", "inspector_id"),)

    round_id: Mapped[UUID] = mapped_column(ForeignKey("calibration_rounds.id"))
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"))
    inspector_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    score: Mapped[int]
    verdicts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """By the id of the finding; and the codes she adds."""
    scored_at: Mapped[datetime]
