"""Every SQL statement about promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.casework.cases.models import Case
from anmi.casework.debtors.models import Debtor
from anmi.casework.payments.models import Payment
from anmi.casework.promises.models import PromiseToPay
from anmi.core.money import Money
from anmi.core.promises import PromiseState, Receipt
from anmi.kit.paging import Ask, Sorting

SORTING: Final = Sorting({"due_on": (PromiseToPay.due_on, date.fromisoformat)}, default="due_on", tie=PromiseToPay.id)


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A promise with its case and the debtor's sealed name."""

    promise: PromiseToPay
    case: Case
    name_sealed: bytes


async def page(
    session: AsyncSession, conditions: Sequence[ColumnElement[bool]], ask: Ask
) -> tuple[list[PromiseRow], str | None]:
    """Return one page of promises, and the cursor of the next."""
    query: Any = (
        select(PromiseToPay, Case, Debtor.name_sealed)
        .join(Case, Case.id == PromiseToPay.case_id)
        .join(Debtor, Debtor.id == Case.debtor_id)
        .where(*conditions)
    )
    rows = {row[0].id: PromiseRow(*row) for row in (await session.execute(SORTING.apply(query, ask))).all()}
    shown, following = SORTING.split([row.promise for row in rows.values()], ask)
    return [rows[promise.id] for promise in shown], following


async def count(session: AsyncSession, conditions: Sequence[ColumnElement[bool]]) -> int:
    """Count promises."""
    query = select(func.count()).select_from(PromiseToPay).join(Case, Case.id == PromiseToPay.case_id)
    return (await session.execute(query.where(*conditions))).scalar_one()


async def open_of(session: AsyncSession, case_id: UUID) -> PromiseToPay | None:
    """Return the promise that stands on a case, held until the transaction ends."""
    query = select(PromiseToPay).where(PromiseToPay.case_id == case_id, PromiseToPay.state == PromiseState.OPEN)
    return (await session.scalars(query.with_for_update())).one_or_none()


async def case_of(session: AsyncSession, promise_id: UUID) -> UUID | None:
    """Return the case of a promise."""
    query = select(PromiseToPay.case_id).where(PromiseToPay.id == promise_id)
    return (await session.execute(query)).scalar_one_or_none()


async def due_before(session: AsyncSession, today: date) -> Sequence[UUID]:
    """Return the cases on which a promise stands whose day has gone by."""
    query = (
        select(PromiseToPay.case_id)
        .where(PromiseToPay.state == PromiseState.OPEN, PromiseToPay.due_on < today)
        .order_by(PromiseToPay.due_on, PromiseToPay.id)
    )
    return (await session.scalars(query)).all()


async def receipts(session: AsyncSession, case_id: UUID, since: date) -> list[Receipt]:
    """Return what was paid on a case since a day: posted, or only claimed so far."""
    query = select(Payment.paid_on, Payment.amount_fen, Payment.state).where(
        Payment.case_id == case_id, Payment.paid_on >= since, Payment.state.in_(["claimed", "posted"])
    )
    rows = (await session.execute(query)).all()
    return [Receipt(row.paid_on, Money(row.amount_fen), row.state == "posted") for row in rows]
