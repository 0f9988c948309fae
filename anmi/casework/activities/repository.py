"""Every SQL statement about the diary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.casework.activities.models import Activity, NoteTemplate
from anmi.casework.cases.models import Case
from anmi.casework.debtors.models import Debtor, Phone
from anmi.casework.promises.models import PromiseToPay
from anmi.identity.people.models import Person
from anmi.kit.paging import Ask, Sorting

SORTING: Final = Sorting({"at": (Activity.at, datetime.fromisoformat)}, default="-at", tie=Activity.id)


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """An entry with its case, the debtor's and the writer's sealed names, and the sealed number."""

    activity: Activity
    serial_no: str
    name_sealed: bytes
    by_name: bytes | None
    number_sealed: bytes | None


async def page(
    session: AsyncSession, conditions: Sequence[ColumnElement[bool]], ask: Ask
) -> tuple[Sequence[Activity], str | None]:
    """Return one page of the diary, and the cursor of the next."""
    query: Any = select(Activity).join(Case, Case.id == Activity.case_id).where(*conditions)
    return SORTING.split((await session.scalars(SORTING.apply(query, ask))).all(), ask)


async def written(
    session: AsyncSession, conditions: Sequence[ColumnElement[bool]], ask: Ask
) -> tuple[list[WrittenRow], str | None]:
    """Return one page of the diary with the names and numbers around it, and the cursor of the next."""
    query: Any = (
        select(Activity, Case.serial_no, Debtor.name_sealed, Person.name_sealed, Phone.number_sealed)
        .join(Case, Case.id == Activity.case_id)
        .join(Debtor, Debtor.id == Case.debtor_id)
        .outerjoin(Person, Person.id == Activity.by)
        .outerjoin(Phone, Phone.id == Activity.phone_id)
        .where(*conditions)
    )
    rows = [WrittenRow(*row) for row in (await session.execute(SORTING.apply(query, ask))).all()]
    _, following = SORTING.split([row.activity for row in rows], ask)
    return rows[: ask.limit], following


async def count(session: AsyncSession, conditions: Sequence[ColumnElement[bool]]) -> int:
    """Count entries."""
    query = select(func.count()).select_from(Activity).join(Case, Case.id == Activity.case_id)
    return (await session.execute(query.where(*conditions))).scalar_one()


async def one(session: AsyncSession, activity_id: UUID) -> Activity | None:
    """Return one entry."""
    return (await session.scalars(select(Activity).where(Activity.id == activity_id))).one_or_none()


async def of_contact(
    session: AsyncSession, case_id: UUID, attempt_id: UUID | None, call_id: UUID | None
) -> Activity | None:
    """Return the entry that a contact has already, known by its attempt or, without one, by its call."""
    if attempt_id is None and call_id is None:
        return None
    contact = Activity.attempt_id == attempt_id if attempt_id is not None else Activity.call_id == call_id
    query = select(Activity).where(Activity.case_id == case_id, contact).order_by(Activity.id).limit(1)
    return (await session.scalars(query)).one_or_none()


async def promise_of(session: AsyncSession, activity_id: UUID) -> PromiseToPay | None:
    """Return the promise that was taken with an entry."""
    return (await session.scalars(select(PromiseToPay).where(PromiseToPay.activity_id == activity_id))).one_or_none()


async def templates(session: AsyncSession) -> Sequence[NoteTemplate]:
    """Return the forms of words for notes."""
    return (await session.scalars(select(NoteTemplate).order_by(NoteTemplate.result_code, NoteTemplate.id))).all()


async def replace_templates(session: AsyncSession, rows: Sequence[NoteTemplate]) -> None:
    """Let these be all the forms of words there are."""
    await session.execute(delete(NoteTemplate))
    session.add_all(rows)
    await session.flush()
