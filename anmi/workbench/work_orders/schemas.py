"""Work orders as HTTP sees them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, StringConstraints

from anmi.core.work_orders import WorkOrderKind, WorkOrderState
from anmi.kit.fields import Asked, Line, Reason, Seen
from anmi.workbench.work_orders.service import OrderView

Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000, pattern=r"^[^\x00]*$")]


class OrderToOpen(Asked):
    """Something to be seen to; without a time it has that of its kind."""

    kind: WorkOrderKind
    title: Line
    note: Note = ""
    case_id: UUID | None = None
    due_at: AwareDatetime | None = None


class OrderAnswer(Asked):
    """How an order was done."""

    answer: Annotated[Note, StringConstraints(min_length=2)]


class OrderCancellation(Asked):
    """Why an order need not be done."""

    reason: Reason


class OrderFacts(Seen):
    """What is written on an order."""

    id: UUID
    kind: WorkOrderKind
    title: str
    note: str
    state: WorkOrderState
    case_id: UUID | None
    unit_id: UUID | None
    assignee_id: UUID | None
    opened_at: datetime
    opened_by: UUID | None
    due_at: datetime
    ended_at: datetime | None
    answer: str | None
    version: int


class OrderSeen(OrderFacts):
    """A work order."""

    serial_no: str | None
    assignee_name: str | None
    is_overdue: bool

    @classmethod
    def of(cls, view: OrderView) -> Self:
        """Say a view as HTTP does."""
        return cls(
            **OrderFacts.model_validate(view.order).model_dump(),
            serial_no=view.serial_no,
            assignee_name=view.assignee_name,
            is_overdue=view.is_overdue,
        )


class OrderKindSeen(BaseModel):
    """A kind of order and its words."""

    code: WorkOrderKind
    zh: str
    en: str
