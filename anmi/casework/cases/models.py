"""Cases, the accounts in them, and the events of their lives."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from anmi.core.case_life import Event, State
from anmi.kit.db import Base, Identified, OfTenant, Versioned

ACCOUNT_NO = "account.no"
ACCOUNT_TAIL = "account.tail"
FACTS = "case.facts"

CHARACTERS_OF_A_TAIL = 4


class Case(Base, Identified, OfTenant, Versioned):
    """What one debtor owes one creditor within one placement.

    `owing_fen` is what the accounts owe; it changes only with a posting, a reversal, a waiver or the creditor's own
    update, in the same transaction.
    """

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("placement_id", "serial_no", "placed_on"),
        Index("ix_cases_holder", "tenant_id", "holder_id", "state"),
        # The counts of a team's day are read from it without a look at the cases.
        Index(
            "ix_cases_unit",
            "tenant_id",
            "unit_id",
            "state",
            postgresql_include=["next_action_at", "last_activity_at"],
        ),
        Index("ix_cases_owing", "tenant_id", "owing_fen", "id"),
        Index("ix_cases_overdue", "tenant_id", "overdue_on", "id"),
        Index("ix_cases_next_action", "tenant_id", "holder_id", "next_action_at"),
        Index("ix_cases_next_action_of_all", "tenant_id", "next_action_at", "id"),
        Index("ix_cases_last_activity", "tenant_id", text("last_activity_at DESC NULLS LAST"), text("id DESC")),
        Index("ix_cases_serial_no", "tenant_id", "serial_no"),
    )

    placement_id: Mapped[UUID] = mapped_column(ForeignKey("placements.id"), index=True)
    creditor_id: Mapped[UUID] = mapped_column(ForeignKey("creditors.id"), index=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"))
    debtor_id: Mapped[UUID] = mapped_column(ForeignKey("debtors.id"), index=True)
    serial_no: Mapped[str]
    placed_on: Mapped[date]
    due_back_on: Mapped[date | None]
    placed_fen: Mapped[int] = mapped_column(BigInteger)
    owing_fen: Mapped[int] = mapped_column(BigInteger)
    paid_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    waived_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    overdue_on: Mapped[date]
    """The oldest due day that is unpaid: days past due and the bucket of today are derived from it."""
    bucket: Mapped[str]
    """The bucket at placement; commission is due by it."""
    state: Mapped[State]
    stage: Mapped[str | None]
    priority: Mapped[int] = mapped_column(default=0)
    holder_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("org_units.id"))
    limitation_on: Mapped[date | None]
    last_activity_at: Mapped[datetime | None]
    last_result: Mapped[str | None]
    next_action_at: Mapped[datetime | None]
    closing_reason: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    facts_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info={"sealed": FACTS})
    """Columns of the sheet that we do not know, as JSON: kept, since the creditor thought them worth telling."""
    created_at: Mapped[datetime]


class Account(Base, Identified, OfTenant, Versioned):
    """One contract of debt within a case, with the parts of what is owed."""

    __tablename__ = "accounts"
    __table_args__ = (
        Index("ix_accounts_tenant_id_number_index", "tenant_id", "number_index"),
        Index("ix_accounts_tenant_id_number_tail", "tenant_id", "number_tail"),
        Index("ix_accounts_tenant_id_contract_no", "tenant_id", "contract_no"),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info={"sealed": ACCOUNT_NO})
    number_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    number_tail: Mapped[str | None]
    """The last four: what statements and collectors name an account by."""
    contract_no: Mapped[str | None]
    principal_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    interest_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    penalty_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    fee_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    credit_limit_fen: Mapped[int | None] = mapped_column(BigInteger)
    loan_on: Mapped[date | None]
    statement_day: Mapped[int | None]


class CaseEvent(Base, OfTenant):
    """A step in the life of a case; appended in the transaction that takes it, never changed."""

    __tablename__ = "case_events"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    at: Mapped[datetime]
    event: Mapped[Event]
    before: Mapped[State]
    after: Mapped[State]
    by: Mapped[UUID | None]
    reason: Mapped[str | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class StageMove(Base, Identified, OfTenant):
    """A case taken from one stage of its product to another; appended, never changed."""

    __tablename__ = "stage_moves"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    at: Mapped[datetime]
    before: Mapped[str | None]
    after: Mapped[str]
    by: Mapped[UUID | None]
    reason: Mapped[str]


class SavedView(Base, Identified, OfTenant, Versioned):
    """Filters, columns and order of a list that somebody wants to come back to."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("person_id", "list_name", "name"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    list_name: Mapped[str]
    name: Mapped[str]
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
