"""Every SQL statement about work orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.casework.cases.models import Case
from anmi.core.work_orders import RUNNING
from anmi.identity.people.models import Person
from anmi.kit.paging import Ask, Sorting
from anmi.workbench.work_orders.models import WorkOrder

SORTING: Final = Sorting({"due_at": (WorkOrder.due_at, datetime.fromisoformat)}, default="due_at", tie=WorkOrder.id)


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order with the number of its case and the sealed name of whose it is."""

    order: WorkOrder
    serial_no: str | None
    assignee_name: bytes | None


async def page(
    session: AsyncSession, conditions: Sequence[ColumnElement[bool]], ask: Ask
) -> tuple[list[OrderRow], str | None]:
    """Return one page of orders, and the cursor of the next."""
    rows = (await session.execute(SORTING.apply(_orders().where(*conditions), ask))).all()
    orders = {row[0].id: OrderRow(*row) for row in rows}
    shown, following = SORTING.split([row.order for row in orders.values()], ask)
    return [orders[order.id] for order in shown], following


async def one(session: AsyncSession, *conditions: ColumnElement[bool]) -> OrderRow | None:
    """Return one order."""
    row = (await session.execute(_orders().where(*conditions))).one_or_none()
    return OrderRow(*row) if row else None


async def locked(session: AsyncSession, *conditions: ColumnElement[bool]) -> WorkOrder | None:
    """Return one order, held until the transaction ends."""
    return (await session.scalars(select(WorkOrder).where(*conditions).with_for_update())).one_or_none()


async def running_of(session: AsyncSession, case_id: UUID) -> Sequence[WorkOrder]:
    """Return the orders of a case that are not done, held until the transaction ends."""
    query = select(WorkOrder).where(WorkOrder.case_id == case_id, WorkOrder.state.in_(RUNNING))
    return (await session.scalars(query.order_by(WorkOrder.id).with_for_update())).all()


async def overdue(session: AsyncSession, conditions: Sequence[ColumnElement[bool]], now: datetime) -> int:
    """Count the orders that should have been done."""
    query = select(func.count()).select_from(WorkOrder)
    late = (WorkOrder.state.in_(RUNNING), WorkOrder.due_at < now)
    return (await session.execute(query.where(*conditions, *late))).scalar_one()


def _orders() -> Any:
    return (
        select(WorkOrder, Case.serial_no, Person.name_sealed)
        .outerjoin(Case, Case.id == WorkOrder.case_id)
        .outerjoin(Person, Person.id == WorkOrder.assignee_id)
    )
