"""Promises to pay (承诺还款)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base, Identified, OfTenant, Versioned


class PromiseToPay(Base, Identified, OfTenant, Versioned):
    """What a debtor said she would pay, and by when. One stands per case at a time; the database says so too."""

    __tablename__ = "promises"
    __table_args__ = (
        Index("uq_promises_open", "case_id", unique=True, postgresql_where=text("state = 'open'")),
        Index("ix_promises_due", "tenant_id", "state", "due_on"),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    due_on: Mapped[date]
    state: Mapped[str]
    """open, kept, partly_kept, broken, cancelled."""
    received_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    taken_at: Mapped[datetime]
    taken_by: Mapped[UUID | None]
    activity_id: Mapped[UUID | None] = mapped_column(ForeignKey("activities.id"))
    ended_at: Mapped[datetime | None]
