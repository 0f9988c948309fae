"""Work orders over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query

from anmi.core.permissions import Permission
from anmi.core.work_orders import WORK_ORDER_WORDS, WorkOrderKind, WorkOrderState
from anmi.kit.paging import Page
from anmi.kit.web import Id, PageAsk, Unit, requires, room
from anmi.workbench.work_orders.schemas import OrderAnswer, OrderCancellation, OrderKindSeen, OrderSeen, OrderToOpen
from anmi.workbench.work_orders.service import OrderFilter, WorkOrders

router = room("/workbench/work-orders")

reads = requires(Permission.WORK_ORDERS_READ)
writes = requires(Permission.WORK_ORDERS_WRITE)


@router.get("", dependencies=[reads])
async def list_orders(
    unit: Unit,
    ask: PageAsk,
    state: Annotated[frozenset[WorkOrderState], Query()] = frozenset(),
    kind: Annotated[frozenset[WorkOrderKind], Query()] = frozenset(),
    case_id: UUID | None = None,
    mine: bool = False,
    overdue: bool = False,
) -> Page[OrderSeen]:
    """Return work orders within sight, the next due first."""
    views, following = await WorkOrders(unit).page(OrderFilter(state, kind, case_id, mine, overdue), ask)
    return Page(items=[OrderSeen.of(view) for view in views], next=following)


@router.post("", status_code=201, dependencies=[writes])
async def open_order(unit: Unit, body: OrderToOpen) -> OrderSeen:
    """Ask for something to be seen to."""
    order = await WorkOrders(unit).open(body.kind, body.title, body.note, body.case_id, body.due_at)
    return await get_order(unit, order.id)


@router.get("/kinds", dependencies=[reads])
async def list_kinds() -> list[OrderKindSeen]:
    """Return the kinds of work orders with their words."""
    return [OrderKindSeen(code=kind, zh=words.zh, en=words.en) for kind, words in WORK_ORDER_WORDS.items()]


@router.get("/{id}", dependencies=[reads])
async def get_order(unit: Unit, order_id: Id) -> OrderSeen:
    """Return a work order."""
    return OrderSeen.of(await WorkOrders(unit).get(order_id))


@router.post("/{id}/take", dependencies=[writes])
async def take_order(unit: Unit, order_id: Id) -> OrderSeen:
    """See to an order oneself."""
    await WorkOrders(unit).take(order_id)
    return await get_order(unit, order_id)


@router.post("/{id}/done", dependencies=[writes])
async def do_order(unit: Unit, order_id: Id, body: OrderAnswer) -> OrderSeen:
    """Say that an order is done, and how."""
    await WorkOrders(unit).do(order_id, body.answer)
    return await get_order(unit, order_id)


@router.post("/{id}/cancel", dependencies=[writes])
async def cancel_order(unit: Unit, order_id: Id, body: OrderCancellation) -> OrderSeen:
    """Say that an order need not be done."""
    await WorkOrders(unit).cancel(order_id, body.reason)
    return await get_order(unit, order_id)
