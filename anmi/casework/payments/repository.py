"""Every SQL statement about payments and the book of a case; statements have their own (`statement_repository`)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.casework.cases.models import Account, Case
from anmi.casework.concessions.models import Concession
from anmi.casework.creditors.models import Creditor
from anmi.casework.debtors.models import Debtor
from anmi.casework.payments.models import Payment, PaymentState, Posting
from anmi.core.concessions import QUOTABLE
from anmi.identity.people.models import Person
from anmi.kit.paging import Ask, Sorting

SORTING: Final = Sorting(
    {
        "claimed_at": (Payment.claimed_at, datetime.fromisoformat),
        "paid_on": (Payment.paid_on, date.fromisoformat),
        "amount": (Payment.amount_fen, int),
    },
    default="-claimed_at",
    tie=Payment.id,
)


@dataclass(frozen=True, slots=True)
class PaymentFilter:
    """Which payments a list shows."""

    case_id: UUID | None = None
    states: frozenset[PaymentState] = frozenset()
    creditor_id: UUID | None = None
    placement_id: UUID | None = None
    collector_id: UUID | None = None
    paid_from: date | None = None
    paid_to: date | None = None


def _shown() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Payment,
            Case.serial_no,
            Case.creditor_id,
            Creditor.name.label("creditor_name"),
            Debtor.name_sealed,
            Person.name_sealed.label("collector_name"),
        )
        .join(Case, Case.id == Payment.case_id)
        .join(Creditor, Creditor.id == Case.creditor_id)
        .join(Debtor, Debtor.id == Case.debtor_id)
        .outerjoin(Person, Person.id == Payment.collector_id)
    )


def _conditions(wanted: PaymentFilter) -> list[ColumnElement[bool]]:
    equal = (
        (Payment.case_id, wanted.case_id),
        (Case.creditor_id, wanted.creditor_id),
        (Case.placement_id, wanted.placement_id),
        (Payment.collector_id, wanted.collector_id),
    )
    conditions: list[ColumnElement[bool]] = [column == value for column, value in equal if value is not None]
    if wanted.paid_from is not None:
        conditions.append(Payment.paid_on >= wanted.paid_from)
    if wanted.paid_to is not None:
        conditions.append(Payment.paid_on <= wanted.paid_to)
    if wanted.states:
        conditions.append(Payment.state.in_(wanted.states))
    return conditions


async def page(
    session: AsyncSession, sight: ColumnElement[bool], wanted: PaymentFilter, ask: Ask
) -> tuple[Sequence[Row[Any]], str | None]:
    """Return one page of payments within sight, and the cursor of the next."""
    query = SORTING.apply(_shown().where(sight, *_conditions(wanted)), ask)
    rows = (await session.execute(query)).all()
    _, following = SORTING.split([row.Payment for row in rows], ask)
    return rows[: ask.limit], following


async def figures(
    session: AsyncSession, sight: ColumnElement[bool], wanted: PaymentFilter
) -> Sequence[Row[PaymentState, int, int]]:
    """Return how many payments there are and what they come to, by state."""
    query = (
        select(Payment.state, func.count(), func.sum(Payment.amount_fen))
        .join(Case, Case.id == Payment.case_id)
        .where(sight, *_conditions(wanted))
        .group_by(Payment.state)
    )
    return (await session.execute(query)).all()


async def shown(session: AsyncSession, sight: ColumnElement[bool], payment_id: UUID) -> Row[Any] | None:
    """Return one payment within sight, with the names around it."""
    return (await session.execute(_shown().where(sight, Payment.id == payment_id))).one_or_none()


async def payment(session: AsyncSession, payment_id: UUID) -> Payment | None:
    """Return a payment; whoever changes it locks its case first."""
    query = select(Payment).where(Payment.id == payment_id).execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def case_of(session: AsyncSession, payment_id: UUID) -> UUID | None:
    """Return the case a payment is for."""
    return (await session.scalars(select(Payment.case_id).where(Payment.id == payment_id))).one_or_none()


async def standing(session: AsyncSession, case_ids: Collection[UUID]) -> Sequence[Payment]:
    """Return the payments of cases that are booked or claimed."""
    query = select(Payment).where(
        Payment.case_id.in_(case_ids), Payment.state.in_([PaymentState.CLAIMED, PaymentState.POSTED])
    )
    return (await session.scalars(query.order_by(Payment.id))).all()


async def overpaid(session: AsyncSession, case_id: UUID) -> Sequence[Payment]:
    """Return the booked payments of a case that were more than was owed, the oldest first."""
    query = select(Payment).where(
        Payment.case_id == case_id, Payment.state == PaymentState.POSTED, Payment.over_fen > 0
    )
    query = query.order_by(Payment.posted_at, Payment.id).execution_options(populate_existing=True)
    return (await session.scalars(query)).all()


async def is_known(session: AsyncSession, case_id: UUID, amount_fen: int, reference: str) -> bool:
    """Say whether the case has a payment of this sum under this reference."""
    known = exists().where(
        Payment.case_id == case_id,
        Payment.amount_fen == amount_fen,
        Payment.reference == reference,
        Payment.state.in_([PaymentState.CLAIMED, PaymentState.POSTED]),
    )
    return (await session.execute(select(known))).scalar_one()


async def accounts(session: AsyncSession, case_id: UUID) -> Sequence[Account]:
    """Return the accounts of a case as they are at this moment, held until the transaction ends."""
    query = select(Account).where(Account.case_id == case_id).order_by(Account.id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).all()


async def postings(
    session: AsyncSession, *, payment_id: UUID | None = None, concession_id: UUID | None = None
) -> Sequence[Posting]:
    """Return what a payment or a concession booked, in the order in which it did."""
    is_its = Posting.payment_id == payment_id if payment_id else Posting.concession_id == concession_id
    return (await session.scalars(select(Posting).where(is_its).order_by(Posting.id))).all()


async def granted(session: AsyncSession, case_id: UUID, on: date) -> Concession | None:
    """Return the granted concession of a case that had not run out on a day."""
    query = select(Concession).where(
        Concession.case_id == case_id, Concession.state.in_(QUOTABLE), Concession.valid_until >= on
    )
    return (await session.scalars(query)).one_or_none()
