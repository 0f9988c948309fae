"""Concessions (减免) with the steps of their approval, and instalment plans (个性化分期)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base, Identified, OfTenant, Versioned


class Concession(Base, Identified, OfTenant, Versioned):
    """Relief asked for a debtor. It may be quoted only while it is approved and has not run out."""

    __tablename__ = "concessions"
    __table_args__ = (
        Index("ix_concessions_state", "tenant_id", "state"),
        Index(
            "uq_concessions_live",
            "case_id",
            unique=True,
            postgresql_where=text("state NOT IN ('completed', 'expired', 'broken', 'rejected', 'withdrawn')"),
        ),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str]
    state: Mapped[str]
    waived_fen: Mapped[int] = mapped_column(BigInteger)
    """What the creditor would forgo."""
    payable_fen: Mapped[int] = mapped_column(BigInteger)
    """What the debtor would pay."""
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """The proposal in full: components waived, number of instalments, first day."""
    reason: Mapped[str]
    asked_by: Mapped[UUID | None]
    asked_at: Mapped[datetime]
    valid_until: Mapped[date | None]


class ConcessionStep(Base, Identified, OfTenant):
    """One step of an approval: who decided what, and why. Appended, never changed."""

    __tablename__ = "concession_steps"

    concession_id: Mapped[UUID] = mapped_column(ForeignKey("concessions.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[UUID | None]
    before: Mapped[str]
    after: Mapped[str]
    note: Mapped[str]


class PaymentPlan(Base, Identified, OfTenant, Versioned):
    """An agreement to pay in instalments; while it is kept, collection stops (信用卡办法 art. 70)."""

    __tablename__ = "payment_plans"
    __table_args__ = (Index("uq_payment_plans_open", "case_id", unique=True, postgresql_where=text("state = 'open'")),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    concession_id: Mapped[UUID | None] = mapped_column(ForeignKey("concessions.id"))
    total_fen: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str]
    signed_on: Mapped[date]
    is_oral: Mapped[bool] = mapped_column(default=False)
    """An oral agreement keeps its recording until the debt is settled (rule RECORD_TILL_SETTLED)."""


class Installment(Base, Identified, OfTenant, Versioned):
    """One payment of a plan."""

    __tablename__ = "installments"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        Index("ix_installments_due", "tenant_id", "state", "due_on"),
    )

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("payment_plans.id"), index=True)
    number: Mapped[int]
    due_on: Mapped[date]
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    received_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    state: Mapped[str]
