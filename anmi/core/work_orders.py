"""Work orders (工单): what can be asked for, how long it may take, and how an order passes from open to done."""

from __future__ import annotations

from datetime import datetime, time
from enum import StrEnum
from typing import Final

from anmi.core.calendar import CHINA, HolidayCalendar, in_china
from anmi.core.permissions import Words

END_OF_WORK: Final = time(18, 0)


class WorkOrderKind(StrEnum):
    """What somebody must see to."""

    COMPLAINT = "complaint"
    DISPUTE = "dispute"
    CONCESSION_REQUEST = "concession_request"
    INSTALMENT_REQUEST = "instalment_request"
    PROOF_REQUEST = "proof_request"
    CALL_BACK = "call_back"
    OTHER = "other"


class WorkOrderState(StrEnum):
    """How far an order has come."""

    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"
    CANCELLED = "cancelled"


RUNNING: Final = frozenset({WorkOrderState.OPEN, WorkOrderState.TAKEN})

WORK_ORDER_WORDS: Final[dict[WorkOrderKind, Words]] = {
    WorkOrderKind.COMPLAINT: Words("投诉处理", "Complaint"),
    WorkOrderKind.DISPUTE: Words("异议核查", "Dispute"),
    WorkOrderKind.CONCESSION_REQUEST: Words("减免申请", "Request for a concession"),
    WorkOrderKind.INSTALMENT_REQUEST: Words("分期申请", "Request for instalments"),
    WorkOrderKind.PROOF_REQUEST: Words("凭证调取", "Request for proof"),
    WorkOrderKind.CALL_BACK: Words("客户回拨", "Call back"),
    WorkOrderKind.OTHER: Words("其他", "Other"),
}

# 银行业保险业消费投诉处理管理办法: a bank answers a complaint within 15 days, so what it needs from us comes in three.
_WORKING_DAYS: Final = {
    WorkOrderKind.COMPLAINT: 3,
    WorkOrderKind.DISPUTE: 3,
    WorkOrderKind.CONCESSION_REQUEST: 3,
    WorkOrderKind.INSTALMENT_REQUEST: 3,
    WorkOrderKind.PROOF_REQUEST: 5,
    WorkOrderKind.CALL_BACK: 1,
    WorkOrderKind.OTHER: 5,
}


def due_at(kind: WorkOrderKind, opened_at: datetime, calendar: HolidayCalendar) -> datetime:
    """Return the end of the working day by which an order of this kind is to be done."""
    day = calendar.after_working_days(in_china(opened_at).date(), _WORKING_DAYS[kind])
    return datetime.combine(day, END_OF_WORK, CHINA)


def is_overdue(state: WorkOrderState, due: datetime, now: datetime) -> bool:
    """Whether an order should have been done."""
    return state in RUNNING and due < now
