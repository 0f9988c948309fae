"""Every SQL statement about creditors, their terms and their products."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.casework.creditors.models import ColumnTemplate, Creditor, CreditorState, CreditorTerms, Product
from anmi.kit.paging import Ask, Sorting

SORTING: Final = Sorting({"code": (Creditor.code, str), "name": (Creditor.name, str)}, "code", Creditor.id)


async def page(
    session: AsyncSession, q: str | None, state: CreditorState | None, ask: Ask
) -> tuple[Sequence[Creditor], str | None, int]:
    """Return one page of creditors, the cursor of the next, and how many there are."""
    conditions: list[ColumnElement[bool]] = []
    if q:
        conditions.append(
            or_(Creditor.code.istartswith(q, autoescape=True), Creditor.name.contains(q, autoescape=True))
        )
    if state is not None:
        conditions.append(Creditor.state == state)
    rows = (await session.scalars(SORTING.apply(select(Creditor).where(*conditions), ask))).all()
    total = (await session.execute(select(func.count()).select_from(Creditor).where(*conditions))).scalar_one()
    return *SORTING.split(rows, ask), total


async def creditor(session: AsyncSession, creditor_id: UUID, *, lock: bool = False) -> Creditor | None:
    """Return a creditor; held until the transaction ends where it is locked."""
    query = select(Creditor).where(Creditor.id == creditor_id)
    return (await session.scalars(query.with_for_update() if lock else query)).one_or_none()


async def terms(session: AsyncSession, creditor_id: UUID) -> Sequence[CreditorTerms]:
    """Return all that was agreed with a creditor, the latest first."""
    query = select(CreditorTerms).where(CreditorTerms.creditor_id == creditor_id)
    return (await session.scalars(query.order_by(CreditorTerms.effective_from.desc()))).all()


async def terms_on(session: AsyncSession, creditor_id: UUID, on: date) -> CreditorTerms | None:
    """Return what holds with a creditor on a day."""
    query = (
        select(CreditorTerms)
        .where(CreditorTerms.creditor_id == creditor_id, CreditorTerms.effective_from <= on)
        .order_by(CreditorTerms.effective_from.desc())
        .limit(1)
    )
    return (await session.scalars(query)).one_or_none()


async def products(session: AsyncSession, creditor_id: UUID) -> Sequence[Product]:
    """Return a creditor's products."""
    return (
        await session.scalars(select(Product).where(Product.creditor_id == creditor_id).order_by(Product.code))
    ).all()


async def product(session: AsyncSession, product_id: UUID) -> Product | None:
    """Return a product, held until the transaction ends."""
    return (await session.scalars(select(Product).where(Product.id == product_id).with_for_update())).one_or_none()


async def templates(session: AsyncSession, creditor_id: UUID) -> Sequence[ColumnTemplate]:
    """Return how a creditor's sheets were read before."""
    query = select(ColumnTemplate).where(ColumnTemplate.creditor_id == creditor_id).order_by(ColumnTemplate.name)
    return (await session.scalars(query)).all()
