"""Every SQL statement about commission."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.casework.cases.models import Case
from anmi.casework.commission.models import CommissionLine, CommissionStatement
from anmi.casework.creditors.models import Creditor
from anmi.casework.payments.models import Payment, Posting
from anmi.casework.placements.models import Placement
from anmi.kit.paging import Ask, Sorting

SORTING: Final = Sorting(
    {"from_on": (CommissionStatement.from_on, date.fromisoformat)}, "-from_on", CommissionStatement.id
)
LINE_SORTING: Final = Sorting({"base": (CommissionLine.base_fen, int)}, "-base", CommissionLine.id)


async def page(
    session: AsyncSession, creditor_id: UUID | None, ask: Ask
) -> tuple[Sequence[tuple[CommissionStatement, str]], str | None]:
    """Return one page of statements with the creditors' names, and the cursor of the next."""
    query = select(CommissionStatement)
    if creditor_id is not None:
        query = query.where(CommissionStatement.creditor_id == creditor_id)
    rows, following = SORTING.split((await session.scalars(SORTING.apply(query, ask))).all(), ask)
    named = select(Creditor.id, Creditor.name).where(Creditor.id.in_({row.creditor_id for row in rows}))
    names = {one.id: one.name for one in (await session.execute(named)).all()}
    return [(row, names[row.creditor_id]) for row in rows], following


async def statement(session: AsyncSession, statement_id: UUID, *, lock: bool = False) -> CommissionStatement | None:
    """Return a statement; held until the transaction ends where it is locked."""
    query = select(CommissionStatement).where(CommissionStatement.id == statement_id)
    return (await session.scalars(query.with_for_update() if lock else query)).one_or_none()


async def meeting(
    session: AsyncSession, creditor_id: UUID, from_on: date, until_on: date
) -> Sequence[CommissionStatement]:
    """Return a creditor's statements that share a day with a period."""
    query = select(CommissionStatement).where(
        CommissionStatement.creditor_id == creditor_id,
        CommissionStatement.from_on <= until_on,
        CommissionStatement.until_on >= from_on,
    )
    return (await session.scalars(query.with_for_update())).all()


async def recovered(
    session: AsyncSession, creditor_id: UUID, begins_at: datetime, ends_at: datetime
) -> Sequence[Row[Any]]:
    """Return what payments brought in between two instants, less what was taken back, with bucket and tier."""
    base = func.sum(Posting.amount_fen)
    query: Select[*tuple[Any, ...]] = (
        select(Payment.id, Case.bucket, Placement.tier, base.label("base_fen"))
        .join(Posting, Posting.payment_id == Payment.id)
        .join(Case, Case.id == Payment.case_id)
        .join(Placement, Placement.id == Case.placement_id)
        .where(Case.creditor_id == creditor_id, Posting.at >= begins_at, Posting.at < ends_at)
        .group_by(Payment.id, Case.bucket, Placement.tier)
        .having(base != 0)
        .order_by(Payment.id)
    )
    return (await session.execute(query)).all()


async def clear(session: AsyncSession, statement_id: UUID) -> None:
    """Remove the lines of a draft."""
    await session.execute(delete(CommissionLine).where(CommissionLine.statement_id == statement_id))


async def lines_page(session: AsyncSession, statement_id: UUID, ask: Ask) -> tuple[Sequence[Row[Any]], str | None]:
    """Return one page of lines with the cases they are of, and the cursor of the next."""
    query: Select[*tuple[Any, ...]] = (
        select(CommissionLine, Case.id.label("case_id"), Case.serial_no, Case.bucket, Placement.tier, Payment.paid_on)
        .join(Payment, Payment.id == CommissionLine.payment_id)
        .join(Case, Case.id == Payment.case_id)
        .join(Placement, Placement.id == Case.placement_id)
        .where(CommissionLine.statement_id == statement_id)
    )
    rows = (await session.execute(LINE_SORTING.apply(query, ask))).all()
    _, following = LINE_SORTING.split([row.CommissionLine for row in rows], ask)
    return rows[: ask.limit], following


async def groups(session: AsyncSession, statement_id: UUID) -> Sequence[Row[Any]]:
    """Return a statement's sums by bucket and tier."""
    query: Select[*tuple[Any, ...]] = (
        select(
            Case.bucket,
            Placement.tier,
            func.count().label("payments"),
            func.sum(CommissionLine.base_fen).label("base_fen"),
            func.sum(CommissionLine.commission_fen).label("commission_fen"),
            func.bool_or(CommissionLine.rate.is_(None)).label("is_without_rate"),
        )
        .join(Payment, Payment.id == CommissionLine.payment_id)
        .join(Case, Case.id == Payment.case_id)
        .join(Placement, Placement.id == Case.placement_id)
        .where(CommissionLine.statement_id == statement_id)
        .group_by(Case.bucket, Placement.tier)
        .order_by(Case.bucket, Placement.tier)
    )
    return (await session.execute(query)).all()
