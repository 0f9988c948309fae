"""What happens to work orders."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anmi.kit.events import Event


@dataclass(frozen=True, slots=True)
class WorkOrderOpened(Event):
    """Something is to be seen to by a certain time."""

    work_order_id: UUID
    case_id: UUID | None
    unit_id: UUID | None
    holder_id: UUID | None


@dataclass(frozen=True, slots=True)
class WorkOrderChanged(Event):
    """A work order was taken, done or cancelled."""

    work_order_id: UUID
    case_id: UUID | None
    unit_id: UUID | None
    holder_id: UUID | None
