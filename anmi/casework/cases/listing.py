"""Case lists in SQL: a page is found first and dressed with names afterwards, so that its cost is the page's own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.casework.cases.conditions import bucket_now, is_held, is_special, on_list
from anmi.casework.cases.lists import CaseList, Day
from anmi.casework.cases.models import Case
from anmi.casework.cases.neighbours import CREDITORS, PLACEMENTS, PRODUCTS
from anmi.casework.debtors.models import Debtor, Phone
from anmi.core.contact_rules.facts import Relation
from anmi.core.delinquency import BucketTable
from anmi.identity.org_units.models import OrgUnit
from anmi.identity.people.models import Person
from anmi.kit.paging import Ask, UnknownSort, make_cursor, read_cursor


@dataclass(frozen=True, slots=True)
class Order:
    """An order of the list: its column, the way back from text to its type, and what is special about it."""

    column: Any
    kind: Any
    is_nullable: bool = False
    """Rows without a value come last, whichever way the list is sorted."""
    is_reversed: bool = False
    """The longest overdue have the earliest day."""


ORDERS: Final[Mapping[str, Order]] = {
    "created": Order(Case.id, UUID),
    "owing": Order(Case.owing_fen, int),
    "dpd": Order(Case.overdue_on, date.fromisoformat, is_reversed=True),
    "priority": Order(Case.priority, int),
    "next_action_at": Order(Case.next_action_at, datetime.fromisoformat, is_nullable=True),
    "last_activity_at": Order(Case.last_activity_at, datetime.fromisoformat, is_nullable=True),
}
DEFAULT_ORDER: Final = "-created"

_DRESSED: Final[Any] = (
    select(
        Case.id,
        Case.serial_no,
        Case.debtor_id,
        Debtor.name_sealed.label("debtor_name"),
        Debtor.city,
        Case.creditor_id,
        CREDITORS.c.name.label("creditor_name"),
        Case.product_id,
        PRODUCTS.c.name.label("product_name"),
        Case.placement_id,
        PLACEMENTS.c.code.label("placement_code"),
        Case.state,
        Case.stage,
        Case.overdue_on,
        Case.placed_fen,
        Case.owing_fen,
        Case.paid_fen,
        Case.priority,
        Case.holder_id,
        Person.name_sealed.label("holder_name"),
        Case.unit_id,
        OrgUnit.name.label("unit_name"),
        is_held().label("is_held"),
        is_special().label("is_special"),
        Case.due_back_on,
        Case.last_activity_at,
        Case.last_result,
        Case.next_action_at,
        Case.created_at,
        Case.version,
    )
    .join(Debtor, Debtor.id == Case.debtor_id)
    .join(CREDITORS, CREDITORS.c.id == Case.creditor_id)
    .join(PRODUCTS, PRODUCTS.c.id == Case.product_id)
    .join(PLACEMENTS, PLACEMENTS.c.id == Case.placement_id)
    .outerjoin(Person, Person.id == Case.holder_id)
    .outerjoin(OrgUnit, OrgUnit.id == Case.unit_id)
)


async def page(
    session: AsyncSession, conditions: Sequence[ColumnElement[bool]], ask: Ask, *, is_narrow: bool = False
) -> tuple[Sequence[Row[Any]], str | None]:
    """Return one page of cases with the names around them, and the cursor of the next.

    `is_narrow` says that few cases meet the conditions, as those in one pair of hands do: they are found first and
    sorted then, for an index in the order of the list would be read past everybody else's cases.
    """
    order, is_down = _order(ask.sort or DEFAULT_ORDER)
    met: Any = select(Case.id.label("id"), order.column.label("value")).where(*conditions)
    if is_narrow:
        fenced = met.offset(0).subquery()
        met = select(fenced.c.id, fenced.c.value)
        value, number = fenced.c.value, fenced.c.id
    else:
        value, number = order.column, Case.id
    found = _after(met, ask.after, order, is_down, value, number)
    here = _ordered(found, order, is_down, value, number).limit(ask.limit + 1).subquery()
    dressed = _ordered(_DRESSED.join(here, here.c.id == Case.id), order, is_down, order.column, Case.id)
    # Rows and no objects: of these nobody changes anything.
    rows = (await (await session.connection()).execute(dressed)).all()
    if len(rows) <= ask.limit:
        return rows, None
    last = rows[ask.limit - 1]
    return rows[: ask.limit], make_cursor((getattr(last, order.column.key), last.id))


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
