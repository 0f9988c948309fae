"""Allocation runs (分案) with every move they made, so that each can be undone; assist requests (协催)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base, Identified, OfTenant, Versioned


class AllocationRun(Base, Identified, OfTenant, Versioned):
    """One allocation: its rule, its plan, whether it was carried out or undone."""

    __tablename__ = "allocation_runs"

    rule: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str]
    """planned, carried_out, undone."""
    cases_count: Mapped[int]
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    """What each collector gets, and which obstacles left cases unplaced."""
    planned_at: Mapped[datetime]
    planned_by: Mapped[UUID | None]
    carried_out_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class AllocationMove(Base, Identified, OfTenant):
    """One case from one pair of hands (or the pool) to another."""

    __tablename__ = "allocation_moves"
    __table_args__ = (Index("ix_allocation_moves_case", "case_id"),)

    run_id: Mapped[UUID] = mapped_column(ForeignKey("allocation_runs.id", ondelete="CASCADE"), index=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    from_holder_id: Mapped[UUID | None]
    from_unit_id: Mapped[UUID | None]
    to_holder_id: Mapped[UUID | None]
    to_unit_id: Mapped[UUID | None]
    outcome: Mapped[str | None]
    """done, or why it was not: the case had moved, was closed, …"""


class AssistRequest(Base, Identified, OfTenant, Versioned):
    """Another hand helps; the holder keeps the case."""

    __tablename__ = "assist_requests"
    __table_args__ = (Index("ix_assist_requests_state", "tenant_id", "state"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str]
    note: Mapped[str]
    state: Mapped[str]
    """open, taken, done, withdrawn."""
    asked_by: Mapped[UUID | None]
    asked_at: Mapped[datetime]
    helper_id: Mapped[UUID | None]
    answer: Mapped[str | None]
    ended_at: Mapped[datetime | None]
