"""Placements and the files they came in."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, UniqueConstraint
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


TAKES_CASES: Final = (PlacementState.IMPORTING, PlacementState.ACTIVE, PlacementState.PAUSED)
"""A placement that has ended takes nothing in any more."""


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
    __table_args__ = (UniqueConstraint("tenant_id", "sheet", "sha256"),)

    placement_id: Mapped[UUID] = mapped_column(ForeignKey("placements.id"), index=True)
    sheet: Mapped[str]
    """Which kind of sheet it is: cases, phones, addresses, payments, balances, recalls, concessions."""
    file_name: Mapped[str]
    file_key: Mapped[str]
    file_size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    declared_source: Mapped[str | None]
    mapping: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """How its columns are read, in the words of a template; None leaves all of it to the guess."""
    state: Mapped[ImportState] = mapped_column(default=ImportState.UPLOADED)
    rows_done: Mapped[int] = mapped_column(default=0)
    rows_total: Mapped[int | None]
    accepted: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """The check's figures and columns, without a single value of the sheet."""
    fault: Mapped[str | None]
    figures: Mapped[dict[str, int] | None] = mapped_column(JSONB)
    """What carrying it over came to: rows that made something, rows that found it there."""
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]
    committed_at: Mapped[datetime | None]


class PlacementFinding(Base, Identified, OfTenant):
    """A row of a file that was not accepted, or was accepted with a remark. Values stay in the sealed file."""

    __tablename__ = "placement_findings"
    __table_args__ = (Index("ix_placement_findings_import_id_row", "import_id", "row"),)

    import_id: Mapped[UUID] = mapped_column(ForeignKey("placement_imports.id", ondelete="CASCADE"))
    row: Mapped[int]
    is_rejected: Mapped[bool]
    reasons: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    """Code and column of each."""


class _Staged:
    """Rows of a file on their way into the tables, sealed already; unlogged, and gone with the commit."""

    tenant_id: Mapped[UUID] = mapped_column(sort_order=-3)
    import_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-2)
    row: Mapped[int] = mapped_column(primary_key=True, sort_order=-1)


class StagedCase(Base, _Staged):
    """A case on its way in, with its debtor and its account."""

    __tablename__ = "staged_cases"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)

    case_id: Mapped[UUID]
    debtor_id: Mapped[UUID]
    account_id: Mapped[UUID]
    serial_no: Mapped[str]
    placed_on: Mapped[date]
    due_back_on: Mapped[date | None]
    placed_fen: Mapped[int] = mapped_column(BigInteger)
    overdue_on: Mapped[date]
    bucket: Mapped[str]
    limitation_on: Mapped[date]
    sealed_facts: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed_name: Mapped[bytes] = mapped_column(LargeBinary)
    name_index: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_id_number: Mapped[bytes] = mapped_column(LargeBinary)
    id_number_index: Mapped[bytes] = mapped_column(LargeBinary)
    id_tail_index: Mapped[bytes] = mapped_column(LargeBinary)
    born_on: Mapped[date | None]
    gender: Mapped[str | None]
    province: Mapped[str | None]
    city: Mapped[str | None]
    sealed_account_no: Mapped[bytes | None] = mapped_column(LargeBinary)
    account_no_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    account_tail: Mapped[str | None]
    contract_no: Mapped[str | None]
    principal_fen: Mapped[int] = mapped_column(BigInteger)
    interest_fen: Mapped[int] = mapped_column(BigInteger)
    penalty_fen: Mapped[int] = mapped_column(BigInteger)
    fee_fen: Mapped[int] = mapped_column(BigInteger)
    credit_limit_fen: Mapped[int | None] = mapped_column(BigInteger)
    loan_on: Mapped[date | None]
    statement_day: Mapped[int | None]


class StagedPhone(Base, _Staged):
    """A number on its way in; its debtor is the row's."""

    __tablename__ = "staged_phones"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)

    place: Mapped[int] = mapped_column(primary_key=True)
    phone_id: Mapped[UUID]
    id_number_index: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_number: Mapped[bytes] = mapped_column(LargeBinary)
    number_index: Mapped[bytes] = mapped_column(LargeBinary)
    tail_index: Mapped[bytes] = mapped_column(LargeBinary)
    kind: Mapped[str]
    relation: Mapped[str]
    relation_text: Mapped[str | None]
    sealed_name: Mapped[bytes | None] = mapped_column(LargeBinary)
    source: Mapped[str]


class StagedAddress(Base, _Staged):
    """An address on its way in; its debtor is the row's."""

    __tablename__ = "staged_addresses"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)

    place: Mapped[int] = mapped_column(primary_key=True)
    address_id: Mapped[UUID]
    case_id: Mapped[UUID]
    sealed_text: Mapped[bytes] = mapped_column(LargeBinary)
    text_index: Mapped[bytes] = mapped_column(LargeBinary)
    kind: Mapped[str]
    source: Mapped[str]
