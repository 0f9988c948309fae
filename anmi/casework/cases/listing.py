"""Case lists in SQL: a page is found first and dressed with names afterwards, so that its cost is the page's own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import class_row
from sqlalchemy import ColumnElement, Row, and_, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.casework.cases.conditions import bucket_now, on_list
from anmi.casework.cases.lists import CaseList, Day
from anmi.casework.cases.models import Case
from anmi.casework.debtors.models import Debtor, Phone
from anmi.core.contact_rules.facts import Relation
from anmi.core.delinquency import BucketTable
from anmi.kit.paging import Ask, UnknownSort, make_cursor, read_cursor
from anmi.kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Order:
    """An order of the list: its column, the way back from text to its type, and what is special about it."""

    column: Any
    kind: Any
    is_nullable: bool = False
    """Rows without a value come last, whichever way the list is sorted."""
    is_reversed: bool = False
    """The longest overdue have the earliest day."""
    is_kept_by_holder: bool = False
    """An index keeps the cases in each pair of hands in this order."""


ORDERS: Final[Mapping[str, Order]] = {
    "created": Order(Case.id, UUID),
    "owing": Order(Case.owing_fen, int),
    "dpd": Order(Case.overdue_on, date.fromisoformat, is_reversed=True),
    "priority": Order(Case.priority, int),
    "next_action_at": Order(Case.next_action_at, datetime.fromisoformat, is_nullable=True, is_kept_by_holder=True),
    "last_activity_at": Order(Case.last_activity_at, datetime.fromisoformat, is_nullable=True),
}
DEFAULT_ORDER: Final = "-created"


class Narrow(StrEnum):
    """What makes the cases of a list few beforehand, whatever else they are filtered by."""

    ONE_HOLDER = "one_holder"
    SOUGHT = "sought"


# Written by hand, as it is the most frequent statement of all and the same for every list.
_DRESSED: Final = """
SELECT c.id, c.serial_no, c.debtor_id, d.name_sealed AS debtor_name, d.city, c.creditor_id, k.name AS creditor_name,
       c.product_id, p.name AS product_name, c.placement_id, b.code AS placement_code, c.state, c.stage, c.overdue_on,
       c.placed_fen, c.owing_fen, c.paid_fen, c.priority, c.holder_id, h.name_sealed AS holder_name,
       c.unit_id, u.name AS unit_name,
       EXISTS (SELECT FROM holds x WHERE x.case_id = c.id AND x.lifted_at IS NULL) AS is_held,
       EXISTS (SELECT FROM special_flags f WHERE f.debtor_id = c.debtor_id AND f.removed_at IS NULL) AS is_special,
       c.due_back_on, c.last_activity_at, c.last_result, c.next_action_at, c.created_at, c.version
  FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY AS here (id, place)
  JOIN cases c ON c.id = here.id
  JOIN debtors d ON d.id = c.debtor_id
  JOIN creditors k ON k.id = c.creditor_id
  JOIN products p ON p.id = c.product_id
  JOIN placements b ON b.id = c.placement_id
  LEFT JOIN people h ON h.id = c.holder_id
  LEFT JOIN org_units u ON u.id = c.unit_id
 ORDER BY here.place
"""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case of a page with the names around it; those of people are sealed."""

    id: UUID
    serial_no: str
    debtor_id: UUID
    debtor_name: bytes
    city: str | None
    creditor_id: UUID
    creditor_name: str
    product_id: UUID
    product_name: str
    placement_id: UUID
    placement_code: str
    state: str
    stage: str | None
    overdue_on: date
    placed_fen: int
    owing_fen: int
    paid_fen: int
    priority: int
    holder_id: UUID | None
    holder_name: bytes | None
    unit_id: UUID | None
    unit_name: str | None
    is_held: bool
    is_special: bool
    due_back_on: date | None
    last_activity_at: datetime | None
    last_result: str | None
    next_action_at: datetime | None
    created_at: datetime
    version: int


async def page(
    unit: UnitOfWork, conditions: Sequence[ColumnElement[bool]], ask: Ask, narrow: Narrow | None
) -> tuple[Sequence[CaseRow], str | None]:
    """Return one page of cases with the names around them, and the cursor of the next.

    Cases that are few are found first and sorted then: an index in the order of the list would be read past everybody
    else's cases.
    """
    order, is_down = _order(ask.sort or DEFAULT_ORDER)
    met: Any = select(Case.id.label("id"), order.column.label("value")).where(*conditions)
    value, number = order.column, Case.id
    if narrow is Narrow.SOUGHT or (narrow is Narrow.ONE_HOLDER and not order.is_kept_by_holder):
        fenced = met.offset(0).subquery()
        met, value, number = select(fenced.c.id, fenced.c.value), fenced.c.value, fenced.c.id
    asked = _ordered(_after(met, ask.after, order, is_down, value, number), order, is_down, value, number)
    found = (await (await unit.session.connection()).execute(asked.limit(ask.limit + 1))).all()
    here = found[: ask.limit]
    following = make_cursor((here[-1].value, here[-1].id)) if len(found) > ask.limit else None
    return await _dressed(unit.driver, [row.id for row in here]), following


async def figures(
    session: AsyncSession, conditions: Sequence[ColumnElement[bool]], day: Day, buckets: Mapping[UUID, BucketTable]
) -> Sequence[Row[Any]]:
    """Count cases and add up what they owe, by state and the bucket of today."""
    of_state, of_bucket = Case.state.label("state"), bucket_now(buckets, day.today).label("bucket")
    one = select(of_state, of_bucket, Case.owing_fen).where(*conditions).subquery()
    query: Any = select(
        one.c.state, one.c.bucket, func.count().label("cases_count"), func.sum(one.c.owing_fen).label("owing_fen")
    ).group_by(one.c.state, one.c.bucket)
    return (await session.execute(query)).all()


async def counts(session: AsyncSession, conditions: Sequence[ColumnElement[bool]], day: Day) -> dict[CaseList, int]:
    """Count every list of the working day in one statement."""
    columns = [func.count().filter(on_list(which, day)).label(which.value) for which in CaseList]
    row = (await session.execute(select(*columns).select_from(Case).where(*conditions))).one()
    return {which: getattr(row, which.value) for which in CaseList}


async def persons(session: AsyncSession, debtor_ids: Collection[UUID]) -> dict[UUID, Row[Any]]:
    """Return the sealed id number of debtors, and the first of their own numbers."""
    first = (
        select(Phone.debtor_id, Phone.number_sealed)
        .where(Phone.debtor_id.in_(debtor_ids), Phone.relation == Relation.DEBTOR)
        .ext(distinct_on(Phone.debtor_id))
        .order_by(Phone.debtor_id, Phone.id)
        .subquery()
    )
    query: Any = (
        select(Debtor.id, Debtor.id_number_sealed, first.c.number_sealed)
        .outerjoin(first, first.c.debtor_id == Debtor.id)
        .where(Debtor.id.in_(debtor_ids))
    )
    return {row.id: row for row in (await session.execute(query)).all()}


async def _dressed(driver: AsyncConnection[Any], ids: Sequence[UUID]) -> Sequence[CaseRow]:
    if not ids:
        return []
    cursor = AsyncCursor(driver, row_factory=class_row(CaseRow))
    return await (await cursor.execute(_DRESSED, {"ids": ids})).fetchall()


def _order(sort: str) -> tuple[Order, bool]:
    order = ORDERS.get(sort.removeprefix("-"))
    if order is None:
        raise UnknownSort(field=sort.removeprefix("-"))
    return order, sort.startswith("-") != order.is_reversed


def _ordered(query: Any, order: Order, is_down: bool, value: Any, number: Any) -> Any:
    column = value.desc() if is_down else value.asc()
    tie = number.desc() if is_down else number.asc()
    return query.order_by(column.nulls_last() if order.is_nullable else column, tie)


def _after(query: Any, after: str | None, order: Order, is_down: bool, value: Any, number: Any) -> Any:
    if after is None:
        return query
    there, tie = read_cursor(after, (lambda text: None if text is None else order.kind(text), UUID))
    if there is None:
        return query.where(and_(value.is_(None), number < tie if is_down else number > tie))
    here, place = tuple_(value, number), tuple_(there, tie)
    beyond = here < place if is_down else here > place
    return query.where(or_(beyond, value.is_(None)) if order.is_nullable else beyond)
