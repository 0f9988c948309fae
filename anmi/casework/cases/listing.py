"""Case lists in SQL: a page is found first and dressed with names afterwards, so that its cost is the page's own."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import AsyncCursor
from psycopg.rows import args_row, tuple_row
from sqlalchemy import ColumnElement, Row, Uuid, and_, func, literal_column, or_, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.casework.cases.conditions import Question, bucket_now, on_list, values_of
from anmi.casework.cases.gaps import filled, left_open
from anmi.casework.cases.lists import CaseList, Day
from anmi.casework.cases.models import Case
from anmi.casework.cases.visibility import Sight
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


class Place(StrEnum):
    """Where a page begins: after a row with a value, or among the last, which have none."""

    BETWEEN = "between"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as psycopg takes it, and the values that are the same each time."""

    sql: bytes
    constants: dict[str, Any]


_POSTGRESQL: Final = PGDialect_psycopg()

# Written by hand, as it is the most frequent statement of all and the same for every list.
_DRESSED: Final = """
SELECT c.id, c.serial_no, c.debtor_id, d.name_sealed AS debtor_name, d.city, c.creditor_id, k.name AS creditor_name,
       c.product_id, p.name AS product_name, c.placement_id, b.code AS placement_code, c.state, c.stage, c.overdue_on,
       c.placed_fen, c.owing_fen, c.paid_fen, c.priority, c.holder_id, h.name_sealed AS holder_name,
       c.unit_id, u.name AS unit_name,
       EXISTS (SELECT FROM holds x WHERE x.case_id = c.id AND x.lifted_at IS NULL) AS is_held,
       EXISTS (SELECT FROM special_flags f WHERE f.debtor_id = c.debtor_id AND f.removed_at IS NULL) AS is_special,
       c.due_back_on, c.last_activity_at, c.last_result, c.next_action_at, c.created_at, c.version,
       CASE WHEN row_number() OVER (PARTITION BY c.product_id) = 1 THEN p.buckets::text END AS buckets
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


class CaseRow(NamedTuple):
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
    buckets: str | None
    """The table of buckets, with one case of each product."""


async def page(
    unit: UnitOfWork, sight: Sight, asked: Question, ask: Ask, narrow: Narrow | None
) -> tuple[Sequence[CaseRow], str | None]:
    """Return one page of cases with the names around them, and the cursor of the next."""
    sort = ask.sort or DEFAULT_ORDER
    values, place = dict(asked.values), None
    if ask.after is not None:
        there, number = _place(ask.after, sort)
        values |= {"after": there, "after_id": number}
        place = Place.LAST if there is None else Place.BETWEEN
    statement = _statement(sight, asked.form, sort, place, narrow, ask.limit + 1)
    cursor = AsyncCursor(unit.driver, row_factory=tuple_row)
    found = await (await cursor.execute(statement.sql, statement.constants | values, binary=True)).fetchall()
    following = make_cursor(found[ask.limit - 1]) if len(found) > ask.limit else None
    return await dressed(unit, [number for _, number in found[: ask.limit]]), following


async def figures(
    session: AsyncSession,
    conditions: Sequence[ColumnElement[bool]],
    day: Day,
    buckets: Mapping[UUID, BucketTable],
    most: int | None,
) -> Sequence[Row[Any]]:
    """Count cases and add up what they owe, by state and the bucket of today; look at `most` of them at the most."""
    met = select(Case.state, Case.product_id, Case.overdue_on, Case.bucket, Case.owing_fen).where(*conditions)
    one = met.limit(most).subquery()
    # A day of a product is in one bucket, so that only sums are asked for theirs and not every case.
    count, owing = func.count().label("cases_count"), func.sum(one.c.owing_fen).label("owing_fen")
    of_day = (one.c.state, one.c.product_id, one.c.overdue_on, one.c.bucket)
    summed = select(*of_day, count, owing).group_by(*of_day).subquery()
    of_bucket = bucket_now(buckets, day.today, summed.c).label("bucket")
    query: Any = select(
        summed.c.state, of_bucket, func.sum(summed.c.cases_count), func.sum(summed.c.owing_fen)
    ).group_by(summed.c.state, of_bucket)
    return (await session.execute(query)).all()


async def counts(
    session: AsyncSession, conditions: Sequence[ColumnElement[bool]], day: Day, most: int
) -> dict[CaseList, int]:
    """Count every list of the working day in one statement, each up to `most`."""
    fill = filled(values_of(day))

    def counted(which: CaseList) -> ColumnElement[int]:
        met = select(Case.id).where(*conditions, on_list(which, fill)).limit(most).subquery()
        return select(func.count()).select_from(met).scalar_subquery().label(which.value)

    row = (await session.execute(select(*map(counted, CaseList)))).one()
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


async def dressed(unit: UnitOfWork, ids: Sequence[UUID]) -> Sequence[CaseRow]:
    """Return cases in this order, with the names around them."""
    if not ids:
        return []
    cursor = AsyncCursor(unit.driver, row_factory=args_row(CaseRow))
    return await (await cursor.execute(_DRESSED, {"ids": ids}, binary=True)).fetchall()


@lru_cache(maxsize=2000)
def _statement(
    sight: Sight,
    form: tuple[tuple[str, Hashable], ...],
    sort: str,
    place: Place | None,
    narrow: Narrow | None,
    limit: int,
) -> Statement:
    """Make the statement that finds a page; SQLAlchemy writes it once, as it takes longer than PostgreSQL's answer.

    Cases that are few are found first and sorted then: an index in the order of the list would be read past everybody
    else's cases.
    """
    order, is_down = _order(sort)
    value, number = order.column, Case.id
    conditions = [sight.condition(left_open), *Question(form, {}).conditions(left_open)]
    met: Any = select(value.label("value"), number.label("id")).where(*conditions)
    if narrow is Narrow.SOUGHT or (narrow is Narrow.ONE_HOLDER and not order.is_kept_by_holder):
        few = met.offset(0).subquery()
        met, value, number = select(few.c.value, few.c.id), few.c.value, few.c.id
    met = _ordered(_beyond(met, place, order, is_down, value, number), order, is_down, value, number)
    written = met.limit(literal_column(str(limit))).compile(
        dialect=_POSTGRESQL, compile_kwargs={"render_postcompile": True}
    )
    return Statement(str(written).encode(), {key: one for key, one in written.params.items() if one is not None})


def _order(sort: str) -> tuple[Order, bool]:
    order = ORDERS.get(sort.removeprefix("-"))
    if order is None:
        raise UnknownSort(field=sort.removeprefix("-"))
    return order, sort.startswith("-") != order.is_reversed


def _ordered(query: Any, order: Order, is_down: bool, value: Any, number: Any) -> Any:
    column = value.desc() if is_down else value.asc()
    tie = number.desc() if is_down else number.asc()
    return query.order_by(column.nulls_last() if order.is_nullable else column, tie)


def _place(after: str, sort: str) -> list[Any]:
    kind = _order(sort)[0].kind
    return read_cursor(after, (lambda text: None if text is None else kind(text), UUID))


def _beyond(query: Any, place: Place | None, order: Order, is_down: bool, value: Any, number: Any) -> Any:
    if place is None:
        return query
    last = left_open("after_id", Uuid())
    if place is Place.LAST:
        return query.where(and_(value.is_(None), number < last if is_down else number > last))
    here, there = tuple_(value, number), tuple_(left_open("after", value.type), last)
    beyond = here < there if is_down else here > there
    return query.where(or_(beyond, value.is_(None)) if order.is_nullable else beyond)
