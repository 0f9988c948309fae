"""Placements and the files they came in."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base, Identified, OfTenant, Versioned


class PlacementState(StrEnum):
    """Where a batch stands."""

    IMPORTING = "importing"
    ACTIVE = "active"
    PAUSED = "paused"
    RECALLED = "recalled"
    RETURNED = "returned"


class Placement(Base, Identified, OfTenant, Versioned):
    """A batch of cases a creditor gave us on one day, in one tier, until one day."""

    __tablename__ = "placements"
    __table_args__ = (UniqueConstraint("tenant_id", "code"),)

    code: Mapped[str]
    creditor_id: Mapped[UUID] = mapped_column(ForeignKey("creditors.id"), index=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"))
    tier: Mapped[int]
    placed_on: Mapped[date]
    due_back_on: Mapped[date | None]
    state: Mapped[PlacementState] = mapped_column(default=PlacementState.IMPORTING)
    cases_count: Mapped[int] = mapped_column(default=0)
    placed_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]


class ImportState(StrEnum):
    """How far a file has come."""

    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    REFUSED = "refused"
    COMMITTING = "committing"
    COMMITTED = "committed"
    FAILED = "failed"


class PlacementImport(Base, Identified, OfTenant, Versioned):
    """One file on its way in: kept sealed, checked, and then carried over all or nothing."""

    __tablename__ = "placement_imports"

    placement_id: Mapped[UUID] = mapped_column(ForeignKey("placements.id"), index=True)
    sheet: Mapped[str]
    """Which kind of sheet it is: cases, phones, addresses, payments, balances, recalls, concessions."""
    file_name: Mapped[str]
    file_key: Mapped[str]
    file_size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    declared_source: Mapped[str | None]
    mapping: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    state: Mapped[ImportState] = mapped_column(default=ImportState.UPLOADED)
    rows_done: Mapped[int] = mapped_column(default=0)
    rows_total: Mapped[int | None]
    accepted: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """The check's figures and columns, without a single value of the sheet."""
    fault: Mapped[str | None]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]
    committed_at: Mapped[datetime | None]


class PlacementFinding(Base, Identified, OfTenant):
    """A row of a file that was not accepted, or was accepted with a remark. Values stay in the sealed file."""

    __tablename__ = "placement_findings"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("placement_imports.id", ondelete="CASCADE"), index=True)
    row: Mapped[int]
    is_rejected: Mapped[bool]
    reasons: Mapped[list[str]] = mapped_column(JSONB)
