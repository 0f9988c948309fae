"""Steps and single rows of cases in SQL; lists stand in `listing`, the diary in `timeline`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from sqlalchemy import ColumnElement, Row, RowMapping, exists, false, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.casework.cases.models import Account, Case, CaseEvent, SavedView
from anmi.casework.cases.neighbours import (
    CONCESSIONS,
    CREDITORS,
    HOLDS,
    INSTALLMENTS,
    PAYMENT_PLANS,
    PLACEMENTS,
    PRODUCTS,
    PROMISES,
    SPECIAL_FLAGS,
)
from anmi.core.case_life import CLOSED, PAID, Event, State
from anmi.core.delinquency import BucketTable, read_buckets


@dataclass(frozen=True, slots=True)
class Standing:
    """What still stands on a case: the state it goes back to follows from it."""

    is_held: bool
    is_in_court: bool
    has_plan: bool
    has_promise: bool


async def step(session: AsyncSession, case: Case, after: State, now: datetime) -> bool:
    """Take a case to its next state; say whether it was still where the caller believed it."""
    values: dict[str, Any] = {"state": after, "version": Case.version + 1}
    if after in CLOSED:
        values |= {"closing_reason": after.value, "closed_at": now}
    elif case.state in PAID and after not in {State.ARCHIVED, State.PURGED}:
        values |= {"closing_reason": None, "closed_at": None}
    taken = await session.execute(
        update(Case)
        .where(Case.id == case.id, Case.state == case.state, Case.version == case.version)
        .values(values)
        .execution_options(synchronize_session=False)
        .returning(Case.id)
    )
    if taken.scalar_one_or_none() is None:
        return False
    await session.refresh(case, ["state", "version", "closing_reason", "closed_at"])
    return True


async def standing(session: AsyncSession, case_id: UUID) -> Standing:
    """Return what still stands on a case."""
    held = exists().where(
        HOLDS.c.case_id == case_id, HOLDS.c.lifted_at.is_(None), HOLDS.c.effect.in_(["STOP", "PAUSE"])
    )
    plan = exists().where(PAYMENT_PLANS.c.case_id == case_id, PAYMENT_PLANS.c.state == "open")
    # A plan that is signed in court takes the matter out of it.
    of_suit = [Event.LEGAL_STARTED, Event.LEGAL_ENDED, Event.PLAN_SIGNED]
    last_suit = (
        select(CaseEvent.event == Event.LEGAL_STARTED)
        .where(CaseEvent.case_id == case_id, CaseEvent.event.in_(of_suit))
        .order_by(CaseEvent.id.desc())
        .limit(1)
    )
    in_court = func.coalesce(last_suit.scalar_subquery(), false())
    promise = exists().where(PROMISES.c.case_id == case_id, PROMISES.c.state == "open")
    return Standing(*(await session.execute(select(held, in_court, plan, promise))).one())


async def bucket_tables(driver: AsyncConnection[Any]) -> Mapping[UUID, BucketTable]:
    """Return the buckets of every product."""
    rows = await (await driver.execute("SELECT id, buckets::text FROM products")).fetchall()
    return {product_id: bucket_table(buckets) for product_id, buckets in rows}


@lru_cache(maxsize=1024)
def bucket_table(buckets: str) -> BucketTable:
    """Read the table of buckets of a product."""
    return read_buckets(json.loads(buckets))


async def stages(session: AsyncSession, product_id: UUID) -> list[dict[str, Any]]:
    """Return the stages of a product as they are kept."""
    return (await session.execute(select(PRODUCTS.c.stages).where(PRODUCTS.c.id == product_id))).scalar_one()


async def surroundings(session: AsyncSession, placement_id: UUID, creditor_id: UUID) -> Row[Any]:
    """Return what a case inherits from its placement and creditor."""
    query: Any = (
        select(PLACEMENTS.c.tier, PLACEMENTS.c.state.label("placement_state"), CREDITORS.c.kind.label("creditor_kind"))
        .join(CREDITORS, CREDITORS.c.id == creditor_id)
        .where(PLACEMENTS.c.id == placement_id)
    )
    return (await session.execute(query)).one()


async def accounts(session: AsyncSession, case_id: UUID) -> Sequence[Account]:
    """Return the accounts of a case."""
    return (await session.scalars(select(Account).where(Account.case_id == case_id).order_by(Account.id))).all()


async def open_promise(session: AsyncSession, case_id: UUID) -> RowMapping | None:
    """Return the promise that stands."""
    c = PROMISES.c
    query: Any = select(c.id, c.amount_fen, c.due_on, c.received_fen, c.taken_at, c.version)
    return (await session.execute(query.where(c.case_id == case_id, c.state == "open"))).mappings().one_or_none()


async def plan(session: AsyncSession, case_id: UUID) -> RowMapping | None:
    """Return the payment plan that stands."""
    c = PAYMENT_PLANS.c
    query: Any = select(c.id, c.total_fen, c.signed_on, c.is_oral)
    return (await session.execute(query.where(c.case_id == case_id, c.state == "open"))).mappings().one_or_none()


async def installments(session: AsyncSession, plan_id: UUID) -> Sequence[RowMapping]:
    """Return the payments of a plan."""
    c = INSTALLMENTS.c
    query: Any = select(c.number, c.due_on, c.amount_fen, c.received_fen, c.state)
    return (await session.execute(query.where(c.plan_id == plan_id).order_by(c.number))).mappings().all()


async def concessions(session: AsyncSession, case_id: UUID) -> Sequence[RowMapping]:
    """Return the concessions of a case, the newest first."""
    c = CONCESSIONS.c
    query: Any = select(c.id, c.kind, c.state, c.waived_fen, c.payable_fen, c.asked_at, c.valid_until)
    return (await session.execute(query.where(c.case_id == case_id).order_by(c.asked_at.desc()))).mappings().all()


async def holds(session: AsyncSession, case_id: UUID) -> Sequence[RowMapping]:
    """Return the holds that stand on a case."""
    c = HOLDS.c
    query: Any = select(c.id, c.reason, c.effect, c.note, c.until, c.placed_at)
    query = query.where(c.case_id == case_id, c.lifted_at.is_(None)).order_by(c.placed_at)
    return (await session.execute(query)).mappings().all()


async def flags(session: AsyncSession, debtor_id: UUID) -> Sequence[RowMapping]:
    """Return the special groups a debtor belongs to."""
    c = SPECIAL_FLAGS.c
    query: Any = select(c.id, c.flag, c.note, c.flagged_at, c.reviewed_until)
    query = query.where(c.debtor_id == debtor_id, c.removed_at.is_(None)).order_by(c.flagged_at)
    return (await session.execute(query)).mappings().all()


async def count(session: AsyncSession, conditions: Sequence[ColumnElement[bool]]) -> int:
    """Count the cases that meet conditions."""
    return (await session.execute(select(func.count()).select_from(Case).where(*conditions))).scalar_one()


async def retention_over(session: AsyncSession, today: date) -> Sequence[UUID]:
    """Return the cases whose leave to be kept has run out."""
    query = select(Case.id).where(Case.state == State.RETAINED, Case.due_back_on < today).order_by(Case.id)
    return (await session.scalars(query)).all()


async def ids(session: AsyncSession, conditions: Sequence[ColumnElement[bool]], most: int) -> Sequence[UUID]:
    """Return the ids of the cases that meet conditions, `most` of them at the most."""
    return (await session.scalars(select(Case.id).where(*conditions).order_by(Case.id).limit(most))).all()


async def saved_views(session: AsyncSession, person_id: UUID, list_name: str) -> Sequence[SavedView]:
    """Return somebody's saved views of one list."""
    query = (
        select(SavedView)
        .where(SavedView.person_id == person_id, SavedView.list_name == list_name)
        .order_by(SavedView.name)
    )
    return (await session.scalars(query)).all()


async def saved_view(session: AsyncSession, person_id: UUID, view_id: UUID) -> SavedView | None:
    """Return one of somebody's saved views."""
    query = select(SavedView).where(SavedView.person_id == person_id, SavedView.id == view_id)
    return (await session.scalars(query.with_for_update())).one_or_none()
