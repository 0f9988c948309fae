"""Every SQL statement about concessions and payment plans."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.casework.cases.models import Case
from anmi.casework.concessions.models import Concession, ConcessionStep, Installment, PaymentPlan
from anmi.casework.creditors.models import Creditor
from anmi.casework.debtors.models import Debtor
from anmi.casework.payments.models import Payment, PaymentState
from anmi.core.concessions import OVER, QUOTABLE, State
from anmi.identity.people.models import Person, PersonGrant
from anmi.kit.paging import Ask, Sorting

SORTING: Final = Sorting({"asked_at": (Concession.asked_at, datetime.fromisoformat)}, "-asked_at", Concession.id)
PLAN_SORTING: Final = Sorting({"signed_on": (PaymentPlan.signed_on, date.fromisoformat)}, "-signed_on", PaymentPlan.id)


@dataclass(frozen=True, slots=True)
class ConcessionFilter:
    """Which concessions a list shows; `decided_by` are the roles of somebody who did not ask for them herself."""

    case_id: UUID | None = None
    states: frozenset[State] = frozenset()
    kinds: frozenset[str] = frozenset()
    asked_by: UUID | None = None
    decided_by: frozenset[str] | None = None
    not_asked_by: UUID | None = None


def _shown() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Concession,
            Case.serial_no,
            Case.unit_id,
            Creditor.name.label("creditor_name"),
            Debtor.name_sealed,
            Person.name_sealed.label("asker_name"),
        )
        .join(Case, Case.id == Concession.case_id)
        .join(Creditor, Creditor.id == Case.creditor_id)
        .join(Debtor, Debtor.id == Case.debtor_id)
        .outerjoin(Person, Person.id == Concession.asked_by)
    )


def _conditions(wanted: ConcessionFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.case_id is not None:
        conditions.append(Concession.case_id == wanted.case_id)
    if wanted.states:
        conditions.append(Concession.state.in_(wanted.states))
    if wanted.kinds:
        conditions.append(Concession.kind.in_(wanted.kinds))
    if wanted.asked_by is not None:
        conditions.append(Concession.asked_by == wanted.asked_by)
    if wanted.decided_by is not None:
        conditions.append(Concession.body["next_role"].astext.in_(wanted.decided_by))
    if wanted.not_asked_by is not None:
        conditions.append(Concession.asked_by.is_distinct_from(wanted.not_asked_by))
    return conditions


async def page(
    session: AsyncSession, sight: ColumnElement[bool], wanted: ConcessionFilter, ask: Ask
) -> tuple[Sequence[Row[Any]], str | None]:
    """Return one page of concessions within sight, and the cursor of the next."""
    query = SORTING.apply(_shown().where(sight, *_conditions(wanted)), ask)
    rows = (await session.execute(query)).all()
    _, following = SORTING.split([row.Concession for row in rows], ask)
    return rows[: ask.limit], following


async def count(session: AsyncSession, sight: ColumnElement[bool], wanted: ConcessionFilter) -> int:
    """Count the concessions within sight."""
    query = select(func.count()).select_from(Concession).join(Case, Case.id == Concession.case_id)
    return (await session.execute(query.where(sight, *_conditions(wanted)))).scalar_one()


async def shown(session: AsyncSession, sight: ColumnElement[bool], concession_id: UUID) -> Row[Any] | None:
    """Return one concession within sight, with the names around it."""
    return (await session.execute(_shown().where(sight, Concession.id == concession_id))).one_or_none()


async def steps(session: AsyncSession, concession_id: UUID) -> Sequence[Row[ConcessionStep, bytes]]:
    """Return the steps of an approval in their order, with the names of those who took them."""
    query = (
        select(ConcessionStep, Person.name_sealed.label("by_name"))
        .outerjoin(Person, Person.id == ConcessionStep.by)
        .where(ConcessionStep.concession_id == concession_id)
        .order_by(ConcessionStep.id)
    )
    return (await session.execute(query)).all()


async def case_of(session: AsyncSession, concession_id: UUID) -> UUID | None:
    """Return the case a concession is for."""
    return (await session.scalars(select(Concession.case_id).where(Concession.id == concession_id))).one_or_none()


async def concession(session: AsyncSession, concession_id: UUID) -> Concession | None:
    """Return a concession as it is at this moment; whoever changes it locks its case first."""
    query = select(Concession).where(Concession.id == concession_id).execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def live(session: AsyncSession, case_id: UUID, *, granted: bool = False) -> Concession | None:
    """Return the concession of a case that is not over, or only one that is granted."""
    query = select(Concession).where(Concession.case_id == case_id)
    query = query.where(Concession.state.in_(QUOTABLE) if granted else Concession.state.not_in(OVER))
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def live_of(session: AsyncSession, case_ids: Collection[UUID]) -> dict[UUID, Concession]:
    """Return the concessions of cases that are not over."""
    query = select(Concession).where(Concession.case_id.in_(case_ids), Concession.state.not_in(OVER))
    return {one.case_id: one for one in await session.scalars(query)}


async def last_completed(session: AsyncSession, case_id: UUID) -> Concession | None:
    """Return the concession by which a case was settled last."""
    query = (
        select(Concession)
        .where(Concession.case_id == case_id, Concession.state == State.COMPLETED)
        .order_by(Concession.asked_at.desc(), Concession.id.desc())
        .limit(1)
    )
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def lapsing(session: AsyncSession, today: date) -> Sequence[UUID]:
    """Return the granted concessions whose last day is over."""
    query = select(Concession.id).where(Concession.state.in_(QUOTABLE), Concession.valid_until < today)
    return (await session.scalars(query.order_by(Concession.id))).all()


async def roles_of(session: AsyncSession, person_id: UUID) -> frozenset[str]:
    """Return the roles somebody holds."""
    return frozenset(await session.scalars(select(PersonGrant.role).where(PersonGrant.person_id == person_id)))


async def received(session: AsyncSession, case_id: UUID, since: datetime) -> list[tuple[date, int]]:
    """Return what was booked on a case since an instant, in the order in which it was, without what was too much."""
    query = (
        select(Payment.paid_on, Payment.amount_fen - Payment.over_fen)
        .where(Payment.case_id == case_id, Payment.state == PaymentState.POSTED, Payment.posted_at >= since)
        .order_by(Payment.posted_at, Payment.id)
    )
    return [(paid_on, fen) for paid_on, fen in (await session.execute(query)).all()]


async def plans_page(
    session: AsyncSession, sight: ColumnElement[bool], state: str | None, case_id: UUID | None, ask: Ask
) -> tuple[Sequence[PaymentPlan], str | None]:
    """Return one page of payment plans within sight, and the cursor of the next."""
    query = select(PaymentPlan).join(Case, Case.id == PaymentPlan.case_id).where(sight)
    if state is not None:
        query = query.where(PaymentPlan.state == state)
    if case_id is not None:
        query = query.where(PaymentPlan.case_id == case_id)
    rows = (await session.scalars(PLAN_SORTING.apply(query, ask))).all()
    return PLAN_SORTING.split(rows, ask)


async def plan(session: AsyncSession, plan_id: UUID) -> PaymentPlan | None:
    """Return a payment plan."""
    return (await session.scalars(select(PaymentPlan).where(PaymentPlan.id == plan_id))).one_or_none()


async def plan_of(session: AsyncSession, case_id: UUID, *, state: str = "open") -> PaymentPlan | None:
    """Return the newest plan of a case in a state, as it is at this moment."""
    query = (
        select(PaymentPlan)
        .where(PaymentPlan.case_id == case_id, PaymentPlan.state == state)
        .order_by(PaymentPlan.id.desc())
        .limit(1)
    )
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def installments(session: AsyncSession, plan_ids: Sequence[UUID]) -> Sequence[Installment]:
    """Return the instalments of plans, in the order of their days."""
    query = (
        select(Installment).where(Installment.plan_id.in_(plan_ids)).order_by(Installment.plan_id, Installment.number)
    )
    return (await session.scalars(query)).all()


async def overdue_plans(session: AsyncSession, today: date) -> Sequence[UUID]:
    """Return the cases whose plan has an instalment that fell due and is not paid."""
    query = (
        select(PaymentPlan.case_id)
        .join(Installment, Installment.plan_id == PaymentPlan.id)
        .where(PaymentPlan.state == "open", Installment.state == "open", Installment.due_on < today)
        .distinct()
    )
    return (await session.scalars(query)).all()
