"""Every SQL statement about requests to keep cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.casework.cases.models import Case
from anmi.casework.placements.models import Placement
from anmi.casework.retentions.models import RetentionRequest
from anmi.core.case_life import BEFORE_WORK, OPEN
from anmi.kit.paging import Ask, Sorting

SORTING: Final = Sorting(
    {"asked_at": (RetentionRequest.asked_at, datetime.fromisoformat)}, "-asked_at", RetentionRequest.id
)


@dataclass(frozen=True, slots=True)
class RetentionFilter:
    """Which requests a list shows."""

    states: frozenset[str] = frozenset()
    placement_id: UUID | None = None
    case_id: UUID | None = None


async def page(
    session: AsyncSession, sight: ColumnElement[bool], wanted: RetentionFilter, ask: Ask
) -> tuple[Sequence[Row[Any]], str | None]:
    """Return one page of requests within sight, and the cursor of the next."""
    query = _shown().where(sight)
    if wanted.states:
        query = query.where(RetentionRequest.state.in_(wanted.states))
    if wanted.placement_id is not None:
        query = query.where(RetentionRequest.placement_id == wanted.placement_id)
    if wanted.case_id is not None:
        query = query.where(RetentionRequest.case_id == wanted.case_id)
    rows = (await session.execute(SORTING.apply(query, ask))).all()
    _, following = SORTING.split([row.RetentionRequest for row in rows], ask)
    return rows[: ask.limit], following


async def shown(session: AsyncSession, sight: ColumnElement[bool], request_id: UUID) -> Row[Any] | None:
    """Return one request within sight, with the code and the number it is about."""
    return (await session.execute(_shown().where(sight, RetentionRequest.id == request_id))).one_or_none()


async def held(session: AsyncSession, request_id: UUID) -> RetentionRequest | None:
    """Return a request, held until the transaction ends."""
    query = select(RetentionRequest).where(RetentionRequest.id == request_id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def placement(session: AsyncSession, placement_id: UUID) -> Placement | None:
    """Return a placement, held until the transaction ends."""
    query = select(Placement).where(Placement.id == placement_id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def postpone(session: AsyncSession, placement_id: UUID, until: date) -> int:
    """Let the open cases of a placement that were to go back before a day go back on it; return how many."""
    moved = await session.execute(
        update(Case)
        .where(
            Case.placement_id == placement_id,
            Case.state.in_(OPEN | BEFORE_WORK),
            or_(Case.due_back_on.is_(None), Case.due_back_on < until),
        )
        .values(due_back_on=until, version=Case.version + 1)
        .returning(Case.id)
        .execution_options(synchronize_session=False)
    )
    return len(moved.all())


def _shown() -> Select[*tuple[Any, ...]]:
    return (
        select(RetentionRequest, Placement.code, Case.serial_no)
        .join(Placement, Placement.id == RetentionRequest.placement_id)
        .outerjoin(Case, Case.id == RetentionRequest.case_id)
    )
