"""Every SQL statement of allocation."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Row, Uuid, all_, any_, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.casework.allocation.models import AllocationMove, AllocationRun, AssistRequest
from anmi.casework.cases.models import Case
from anmi.casework.creditors.models import Product
from anmi.casework.debtors.models import Debtor
from anmi.core.case_life import OPEN
from anmi.core.delinquency import BucketTable, read_buckets
from anmi.core.permissions import Permission
from anmi.core.roles import BUILT_IN_ROLES
from anmi.identity.people.models import Person, PersonGrant, PersonState
from anmi.identity.roles.models import CustomRole
from anmi.kit.paging import Ask, Sorting

RUNS: Final = Sorting(
    {"planned_at": (AllocationRun.planned_at, datetime.fromisoformat)}, default="-planned_at", tie=AllocationRun.id
)
MOVES: Final = Sorting({"case_id": (AllocationMove.case_id, UUID)}, default="case_id", tie=AllocationMove.id)
REQUESTS: Final = Sorting(
    {"asked_at": (AssistRequest.asked_at, datetime.fromisoformat)}, default="-asked_at", tie=AssistRequest.id
)


def _ids(ids: Collection[UUID]) -> ColumnElement[Any]:
    # Thousands of ids are one parameter, not thousands.
    return literal(list(ids), ARRAY(Uuid()))


async def cases(session: AsyncSession, conditions: Sequence[ColumnElement[bool]], most: int) -> Sequence[Row[Any]]:
    """Return the cases to be shared out, as far as a plan needs to know them."""
    query: Any = (
        select(
            Case.id,
            Case.debtor_id,
            Case.creditor_id,
            Case.product_id,
            Product.code.label("product"),
            Case.owing_fen,
            Case.overdue_on,
            Case.state,
            Case.holder_id,
            Case.unit_id,
            func.coalesce(Debtor.province, "").label("region"),
        )
        .join(Product, Product.id == Case.product_id)
        .join(Debtor, Debtor.id == Case.debtor_id)
        .where(*conditions)
        .order_by(Case.id)
        .limit(most)
    )
    return (await session.execute(query)).all()


async def buckets(session: AsyncSession) -> Mapping[UUID, BucketTable]:
    """Return the buckets of every product."""
    rows = (await session.execute(select(Product.id, Product.buckets))).all()
    return {product_id: read_buckets(table) for product_id, table in rows}


async def collectors(
    session: AsyncSession, person_ids: Collection[UUID], within: ColumnElement[bool]
) -> Mapping[UUID, Person]:
    """Return those of these people who are at work, work cases, and are within reach."""
    own = await session.execute(
        select(CustomRole.code).where(literal(Permission.CASES_WORK.value) == any_(CustomRole.permissions))
    )
    roles = [code for code, role in BUILT_IN_ROLES.items() if Permission.CASES_WORK in role.permissions]
    roles += own.scalars().all()
    works_cases = select(PersonGrant.person_id).where(PersonGrant.role.in_(roles))
    query = select(Person).where(
        Person.id.in_(person_ids), Person.state == PersonState.ACTIVE, Person.id.in_(works_cases), within
    )
    return {person.id: person for person in (await session.scalars(query)).all()}


async def names(session: AsyncSession, person_ids: Collection[UUID]) -> Mapping[UUID, bytes]:
    """Return people's names, sealed."""
    people = (await session.scalars(select(Person).where(Person.id.in_(person_ids)))).all()
    return {person.id: person.name_sealed for person in people}


async def loads(session: AsyncSession, holder_ids: Collection[UUID], beside: Collection[UUID]) -> Mapping[UUID, int]:
    """Count the open cases people hold, those to be shared out left aside."""
    query = (
        select(Case.holder_id, func.count())
        .where(Case.holder_id.in_(holder_ids), Case.state.in_(OPEN), Case.id != all_(_ids(beside)))
        .group_by(Case.holder_id)
    )
    return {holder_id: count for holder_id, count in (await session.execute(query)).all() if holder_id is not None}


async def links(
    session: AsyncSession, holder_ids: Collection[UUID], debtor_ids: Collection[UUID], beside: Collection[UUID]
) -> Sequence[tuple[UUID, UUID]]:
    """Return who holds other open cases of these debtors already."""
    query = (
        select(Case.holder_id, Case.debtor_id)
        .where(
            Case.holder_id.in_(holder_ids),
            Case.debtor_id == any_(_ids(debtor_ids)),
            Case.state.in_(OPEN),
            Case.id != all_(_ids(beside)),
        )
        .distinct()
    )
    return [(holder_id, debtor_id) for holder_id, debtor_id in (await session.execute(query)).all() if holder_id]


async def add_moves(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the moves of a plan."""
    if rows:
        await session.execute(insert(AllocationMove), rows)


async def held_run(session: AsyncSession, run_id: UUID, within: ColumnElement[bool]) -> AllocationRun | None:
    """Return a run, held until the transaction ends."""
    query = select(AllocationRun).where(AllocationRun.id == run_id, within).with_for_update()
    return (await session.scalars(query)).one_or_none()


async def run(session: AsyncSession, run_id: UUID, within: ColumnElement[bool]) -> AllocationRun | None:
    """Return a run."""
    return (await session.scalars(select(AllocationRun).where(AllocationRun.id == run_id, within))).one_or_none()


async def runs(
    session: AsyncSession, within: ColumnElement[bool], ask: Ask
) -> tuple[Sequence[AllocationRun], str | None]:
    """Return one page of runs, and the cursor of the next."""
    return RUNS.split((await session.scalars(RUNS.apply(select(AllocationRun).where(within), ask))).all(), ask)


async def all_moves(session: AsyncSession, run_id: UUID) -> Sequence[Row[Any]]:
    """Return every move of a run."""
    table = AllocationMove
    query: Any = select(
        table.id,
        table.case_id,
        table.from_holder_id,
        table.from_unit_id,
        table.to_holder_id,
        table.to_unit_id,
        table.outcome,
    ).where(table.run_id == run_id)
    return (await session.execute(query)).all()


async def moves(
    session: AsyncSession, run_id: UUID, stuck: bool, ask: Ask
) -> tuple[Sequence[AllocationMove], str | None]:
    """Return one page of a run's moves, or of those that did not come about."""
    query = select(AllocationMove).where(AllocationMove.run_id == run_id)
    if stuck:
        query = query.where(AllocationMove.outcome.is_not(None), AllocationMove.outcome.not_in(["done", "undone"]))
    return MOVES.split((await session.scalars(MOVES.apply(query, ask))).all(), ask)


async def write_outcomes(session: AsyncSession, outcomes: Mapping[str, Collection[UUID]]) -> None:
    """Write what became of moves."""
    for outcome, move_ids in outcomes.items():
        statement = update(AllocationMove).where(AllocationMove.id == any_(_ids(move_ids))).values(outcome=outcome)
        await session.execute(statement.execution_options(synchronize_session=False))


async def held_request(session: AsyncSession, request_id: UUID) -> AssistRequest | None:
    """Return a request for help, held until the transaction ends."""
    query = select(AssistRequest).where(AssistRequest.id == request_id).with_for_update()
    return (await session.scalars(query)).one_or_none()


async def requests(
    session: AsyncSession, conditions: Sequence[ColumnElement[bool]], ask: Ask
) -> tuple[Sequence[AssistRequest], str | None]:
    """Return one page of requests for help on cases that meet conditions, and the cursor of the next."""
    query = select(AssistRequest).join(Case, Case.id == AssistRequest.case_id).where(*conditions)
    return REQUESTS.split((await session.scalars(REQUESTS.apply(query, ask))).all(), ask)


async def case_labels(session: AsyncSession, case_ids: Collection[UUID]) -> Sequence[Row[UUID, str, bytes]]:
    """Return the numbers of cases and the names of their debtors, sealed."""
    query = select(Case.id, Case.serial_no, Debtor.name_sealed).join(Debtor, Debtor.id == Case.debtor_id)
    return (await session.execute(query.where(Case.id == any_(_ids(case_ids))))).all()
