"""Payments: claimed, reconciled, posted, reversed (CP 待对账 → 入账 → 冲正)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base, Identified, OfTenant, Versioned


class PaymentState(StrEnum):
    """How far a payment has come."""

    CLAIMED = "claimed"
    POSTED = "posted"
    REVERSED = "reversed"
    REJECTED = "rejected"


class PaymentMethod(StrEnum):
    """By which of the creditor's ways it was paid; nobody here takes money into his own hands (rule EXTRA_FEE)."""

    BANK_TRANSFER = "bank_transfer"
    AUTO_DEBIT = "auto_debit"
    APP = "app"
    COUNTER = "counter"
    OTHER = "other"


class LineState(StrEnum):
    """What became of a line: not looked at yet, matched, fitting several, fitting nobody, or put aside by a human."""

    WAITING = "waiting"
    MATCHED = "matched"
    PROPOSED = "proposed"
    UNMATCHED = "unmatched"
    SET_ASIDE = "set_aside"


PAYER = "payment.payer"
PAYER_OF_LINE = "statement.payer"


class Payment(Base, Identified, OfTenant, Versioned):
    """Money for a case: said to have been paid, then found on the creditor's statement, then posted."""

    __tablename__ = "payments"
    __table_args__ = (Index("ix_payments_state", "tenant_id", "state", "paid_on"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    state: Mapped[PaymentState]
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    over_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    """What came in beyond all that was owed; it is the debtor's."""
    paid_on: Mapped[date]
    method: Mapped[PaymentMethod]
    payer_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info={"sealed": PAYER})
    reference: Mapped[str | None]
    proof_key: Mapped[str | None]
    claimed_at: Mapped[datetime]
    claimed_by: Mapped[UUID | None]
    collector_id: Mapped[UUID | None]
    """Who held the case when it was paid: incentives are hers."""
    posted_at: Mapped[datetime | None]
    posted_by: Mapped[UUID | None]
    reversed_at: Mapped[datetime | None]
    reversed_by: Mapped[UUID | None]
    note: Mapped[str]


class Posting(Base, Identified, OfTenant):
    """A part of a payment, or of what a concession waives, on one component of one account.

    Nothing is ever taken out of this book: a reversal is a posting of the opposite sign.
    """

    __tablename__ = "postings"
    __table_args__ = (CheckConstraint("num_nonnulls(payment_id, concession_id) = 1", "paid_or_waived"),)

    payment_id: Mapped[UUID | None] = mapped_column(ForeignKey("payments.id"), index=True)
    concession_id: Mapped[UUID | None] = mapped_column(ForeignKey("concessions.id"), index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    component: Mapped[str]
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]


class Statement(Base, Identified, OfTenant):
    """A creditor's statement of money received, as imported."""

    __tablename__ = "statements"
    __table_args__ = (UniqueConstraint("tenant_id", "sha256"),)

    creditor_id: Mapped[UUID] = mapped_column(ForeignKey("creditors.id"))
    file_name: Mapped[str]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    lines_count: Mapped[int]
    total_fen: Mapped[int] = mapped_column(BigInteger)
    imported_at: Mapped[datetime]
    imported_by: Mapped[UUID | None]


class StatementLine(Base, Identified, OfTenant, Versioned):
    """A line of a statement and what became of it."""

    __tablename__ = "statement_lines"
    __table_args__ = (Index("ix_statement_lines_state", "tenant_id", "state"),)

    statement_id: Mapped[UUID] = mapped_column(ForeignKey("statements.id"), index=True)
    row: Mapped[int]
    paid_on: Mapped[date]
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    account_tail: Mapped[str | None]
    serial_no: Mapped[str | None]
    payer_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info={"sealed": PAYER_OF_LINE})
    payer_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    reference: Mapped[str | None]
    state: Mapped[LineState]
    doubt: Mapped[str | None]
    """Why it was left to a human (`anmi.core.reconciliation.Doubt`), or why a human set it aside."""
    payment_id: Mapped[UUID | None] = mapped_column(ForeignKey("payments.id"))
    candidates: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
