"""Every SQL statement of opening."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from anmi.casework.cases.models import Case
from anmi.casework.creditors.models import Product
from anmi.casework.debtors.models import Phone, SuppressedNumber
from anmi.casework.holds.models import SpecialFlagRow
from anmi.casework.opening.models import CaseOpeningRun, NumberCheck, OpenedCase, OpeningRules
from anmi.casework.placements.models import Placement
from anmi.core.case_life import State
from anmi.core.contact_rules.facts import Relation
from anmi.kit.paging import Ask, Sorting

TO_OPEN: Final = (State.AWAITING_OPENING, State.NUMBER_SCREENING)
OPENED: Final = Sorting({"priority": (OpenedCase.priority, int)}, default="-priority", tie=OpenedCase.id)


async def placement(session: AsyncSession, placement_id: UUID, *, held: bool = False) -> Placement | None:
    """Return a placement; held, nobody else starts a run for it meanwhile."""
    query = select(Placement).where(Placement.id == placement_id)
    return (await session.scalars(query.with_for_update() if held else query)).one_or_none()


async def count_to_open(session: AsyncSession, placement_id: UUID) -> int:
    """Count the cases of a placement that are not open yet."""
    query = select(func.count()).where(Case.placement_id == placement_id, Case.state.in_(TO_OPEN))
    return (await session.execute(query)).scalar_one()


async def to_open(session: AsyncSession, placement_id: UUID, most: int) -> Sequence[UUID]:
    """Return some cases of a placement that are not open yet."""
    query = select(Case.id).where(Case.placement_id == placement_id, Case.state.in_(TO_OPEN)).order_by(Case.id)
    return (await session.scalars(query.limit(most))).all()


async def own_numbers(session: AsyncSession, debtor_ids: Collection[UUID]) -> Sequence[Row[Phone, bool]]:
    """Return the debtors' own numbers, and whether each is suppressed."""
    is_suppressed = exists().where(SuppressedNumber.number_index == Phone.number_index)
    query = select(Phone, is_suppressed).where(Phone.debtor_id.in_(debtor_ids), Phone.relation == Relation.DEBTOR)
    return (await session.execute(query.order_by(Phone.id))).all()


async def checked(session: AsyncSession, phone_ids: Collection[UUID], now: datetime) -> set[UUID]:
    """Return the numbers about which an answer still holds."""
    query = select(NumberCheck.phone_id).where(NumberCheck.phone_id.in_(phone_ids), NumberCheck.valid_until > now)
    return set(await session.scalars(query))


async def held_phones(session: AsyncSession, phone_ids: Collection[UUID]) -> Sequence[Phone]:
    """Return numbers, held until the transaction ends."""
    query = select(Phone).where(Phone.id.in_(phone_ids)).order_by(Phone.id).with_for_update()
    return (await session.scalars(query)).all()


async def special(session: AsyncSession, debtor_ids: Collection[UUID]) -> set[UUID]:
    """Return those of these debtors who belong to a special group."""
    query = select(SpecialFlagRow.debtor_id).where(
        SpecialFlagRow.debtor_id.in_(debtor_ids), SpecialFlagRow.removed_at.is_(None)
    )
    return set(await session.scalars(query))


async def linked(session: AsyncSession, case_ids: Collection[UUID]) -> set[UUID]:
    """Return those of these cases whose debtor has others."""
    other = aliased(Case)
    has_other = exists().where(other.debtor_id == Case.debtor_id, other.id != Case.id)
    return set(await session.scalars(select(Case.id).where(Case.id.in_(case_ids), has_other)))


async def product(session: AsyncSession, product_id: UUID) -> Product:
    """Return a product."""
    return await session.get_one(Product, product_id)


async def add_checks(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write a vendor's answers down."""
    if rows:
        await session.execute(insert(NumberCheck), rows)


async def add_opened(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write down how cases were opened."""
    if rows:
        await session.execute(insert(OpenedCase), rows)


async def running(session: AsyncSession, placement_id: UUID) -> bool:
    """Say whether a run of a placement is under way."""
    query = select(exists().where(CaseOpeningRun.placement_id == placement_id, CaseOpeningRun.state == "running"))
    return (await session.execute(query)).scalar_one()


async def run(session: AsyncSession, run_id: UUID, *, held: bool = False) -> CaseOpeningRun | None:
    """Return a run."""
    query = select(CaseOpeningRun).where(CaseOpeningRun.id == run_id)
    return (await session.scalars(query.with_for_update() if held else query)).one_or_none()


async def runs(session: AsyncSession, placement_id: UUID) -> Sequence[CaseOpeningRun]:
    """Return the runs of a placement, the newest first."""
    query = select(CaseOpeningRun).where(CaseOpeningRun.placement_id == placement_id)
    return (await session.scalars(query.order_by(CaseOpeningRun.started_at.desc(), CaseOpeningRun.id.desc()))).all()


async def opened(
    session: AsyncSession, run_id: UUID, reach: str | None, sight: ColumnElement[bool], ask: Ask
) -> tuple[Sequence[OpenedCase], str | None]:
    """Return one page of what a run found for the cases within sight, and the cursor of the next."""
    query = select(OpenedCase).join(Case, Case.id == OpenedCase.case_id).where(OpenedCase.run_id == run_id, sight)
    if reach is not None:
        query = query.where(OpenedCase.reach == reach)
    return OPENED.split((await session.scalars(OPENED.apply(query, ask))).all(), ask)


async def serial_nos(session: AsyncSession, case_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return the numbers of cases on the creditor's sheet."""
    rows = (await session.execute(select(Case.id, Case.serial_no).where(Case.id.in_(case_ids)))).all()
    return {row.id: row.serial_no for row in rows}


async def rules(session: AsyncSession, tenant_id: UUID, *, held: bool = False) -> OpeningRules | None:
    """Return the agency's own rules, if it has some. There is one row, and it bears the agency's id."""
    query = select(OpeningRules).where(OpeningRules.id == tenant_id)
    return (await session.scalars(query.with_for_update() if held else query)).one_or_none()


async def fail(session: AsyncSession, run_id: UUID, fault: str, now: datetime) -> None:
    """Write down why a run has come to a halt."""
    statement = update(CaseOpeningRun).where(CaseOpeningRun.id == run_id, CaseOpeningRun.state == "running")
    await session.execute(statement.values(state="failed", fault=fault, ended_at=now))
