"""The conditions of case lists in SQL: each filter narrows, and a bucket is a span of days in its product's table."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, false, literal, or_, select, union

from anmi.casework.cases.lists import (
    HOLD_ENDS_WITHIN_DAYS,
    NO_CONTACT_DAYS,
    CaseFilter,
    CaseList,
    Day,
    Sought,
)
from anmi.casework.cases.models import Account, Case
from anmi.casework.cases.neighbours import HOLDS, OPENED_CASES, PROMISES, SPECIAL_FLAGS
from anmi.casework.debtors.models import Debtor, Phone
from anmi.core.case_life import AT_WORK, OPEN, State
from anmi.core.delinquency import Bucket, BucketTable


def chosen(
    wanted: CaseFilter,
    day: Day,
    buckets: Mapping[UUID, BucketTable],
    unit_ids: Collection[UUID] | None = None,
    sought: Sought | None = None,
) -> list[ColumnElement[bool]]:
    """Return what a filter asks of a case; `unit_ids` are the filter's unit and those below it."""
    return [*_who(wanted, unit_ids, sought), *_what(wanted, day, buckets), *_work(wanted, day)]


def _who(wanted: CaseFilter, unit_ids: Collection[UUID] | None, sought: Sought | None) -> Iterator[ColumnElement[bool]]:
    if sought is not None:
        yield Case.id.in_(_meant(sought))
    if wanted.holder_id is not None:
        yield Case.holder_id == wanted.holder_id
    if unit_ids is not None:
        yield Case.unit_id.in_(unit_ids)
    if wanted.pool is not None:
        yield Case.holder_id.is_(None) if wanted.pool else Case.holder_id.is_not(None)
    if wanted.creditor_ids:
        yield Case.creditor_id.in_(wanted.creditor_ids)
    if wanted.placement_ids:
        yield Case.placement_id.in_(wanted.placement_ids)
    if wanted.product_ids:
        yield Case.product_id.in_(wanted.product_ids)


def _what(wanted: CaseFilter, day: Day, buckets: Mapping[UUID, BucketTable]) -> Iterator[ColumnElement[bool]]:
    if wanted.states:
        yield Case.state.in_(wanted.states)
    if wanted.stages:
        yield Case.stage.in_(wanted.stages)
    if wanted.buckets:
        yield or_(false(), *_in_buckets(wanted.buckets, buckets, day.today))
    if wanted.owing_from is not None:
        yield Case.owing_fen >= wanted.owing_from
    if wanted.owing_to is not None:
        yield Case.owing_fen <= wanted.owing_to
    if wanted.dpd_from is not None:
        yield Case.overdue_on <= day.today - timedelta(days=wanted.dpd_from)
    if wanted.dpd_to is not None:
        yield Case.overdue_on >= day.today - timedelta(days=wanted.dpd_to)
    if wanted.hold is not None:
        yield is_held() if wanted.hold else ~is_held()
    if wanted.special is not None:
        yield is_special() if wanted.special else ~is_special()
    if wanted.reach is not None:
        last = select(OPENED_CASES.c.reach).where(OPENED_CASES.c.case_id == Case.id)
        yield last.order_by(OPENED_CASES.c.id.desc()).limit(1).scalar_subquery() == wanted.reach


def _work(wanted: CaseFilter, day: Day) -> Iterator[ColumnElement[bool]]:
    if wanted.todo is not None:
        yield on_list(wanted.todo, day)
    if wanted.next_action_before is not None:
        yield Case.next_action_at < wanted.next_action_before
    if wanted.last_results:
        yield Case.last_result.in_(wanted.last_results)
    if wanted.no_activity_days is not None:
        yield _untouched_for(wanted.no_activity_days, day)


def on_list(which: CaseList, day: Day) -> ColumnElement[bool]:  # noqa: PLR0911 - one for each list
    """Return the condition under which a case stands on a list of the working day."""
    at_work = Case.state.in_(AT_WORK)
    match which:
        case CaseList.DUE_PROMISES:
            return at_work & exists().where(
                PROMISES.c.case_id == Case.id, PROMISES.c.state == "open", PROMISES.c.due_on <= day.today
            )
        case CaseList.CALL_BACKS:
            return at_work & (Case.next_action_at < day.tomorrow)
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
            return at_work & Case.last_activity_at.is_not(None) & _untouched_for(NO_CONTACT_DAYS, day)
        case CaseList.HOLDS_ENDING:
            soon = day.today + timedelta(days=HOLD_ENDS_WITHIN_DAYS)
            return Case.state.in_(OPEN) & exists().where(
                HOLDS.c.case_id == Case.id, HOLDS.c.lifted_at.is_(None), HOLDS.c.until <= soon
            )
        case CaseList.ALL:
            return Case.state.in_(OPEN)


def is_held() -> ColumnElement[bool]:
    """Return the condition under which some hold stands on a case."""
    return exists().where(HOLDS.c.case_id == Case.id, HOLDS.c.lifted_at.is_(None))


def is_special() -> ColumnElement[bool]:
    """Return the condition under which a case's debtor belongs to a special group."""
    return exists().where(SPECIAL_FLAGS.c.debtor_id == Case.debtor_id, SPECIAL_FLAGS.c.removed_at.is_(None))


def bucket_now(buckets: Mapping[UUID, BucketTable], today: date) -> ColumnElement[Any]:
    """Return the bucket a case is in on this day, as an expression."""
    ways = [
        (and_(Case.product_id == product_id, *_span(table, bucket, today)), literal(bucket.code))
        for product_id, table in buckets.items()
        for bucket in table.rows
    ]
    return case(*ways, else_=Case.bucket) if ways else Case.bucket.expression


def _in_buckets(
    codes: Collection[str], buckets: Mapping[UUID, BucketTable], today: date
) -> Iterator[ColumnElement[bool]]:
    for product_id, table in buckets.items():
        for bucket in table.rows:
            if bucket.code in codes:
                yield and_(Case.product_id == product_id, *_span(table, bucket, today))


def _span(table: BucketTable, bucket: Bucket, today: date) -> Iterator[ColumnElement[bool]]:
    # What is not yet due stands in the first bucket, so that one begins nowhere.
    if bucket is not table.rows[0]:
        yield Case.overdue_on <= today - timedelta(days=bucket.min_dpd)
    if bucket.max_dpd is not None:
        yield Case.overdue_on >= today - timedelta(days=bucket.max_dpd)


def _untouched_for(days: int, day: Day) -> ColumnElement[bool]:
    return or_(Case.last_activity_at.is_(None), Case.last_activity_at < day.now - timedelta(days=days))


def _meant(sought: Sought) -> Any:
    """Return the ids of the cases a text may mean: one lookup in an index for each thing it may be."""
    of_debtor = select(Case.id).join(Debtor, Debtor.id == Case.debtor_id)
    of_phone = select(Case.id).join(Phone, Phone.debtor_id == Case.debtor_id)
    ways = [
        select(Case.id).where(Case.serial_no == sought.text),
        select(Account.case_id).where(Account.contract_no == sought.text),
        select(Account.case_id).where(Account.number_index == sought.account),
    ]
    if sought.name is not None:
        ways.append(of_debtor.where(Debtor.name_index == sought.name))
    if sought.id_number is not None:
        ways.append(of_debtor.where(Debtor.id_number_index == sought.id_number))
    if sought.phone is not None:
        ways.append(of_phone.where(Phone.number_index == sought.phone))
    if sought.tail is not None:
        ways.append(select(Account.case_id).where(Account.number_tail == sought.tail))
        ways.append(of_debtor.where(Debtor.id_tail_index == sought.id_tail))
        ways.append(of_phone.where(Phone.tail_index == sought.phone_tail))
    return union(*ways)
