"""Statements of money received, as HTTP sees them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import Row

from anmi.casework.payments.service import LineState
from anmi.core.statement_sheet import BadCredit
from anmi.kit.fields import Asked, Reason, Seen


class StatementSeen(BaseModel):
    """A statement and how its lines stand: not looked at yet, matched, left to a human, set aside; the sums agree."""

    id: UUID
    creditor_id: UUID
    creditor_name: str
    file_name: str
    lines_count: int
    total_fen: int
    imported_at: datetime
    waiting: int
    matched: int
    left: int
    set_aside: int
    waiting_fen: int
    matched_fen: int
    left_fen: int
    set_aside_fen: int

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """Return it as it is shown."""
        one = row.Statement
        return cls(
            id=one.id,
            creditor_id=one.creditor_id,
            creditor_name=row.creditor_name,
            file_name=one.file_name,
            lines_count=one.lines_count,
            total_fen=one.total_fen,
            imported_at=one.imported_at,
            waiting=row.waiting,
            matched=row.matched,
            left=row.left,
            set_aside=row.set_aside,
            waiting_fen=row.waiting_fen,
            matched_fen=row.matched_fen,
            left_fen=row.left_fen,
            set_aside_fen=row.set_aside_fen,
        )


class RowRejected(BaseModel):
    """A row that could not be read."""

    row: int
    reason: str

    @classmethod
    def of(cls, bad: BadCredit) -> Self:
        """Return it as it is shown."""
        return cls(row=bad.row, reason=bad.reason)


class StatementTaken(BaseModel):
    """An imported statement, and the rows of it that could not be read."""

    statement: StatementSeen
    rejected: list[RowRejected]


class CandidateSeen(Seen):
    """A case that a line may be for."""

    case_id: UUID
    serial_no: str
    debtor_name_masked: str


class LineSeen(Seen):
    """A line and what became of it."""

    id: UUID
    statement_id: UUID
    row: int
    paid_on: date
    amount_fen: int
    account_tail: str | None
    serial_no: str | None
    payer_masked: str | None
    reference: str | None
    state: LineState
    doubt: str | None
    payment_id: UUID | None
    candidates: list[CandidateSeen]
    version: int


class LineToMatch(Asked):
    """What a line is: a claimed payment, or money for a case that nobody claimed."""

    payment_id: UUID | None = None
    case_id: UUID | None = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.payment_id is None) == (self.case_id is None):
            raise ValueError("name the payment or the case")
        return self


class LineAside(Asked):
    """Why a line is set aside."""

    reason: Reason
