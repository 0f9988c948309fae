"""Payments as HTTP sees them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from anmi.casework.payments.service import PaymentClaim, PaymentFilter, PaymentMethod, PaymentState
from anmi.core.money import Money
from anmi.kit.fields import Asked, Line, Reason, Seen

Fen = Annotated[int, Field(gt=0, le=10**15)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500, pattern=r"^[^\x00]*$")]


class PostingSeen(Seen):
    """A part of a payment on one component of one account."""

    account_id: UUID
    component: str
    amount_fen: int
    at: datetime


class PaymentSeen(Seen):
    """A payment; `over_fen` came in beyond all that was owed and is the debtor's."""

    id: UUID
    case_id: UUID
    serial_no: str
    creditor_id: UUID
    creditor_name: str
    debtor_name_masked: str
    collector_id: UUID | None
    collector_name: str | None
    state: PaymentState
    amount_fen: int
    over_fen: int
    paid_on: date
    method: PaymentMethod
    payer_masked: str | None
    reference: str | None
    claimed_at: datetime
    claimed_by: UUID | None
    posted_at: datetime | None
    posted_by: UUID | None
    reversed_at: datetime | None
    reversed_by: UUID | None
    note: str
    version: int
    postings: list[PostingSeen] | None


class PaymentsOfState(BaseModel):
    """How many payments of one state there are, and what they come to."""

    count: int
    amount_fen: int


class PaymentToClaim(Asked):
    """Money said to have been paid."""

    case_id: UUID
    amount_fen: Fen
    paid_on: date
    method: PaymentMethod = PaymentMethod.BANK_TRANSFER
    payer: Line | None = None
    reference: Line | None = None
    note: Note = ""

    def claim(self) -> PaymentClaim:
        """Return it in the service's words."""
        return PaymentClaim(Money(self.amount_fen), self.paid_on, self.method, self.payer, self.reference, self.note)


class PaymentToPost(Asked):
    """What came, where it is not what was claimed."""

    amount_fen: Fen | None = None

    def amount(self) -> Money | None:
        """Return it as money."""
        return Money(self.amount_fen) if self.amount_fen is not None else None


class Why(Asked):
    """Why."""

    reason: Reason


class PaymentQuery(BaseModel):
    """Which payments a list shows."""

    case_id: UUID | None = None
    state: list[PaymentState] = Field(default_factory=list[PaymentState])
    creditor_id: UUID | None = None
    placement_id: UUID | None = None
    collector_id: UUID | None = None
    paid_from: date | None = None
    paid_to: date | None = None

    def wanted(self) -> PaymentFilter:
        """Return it in the service's words."""
        return PaymentFilter(
            self.case_id,
            frozenset(self.state),
            self.creditor_id,
            self.placement_id,
            self.collector_id,
            self.paid_from,
            self.paid_to,
        )
