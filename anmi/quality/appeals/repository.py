"""Every SQL statement about appeals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.identity.people.models import Person
from anmi.kit.paging import Ask, Sorting
from anmi.quality.appeals.models import Appeal, AppealState
from anmi.quality.inspections.models import CallFinding, CallInspection

SORTING: Final = Sorting(
    {"appealed_at": (Appeal.appealed_at, datetime.fromisoformat)}, default="-appealed_at", tie=Appeal.id
)


@dataclass(frozen=True, slots=True)
class AppealRow:
    """An appeal with what it is against."""

    appeal: Appeal
    inspection: CallInspection
    finding: CallFinding | None
    name_sealed: bytes


async def one(session: AsyncSession, *conditions: ColumnElement[bool]) -> AppealRow | None:
    """Return one appeal."""
    row = (await session.execute(_rows().where(*conditions))).one_or_none()
    return AppealRow(*row) if row else None


async def page(
    session: AsyncSession, conditions: Sequence[ColumnElement[bool]], ask: Ask
) -> tuple[list[AppealRow], str | None]:
    """Return a page of appeals, and the cursor of the next."""
    found = (await session.execute(SORTING.apply(_rows().where(*conditions), ask))).all()
    rows = {row[0].id: AppealRow(*row) for row in found}
    shown, following = SORTING.split([row.appeal for row in rows.values()], ask)
    return [rows[appeal.id] for appeal in shown], following


async def locked(session: AsyncSession, appeal_id: UUID) -> Appeal | None:
    """Return an appeal, held until the transaction ends."""
    query = select(Appeal).where(Appeal.id == appeal_id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def open_of(session: AsyncSession, inspection_id: UUID, finding_id: UUID | None) -> Appeal | None:
    """Return the open appeal against the same thing."""
    query = select(Appeal).where(Appeal.inspection_id == inspection_id, Appeal.state == AppealState.OPEN)
    same = Appeal.finding_id.is_(None) if finding_id is None else Appeal.finding_id == finding_id
    return (await session.scalars(query.where(same))).first()


async def finding(session: AsyncSession, inspection_id: UUID, finding_id: UUID) -> CallFinding | None:
    """Return a finding of an inspection."""
    query = select(CallFinding).where(CallFinding.id == finding_id, CallFinding.inspection_id == inspection_id)
    return (await session.scalars(query)).one_or_none()


def _rows() -> Any:
    return (
        select(Appeal, CallInspection, CallFinding, Person.name_sealed)
        .join(CallInspection, CallInspection.id == Appeal.inspection_id)
        .join(Person, Person.id == Appeal.person_id)
        .outerjoin(CallFinding, CallFinding.id == Appeal.finding_id)
    )
