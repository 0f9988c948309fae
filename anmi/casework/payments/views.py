"""Payments as they are shown: with the names around them, masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from anmi.casework.debtors.models import NAME
from anmi.casework.payments.models import PAYER, Payment, PaymentMethod, PaymentState, Posting
from anmi.core.masking import mask_name
from anmi.identity.people.models import NAME as PERSON_NAME
from anmi.kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class PostingView:
    """A part of a payment on one component of one account; negative where it was taken back."""

    account_id: UUID
    component: str
    amount_fen: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment; `postings` are told of a single one, not in lists."""

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
    postings: list[PostingView] | None = None


def view_of(unit: UnitOfWork, row: Row[Any], postings: Sequence[Posting] | None = None) -> PaymentView:
    """Return a payment as it is shown."""
    payment: Payment = row.Payment
    return PaymentView(
        payment.id,
        payment.case_id,
        row.serial_no,
        row.creditor_id,
        row.creditor_name,
        mask_name(unit.open(NAME, row.name_sealed)),
        payment.collector_id,
        unit.open(PERSON_NAME, row.collector_name) if row.collector_name else None,
        payment.state,
        payment.amount_fen,
        payment.over_fen,
        payment.paid_on,
        payment.method,
        mask_name(unit.open(PAYER, payment.payer_sealed)) if payment.payer_sealed else None,
        payment.reference,
        payment.claimed_at,
        payment.claimed_by,
        payment.posted_at,
        payment.posted_by,
        payment.reversed_at,
        payment.reversed_by,
        payment.note,
        payment.version,
        None
        if postings is None
        else [PostingView(one.account_id, one.component, one.amount_fen, one.at) for one in postings],
    )
