"""Work orders (工单): opened, taken, done or cancelled, each by its time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, or_

from anmi.casework.cases.models import Case
from anmi.casework.cases.service import CaseLives, Cases
from anmi.casework.tables import holiday_calendar
from anmi.core.permissions import Permission
from anmi.core.work_orders import RUNNING, WORK_ORDER_WORDS, WorkOrderKind, WorkOrderState, due_at, is_overdue
from anmi.identity.people.models import NAME
from anmi.kit.errors import Conflict, Invalid, NotFound
from anmi.kit.ids import new_id
from anmi.kit.paging import Ask
from anmi.kit.reaching import in_reach
from anmi.kit.unit_of_work import UnitOfWork
from anmi.workbench.work_orders import repository
from anmi.workbench.work_orders.events import WorkOrderChanged, WorkOrderOpened
from anmi.workbench.work_orders.models import WorkOrder
from anmi.workbench.work_orders.repository import OrderRow

TOPIC: Final = "work_orders"

_OUTLIVES_ITS_CASE: Final = frozenset({WorkOrderKind.COMPLAINT, WorkOrderKind.DISPUTE})
"""Who complained is owed an answer, whatever became of the case."""


class OrderNotThere(Conflict):
    """The order is not where this begins."""

    code = "WORK_ORDER_STATE"
    zh, en = "工单当前状态（{state}）不允许此操作", "A work order that is {state} does not allow this"


class DueInPast(Invalid):
    """Nothing can be done by a time that has gone by."""

    code = "DUE_IN_PAST"
    zh, en = "截止时间不能早于现在", "The time to be done by has gone by"


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders a list shows."""

    states: frozenset[WorkOrderState] = frozenset()
    kinds: frozenset[WorkOrderKind] = frozenset()
    case_id: UUID | None = None
    mine: bool = False
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order as a list shows it."""

    order: WorkOrder
    serial_no: str | None
    assignee_name: str | None
    is_overdue: bool


class WorkOrders:
    """The work orders of one agency, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def page(self, wanted: OrderFilter, ask: Ask) -> tuple[list[OrderView], str | None]:
        """Return one page of the orders within sight, the next due first, and the cursor of the next."""
        rows, following = await repository.page(self._unit.session, self._conditions(wanted), ask)
        return [self._view(row) for row in rows], following

    async def get(self, order_id: UUID) -> OrderView:
        """Return an order within sight."""
        await self._unit.session.flush()
        row = await repository.one(self._unit.session, WorkOrder.id == order_id, self._sight())
        if row is None:
            raise NotFound
        return self._view(row)

    async def open(
        self, kind: WorkOrderKind, title: str, note: str, case_id: UUID | None = None, due: datetime | None = None
    ) -> WorkOrder:
        """Ask for something to be seen to; without a time it has that of its kind."""
        if due is not None and due <= self._unit.now:
            raise DueInPast
        case = await Cases(self._unit).get(case_id) if case_id is not None else None
        return await self._open(kind, title, note, case, due)

    async def open_for(
        self, kind: WorkOrderKind, case_id: UUID, note: str, call_id: UUID | None = None
    ) -> WorkOrder | None:
        """Ask for what follows from an event, unless the same is asked for already."""
        running = await repository.running_of(self._unit.session, case_id)
        if any(order.kind == kind for order in running):
            return None
        case = await CaseLives(self._unit).of_system(case_id)
        return await self._open(kind, WORK_ORDER_WORDS[kind].zh, note, case, None, call_id)

    async def take(self, order_id: UUID) -> WorkOrder:
        """See to an order oneself."""
        order = await self._held(order_id, frozenset({WorkOrderState.OPEN}))
        order.state, order.assignee_id = WorkOrderState.TAKEN, self._unit.caller.person_id
        self._say(order)
        return order

    async def do(self, order_id: UUID, answer: str) -> WorkOrder:
        """Say that an order is done, and how."""
        order = await self._held(order_id, RUNNING)
        order.assignee_id = order.assignee_id or self._unit.caller.person_id
        self._end(order, WorkOrderState.DONE, answer)
        return order

    async def cancel(self, order_id: UUID, reason: str) -> WorkOrder:
        """Say that an order need not be done."""
        order = await self._held(order_id, RUNNING)
        self._end(order, WorkOrderState.CANCELLED, reason)
        return order

    async def end_with_case(self, case_id: UUID, reason: str) -> None:
        """Cancel the orders of a case that has closed, but for those somebody outside waits for."""
        for order in await repository.running_of(self._unit.session, case_id):
            if order.kind not in _OUTLIVES_ITS_CASE:
                self._end(order, WorkOrderState.CANCELLED, reason)

    async def overdue(self) -> int:
        """Count the orders within sight that should have been done."""
        return await repository.overdue(self._unit.session, [self._sight()], self._unit.now)

    async def _open(
        self,
        kind: WorkOrderKind,
        title: str,
        note: str,
        case: Case | None,
        due: datetime | None,
        call_id: UUID | None = None,
    ) -> WorkOrder:
        caller = self._unit.caller
        order = WorkOrder(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            kind=kind,
            title=title,
            note=note,
            state=WorkOrderState.OPEN,
            case_id=case.id if case else None,
            call_id=call_id,
            unit_id=case.unit_id if case else caller.unit_id,
            opened_at=self._unit.now,
            opened_by=caller.person_id,
            due_at=due or due_at(kind, self._unit.now, holiday_calendar()),
            version=1,
        )
        self._unit.session.add(order)
        await self._unit.session.flush()
        await self._unit.session.refresh(order)
        self._unit.announce(WorkOrderOpened(order.id, order.case_id, order.unit_id, None), TOPIC)
        return order

    async def _held(self, order_id: UUID, states: frozenset[WorkOrderState]) -> WorkOrder:
        sight = self._sight(Permission.WORK_ORDERS_WRITE)
        order = await repository.locked(self._unit.session, WorkOrder.id == order_id, sight)
        if order is None:
            raise NotFound
        if order.state not in states:
            raise OrderNotThere(state=order.state)
        return order

    def _end(self, order: WorkOrder, state: WorkOrderState, answer: str) -> None:
        order.state, order.ended_at, order.answer = state, self._unit.now, answer
        self._say(order)

    def _say(self, order: WorkOrder) -> None:
        order.version += 1
        self._unit.announce(WorkOrderChanged(order.id, order.case_id, order.unit_id, order.assignee_id), TOPIC)

    def _sight(self, permission: Permission = Permission.WORK_ORDERS_READ) -> ColumnElement[bool]:
        reach, caller = self._unit.rights.of(permission), self._unit.caller
        covered = in_reach(reach, caller, WorkOrder.unit_id, WorkOrder.assignee_id)
        return or_(covered, WorkOrder.opened_by == caller.person_id) if reach.own else covered

    def _conditions(self, wanted: OrderFilter) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = [self._sight()]
        if wanted.states:
            conditions.append(WorkOrder.state.in_(wanted.states))
        if wanted.kinds:
            conditions.append(WorkOrder.kind.in_(wanted.kinds))
        if wanted.case_id is not None:
            conditions.append(WorkOrder.case_id == wanted.case_id)
        if wanted.mine:
            conditions.append(WorkOrder.assignee_id == self._unit.caller.person_id)
        if wanted.overdue:
            conditions.append(WorkOrder.state.in_(RUNNING) & (WorkOrder.due_at < self._unit.now))
        return conditions

    def _view(self, row: OrderRow) -> OrderView:
        name = self._unit.open(NAME, row.assignee_name) if row.assignee_name is not None else None
        late = is_overdue(WorkOrderState(row.order.state), row.order.due_at, self._unit.now)
        return OrderView(row.order, row.serial_no, name, late)
