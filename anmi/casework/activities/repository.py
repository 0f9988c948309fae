"""Every SQL statement about the diary."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.casework.activities.models import Activity, NoteTemplate
from anmi.casework.cases.models import Case
from anmi.kit.paging import Ask, Sorting

SORTING: Final = Sorting({"at": (Activity.at, datetime.fromisoformat)}, default="-at", tie=Activity.id)


async def page(
    session: AsyncSession, conditions: Sequence[ColumnElement[bool]], ask: Ask
) -> tuple[Sequence[Activity], str | None]:
    """Return one page of the diary, and the cursor of the next."""
    query: Any = select(Activity).join(Case, Case.id == Activity.case_id).where(*conditions)
    return SORTING.split((await session.scalars(SORTING.apply(query, ask))).all(), ask)


async def one(session: AsyncSession, activity_id: UUID) -> Activity | None:
    """Return one entry."""
    return (await session.scalars(select(Activity).where(Activity.id == activity_id))).one_or_none()


async def templates(session: AsyncSession) -> Sequence[NoteTemplate]:
    """Return the forms of words for notes."""
    return (await session.scalars(select(NoteTemplate).order_by(NoteTemplate.result_code, NoteTemplate.id))).all()


async def replace_templates(session: AsyncSession, rows: Sequence[NoteTemplate]) -> None:
    """Let these be all the forms of words there are."""
    await session.execute(delete(NoteTemplate))
    session.add_all(rows)
    await session.flush()
