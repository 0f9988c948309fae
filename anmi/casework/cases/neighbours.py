"""Tables of rooms that stand on this one, as SQL sees them.

Those rooms import cases, so cases imports none of them: where a list filters by a hold or a timeline tells of a
payment, the database is asked by the tables' names. `tests/casework/cases/test_neighbours.py` holds them to the models.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Date, DateTime, Integer, String, Uuid, column, table
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.expression import ColumnClause, TableClause
from sqlalchemy.types import TypeEngine


def _table(name: str, /, **columns: TypeEngine[Any]) -> TableClause:
    described: list[ColumnClause[Any]] = [column(key, kind) for key, kind in columns.items()]
    return table(name, *described)


_ID, _TEXT, _DAY, _INSTANT, _FEN = Uuid(), String(), Date(), DateTime(timezone=True), BigInteger()

CREDITORS: Final = _table("creditors", id=_ID, name=_TEXT, kind=_TEXT)
PRODUCTS: Final = _table("products", id=_ID, name=_TEXT, buckets=JSONB(), stages=JSONB())
PLACEMENTS: Final = _table("placements", id=_ID, code=_TEXT, tier=Integer(), state=_TEXT)
OPENED_CASES: Final = _table("opened_cases", id=_ID, case_id=_ID, reach=_TEXT)
ACTIVITIES: Final = _table(
    "activities",
    id=_ID,
    case_id=_ID,
    at=_INSTANT,
    by=_ID,
    action_code=_TEXT,
    result_code=_TEXT,
    phone_id=_ID,
    call_id=_ID,
    note=_TEXT,
    next_action_at=_INSTANT,
    corrects=_ID,
)
PROMISES: Final = _table(
    "promises",
    id=_ID,
    case_id=_ID,
    amount_fen=_FEN,
    due_on=_DAY,
    state=_TEXT,
    received_fen=_FEN,
    taken_at=_INSTANT,
    taken_by=_ID,
    ended_at=_INSTANT,
    version=Integer(),
)
HOLDS: Final = _table(
    "holds",
    id=_ID,
    case_id=_ID,
    reason=_TEXT,
    effect=_TEXT,
    note=_TEXT,
    until=_DAY,
    placed_at=_INSTANT,
    placed_by=_ID,
    lifted_at=_INSTANT,
    lift_note=_TEXT,
)
SPECIAL_FLAGS: Final = _table(
    "special_flags",
    id=_ID,
    debtor_id=_ID,
    flag=_TEXT,
    note=_TEXT,
    flagged_at=_INSTANT,
    reviewed_until=_DAY,
    removed_at=_INSTANT,
)
PAYMENTS: Final = _table(
    "payments",
    id=_ID,
    case_id=_ID,
    state=_TEXT,
    amount_fen=_FEN,
    paid_on=_DAY,
    method=_TEXT,
    claimed_at=_INSTANT,
    claimed_by=_ID,
    posted_at=_INSTANT,
    reversed_at=_INSTANT,
    note=_TEXT,
)
CONCESSIONS: Final = _table(
    "concessions",
    id=_ID,
    case_id=_ID,
    kind=_TEXT,
    state=_TEXT,
    waived_fen=_FEN,
    payable_fen=_FEN,
    asked_by=_ID,
    asked_at=_INSTANT,
    valid_until=_DAY,
)
PAYMENT_PLANS: Final = _table(
    "payment_plans", id=_ID, case_id=_ID, total_fen=_FEN, state=_TEXT, signed_on=_DAY, is_oral=Boolean()
)
INSTALLMENTS: Final = _table(
    "installments",
    id=_ID,
    plan_id=_ID,
    number=Integer(),
    due_on=_DAY,
    amount_fen=_FEN,
    received_fen=_FEN,
    state=_TEXT,
)
CONTACT_ATTEMPTS: Final = _table(
    "contact_attempts",
    id=_ID,
    case_id=_ID,
    phone_id=_ID,
    channel=_TEXT,
    purpose=_TEXT,
    at=_INSTANT,
    by=_ID,
    allowed=Boolean(),
    rule_id=_TEXT,
    reason=_TEXT,
    until=_INSTANT,
    outcome=_TEXT,
)
WORK_ORDERS: Final = _table(
    "work_orders",
    id=_ID,
    case_id=_ID,
    kind=_TEXT,
    title=_TEXT,
    state=_TEXT,
    assignee_id=_ID,
    opened_at=_INSTANT,
    opened_by=_ID,
    due_at=_INSTANT,
    ended_at=_INSTANT,
    answer=_TEXT,
)

ALL: Final = (
    CREDITORS,
    PRODUCTS,
    PLACEMENTS,
    OPENED_CASES,
    ACTIVITIES,
    PROMISES,
    HOLDS,
    SPECIAL_FLAGS,
    PAYMENTS,
    CONCESSIONS,
    PAYMENT_PLANS,
    INSTALLMENTS,
    CONTACT_ATTEMPTS,
    WORK_ORDERS,
)
