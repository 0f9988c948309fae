"""Commission statements (结佣单)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base, Identified, OfTenant, Versioned


class CommissionStatement(Base, Identified, OfTenant, Versioned):
    """What a creditor owes us for the payments of one period."""

    __tablename__ = "commission_statements"
    __table_args__ = (UniqueConstraint("creditor_id", "from_on", "until_on"),)

    creditor_id: Mapped[UUID] = mapped_column(ForeignKey("creditors.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]
    state: Mapped[str]
    """draft, sent, agreed."""
    base_fen: Mapped[int] = mapped_column(BigInteger)
    commission_fen: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None]


class CommissionLine(Base, Identified, OfTenant):
    """The commission on one payment, with the rate that gave it."""

    __tablename__ = "commission_lines"

    statement_id: Mapped[UUID] = mapped_column(ForeignKey("commission_statements.id", ondelete="CASCADE"), index=True)
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.id"))
    base_fen: Mapped[int] = mapped_column(BigInteger)
    rate: Mapped[str | None]
    """A fraction as text, `1/5`: there is no float in this house. None where the contract names no rate."""
    commission_fen: Mapped[int] = mapped_column(BigInteger)
