"""The conditions of case lists in SQL: each filter narrows, and a bucket is a span of days in its product's table.

A question is taken apart into its form and its values, so that a statement is made once for each form.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    String,
    and_,
    case,
    exists,
    false,
    literal,
    or_,
    select,
    union,
)

from anmi.casework.cases.gaps import Fill, given, one_of
from anmi.casework.cases.lists import (
    HOLD_ENDS_WITHIN_DAYS,
    NO_CONTACT_DAYS,
    CaseFilter,
    CaseList,
    Day,
)
from anmi.casework.cases.models import Account, Case
from anmi.casework.cases.neighbours import HOLDS, OPENED_CASES, PROMISES, SPECIAL_FLAGS
from anmi.casework.debtors.models import Debtor, Phone
from anmi.core.case_life import AT_WORK, OPEN, State
from anmi.core.delinquency import Bucket, BucketTable

Span = tuple[date | None, date | None]
"""The first and the last day on which a debt may have become overdue."""


def is_held() -> ColumnElement[bool]:
    """Return the condition under which some hold stands on a case."""
    return exists().where(HOLDS.c.case_id == Case.id, HOLDS.c.lifted_at.is_(None))


def is_special() -> ColumnElement[bool]:
    """Return the condition under which a case's debtor belongs to a special group."""
    return exists().where(SPECIAL_FLAGS.c.debtor_id == Case.debtor_id, SPECIAL_FLAGS.c.removed_at.is_(None))


_COMPARED: Final[Mapping[str, tuple[Any, Callable[[Any, Any], ColumnElement[bool]]]]] = {
    "holder_id": (Case.holder_id, operator.eq),
    "owing_from": (Case.owing_fen, operator.ge),
    "owing_to": (Case.owing_fen, operator.le),
    "dpd_from": (Case.overdue_on, operator.le),
    "dpd_to": (Case.overdue_on, operator.ge),
    "next_action_before": (Case.next_action_at, operator.lt),
}
_ONE_OF: Final[Mapping[str, Any]] = {
    "states": Case.state,
    "stages": Case.stage,
    "creditor_ids": Case.creditor_id,
    "placement_ids": Case.placement_id,
    "product_ids": Case.product_id,
    "last_results": Case.last_result,
}
_TRUE_OR_NOT: Final[Mapping[str, Callable[[], ColumnElement[bool]]]] = {
    "pool": lambda: Case.holder_id.is_(None),
    "hold": is_held,
    "special": is_special,
}
_OF_ACCOUNT: Final[Any] = select(Account.case_id)
_OF_DEBTOR: Final[Any] = select(Case.id).join(Debtor, Debtor.id == Case.debtor_id)
_OF_PHONE: Final[Any] = select(Case.id).join(Phone, Phone.debtor_id == Case.debtor_id)
_LOOKUPS: Final[Mapping[str, Sequence[tuple[Any, Any]]]] = {
    "text": [(select(Case.id), Case.serial_no), (_OF_ACCOUNT, Account.contract_no)],
    "account": [(_OF_ACCOUNT, Account.number_index)],
    "name": [(_OF_DEBTOR, Debtor.name_index)],
    "id_number": [(_OF_DEBTOR, Debtor.id_number_index)],
    "phone": [(_OF_PHONE, Phone.number_index)],
    "tail": [(_OF_ACCOUNT, Account.number_tail)],
    "id_tail": [(_OF_DEBTOR, Debtor.id_tail_index)],
    "phone_tail": [(_OF_PHONE, Phone.tail_index)],
}
"""What a text may mean: one lookup in an index for each."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a case: by which fields, each with what shapes its condition; and the values in the gaps."""

    form: tuple[tuple[str, Hashable], ...]
    values: Mapping[str, Any]

    def conditions(self, fill: Fill) -> Iterator[ColumnElement[bool]]:
        """Return the conditions of a question, of which this form is known."""
        for name, shape in self.form:
            yield _condition(name, shape, fill)


def question(
    wanted: CaseFilter,
    day: Day,
    buckets: Mapping[UUID, BucketTable],
    unit_ids: Collection[UUID] | None = None,
    sought: Mapping[str, str | bytes] | None = None,
) -> Question:
    """Take apart what a filter asks.

    `unit_ids` are the filter's unit and those below it, `sought` what its text may mean, by the names of lookups.
    """
    form: list[tuple[str, Hashable]] = []
    values = values_of(day)
    for name in _COMPARED:
        if (value := getattr(wanted, name)) is not None:
            form.append((name, None))
            values[name] = day.today - timedelta(days=value) if name.startswith("dpd") else value
    for name in _ONE_OF:
        if chosen := getattr(wanted, name):
            form.append((name, len(chosen) == 1))
            values[name] = given(chosen)
    form += [(name, value) for name in _TRUE_OR_NOT if (value := getattr(wanted, name)) is not None]
    if unit_ids is not None:
        form.append(("unit_ids", len(unit_ids) == 1))
        values["unit_ids"] = given(unit_ids)
    if wanted.no_activity_days is not None:
        form.append(("no_activity_days", None))
        values["no_activity_days"] = day.now - timedelta(days=wanted.no_activity_days)
    if wanted.reach is not None:
        form.append(("reach", None))
        values["reach"] = wanted.reach
    if wanted.todo is not None:
        form.append(("todo", wanted.todo))
    if wanted.buckets:
        spans = _products_by_span(wanted.buckets, buckets, day.today)
        form.append(("buckets", tuple((span, len(products) == 1) for span, products in spans.items())))
        values |= {f"products_{number}": given(products) for number, products in enumerate(spans.values())}
    if sought is not None:
        form.append(("sought", tuple(sought)))
        values |= sought
    return Question(tuple(form), values)


def values_of(day: Day) -> dict[str, Any]:
    """Return the values of what the lists of a working day ask about time."""
    return {
        "today": day.today,
        "tomorrow": day.tomorrow,
        "lately": day.now - timedelta(days=NO_CONTACT_DAYS),
        "soon": day.today + timedelta(days=HOLD_ENDS_WITHIN_DAYS),
    }


def on_list(which: CaseList, fill: Fill) -> ColumnElement[bool]:  # noqa: PLR0911 - one for each list
    """Return the condition under which a case stands on a list of the working day."""
    at_work = Case.state.in_(AT_WORK)
    match which:
        case CaseList.DUE_PROMISES:
            return at_work & exists().where(
                PROMISES.c.case_id == Case.id, PROMISES.c.state == "open", PROMISES.c.due_on <= fill("today", Date())
            )
        case CaseList.CALL_BACKS:
            return at_work & (Case.next_action_at < fill("tomorrow", DateTime(timezone=True)))
        case CaseList.NEW_CASES:
            return (Case.state == State.IN_COLLECTION) & Case.last_activity_at.is_(None)
        case CaseList.BROKEN_PROMISES:
            # Until somebody has written of the case again.
            return at_work & exists().where(
                PROMISES.c.case_id == Case.id,
                PROMISES.c.state.in_(["broken", "partly_kept"]),
                or_(Case.last_activity_at.is_(None), PROMISES.c.ended_at > Case.last_activity_at),
            )
        case CaseList.NO_CONTACT:
            return at_work & (Case.last_activity_at < fill("lately", DateTime(timezone=True)))
        case CaseList.HOLDS_ENDING:
            return Case.state.in_(OPEN) & exists().where(
                HOLDS.c.case_id == Case.id, HOLDS.c.lifted_at.is_(None), HOLDS.c.until <= fill("soon", Date())
            )
        case CaseList.ALL:
            return Case.state.in_(OPEN)


def bucket_now(buckets: Mapping[UUID, BucketTable], today: date, of: Any) -> ColumnElement[Any]:
    """Return the bucket in which these columns of cases are on this day, as an expression."""
    ways = [
        (and_(of.product_id == product_id, *_within(_span(table, bucket, today), of.overdue_on)), literal(bucket.code))
        for product_id, table in buckets.items()
        for bucket in table.rows
    ]
    return case(*ways, else_=of.bucket) if ways else of.bucket


def _condition(name: str, shape: Any, fill: Fill) -> ColumnElement[bool]:
    if name in _COMPARED:
        column, compare = _COMPARED[name]
        return compare(column, fill(name, column.type))
    if name in _ONE_OF:
        return one_of(_ONE_OF[name], name, fill, is_single=shape)
    if name in _TRUE_OR_NOT:
        condition = _TRUE_OR_NOT[name]()
        return condition if shape else ~condition
    return _ASKED[name](shape, fill)


def _untouched(fill: Fill) -> ColumnElement[bool]:
    since = fill("no_activity_days", DateTime(timezone=True))
    return or_(Case.last_activity_at.is_(None), Case.last_activity_at < since)


def _opened_as(fill: Fill) -> ColumnElement[bool]:
    last = select(OPENED_CASES.c.reach).where(OPENED_CASES.c.case_id == Case.id).order_by(OPENED_CASES.c.id.desc())
    return last.limit(1).scalar_subquery() == fill("reach", String())


def _in_spans(spans: Sequence[tuple[Span, bool]], fill: Fill) -> ColumnElement[bool]:
    ways = [
        and_(one_of(Case.product_id, f"products_{number}", fill, is_single=is_single), *_within(span, Case.overdue_on))
        for number, (span, is_single) in enumerate(spans)
    ]
    return or_(false(), *ways)


def _products_by_span(
    codes: Collection[str], buckets: Mapping[UUID, BucketTable], today: date
) -> dict[Span, list[UUID]]:
    products: dict[Span, list[UUID]] = {}
    for product_id, table in buckets.items():
        for bucket in table.rows:
            if bucket.code in codes:
                products.setdefault(_span(table, bucket, today), []).append(product_id)
    return products


def _span(table: BucketTable, bucket: Bucket, today: date) -> Span:
    # What is not yet due stands in the first bucket, so that one has no last day.
    last = today - timedelta(days=bucket.min_dpd) if bucket is not table.rows[0] else None
    return today - timedelta(days=bucket.max_dpd) if bucket.max_dpd is not None else None, last


def _within(span: Span, overdue_on: Any) -> Iterator[ColumnElement[bool]]:
    first, last = span
    if first is not None:
        yield overdue_on >= first
    if last is not None:
        yield overdue_on <= last


def _meant(known: Collection[str], fill: Fill) -> ColumnElement[bool]:
    ways = ((name, query, column) for name, lookups in _LOOKUPS.items() if name in known for query, column in lookups)
    return Case.id.in_(union(*(query.where(column == fill(name, column.type)) for name, query, column in ways)))


_ASKED: Final[Mapping[str, Callable[[Any, Fill], ColumnElement[bool]]]] = {
    "unit_ids": lambda is_single, fill: one_of(Case.unit_id, "unit_ids", fill, is_single=is_single),
    "no_activity_days": lambda _, fill: _untouched(fill),
    "reach": lambda _, fill: _opened_as(fill),
    "todo": on_list,
    "buckets": _in_spans,
    "sought": _meant,
}
