"""Scorecards."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base, Identified, OfTenant, Versioned


class Scorecard(Base, Identified, OfTenant, Versioned):
    """What a call is scored by; a creditor may have one of her own."""

    __tablename__ = "scorecards"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    name: Mapped[str]
    subject_kind: Mapped[str | None]
    owner_id: Mapped[UUID | None]
    """Opaque: whose calls it is for; none: everybody's."""
    is_active: Mapped[bool] = mapped_column(default=True)
    passing: Mapped[int] = mapped_column(default=80)
    made_at: Mapped[datetime]


class Criterion(Base, Identified, OfTenant):
    """One line of a scorecard."""

    __tablename__ = "criteria"
    __table_args__ = (UniqueConstraint("scorecard_id", "code"),)

    scorecard_id: Mapped[UUID] = mapped_column(ForeignKey("scorecards.id", ondelete="CASCADE"))
    code: Mapped[str]
    zh: Mapped[str]
    en: Mapped[str]
    weight: Mapped[int]
    """Points of 100."""
    is_critical: Mapped[bool] = mapped_column(default=False)
    """Failed, the whole call is failed (一票否决)."""
    rules: Mapped[list[Any]] = mapped_column(JSONB)
    """Codes of violations that cost its points, and of positives that must be there."""
    rank: Mapped[int]
