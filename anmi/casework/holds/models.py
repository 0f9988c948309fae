"""Holds (停催) and special groups (特殊人群)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from anmi.core.contact_rules.facts import Effect, HoldReason
from anmi.kit.db import Base, Identified, OfTenant, Versioned


class Hold(Base, Identified, OfTenant, Versioned):
    """Why collection of a case is suspended or narrowed, and until when."""

    __tablename__ = "holds"
    __table_args__ = (Index("ix_holds_open", "case_id", postgresql_where=text("lifted_at IS NULL")),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    reason: Mapped[HoldReason]
    effect: Mapped[Effect]
    note: Mapped[str]
    until: Mapped[date | None]
    placed_at: Mapped[datetime]
    placed_by: Mapped[UUID | None]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[UUID | None]
    lift_note: Mapped[str | None]


class SpecialFlagRow(Base, Identified, OfTenant, Versioned):
    """A debtor belongs to a special group: all of her cases are treated so."""

    __tablename__ = "special_flags"
    __table_args__ = (
        Index(
            "uq_special_flags_standing", "debtor_id", "flag", unique=True, postgresql_where=text("removed_at IS NULL")
        ),
    )

    debtor_id: Mapped[UUID] = mapped_column(ForeignKey("debtors.id"), index=True)
    flag: Mapped[str]
    note: Mapped[str]
    flagged_at: Mapped[datetime]
    flagged_by: Mapped[UUID | None]
    reviewed_until: Mapped[date | None]
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[UUID | None]
