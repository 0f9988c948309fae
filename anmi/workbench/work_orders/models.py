"""Work orders (工单)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base, Identified, OfTenant, Versioned


class WorkOrder(Base, Identified, OfTenant, Versioned):
    """Something somebody must see to by a certain time."""

    __tablename__ = "work_orders"
    __table_args__ = (Index("ix_work_orders_open", "tenant_id", "state", "due_at"),)

    kind: Mapped[str]
    title: Mapped[str]
    note: Mapped[str]
    state: Mapped[str]
    """open, taken, done, cancelled."""
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"), index=True)
    call_id: Mapped[UUID | None]
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("org_units.id"))
    assignee_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    opened_at: Mapped[datetime]
    opened_by: Mapped[UUID | None]
    due_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    answer: Mapped[str | None]
