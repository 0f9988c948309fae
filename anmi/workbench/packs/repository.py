"""Every SQL statement about packs, and what a pack says of the cases behind its calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.casework.activities.models import Activity
from anmi.casework.cases.models import Case
from anmi.casework.debtors.models import Debtor
from anmi.identity.people.models import Person
from anmi.workbench.packs.models import Pack


@dataclass(frozen=True, slots=True)
class CaseOfCall:
    """A case as a pack tells of it."""

    serial_no: str
    debtor_name: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a case's diary with the sealed name of who wrote it."""

    activity: Activity
    by_name: bytes | None


async def cases(
    session: AsyncSession, case_ids: Sequence[UUID], visible: ColumnElement[bool]
) -> Mapping[UUID, CaseOfCall]:
    """Return those of these cases that the caller may see."""
    query = select(Case.id, Case.serial_no, Debtor.name_sealed).join(Debtor, Debtor.id == Case.debtor_id)
    rows = await session.execute(query.where(Case.id.in_(case_ids), visible))
    return {row.id: CaseOfCall(row.serial_no, row.name_sealed) for row in rows}


async def entries(session: AsyncSession, case_ids: Sequence[UUID]) -> Sequence[Entry]:
    """Return the diaries of cases."""
    query = select(Activity, Person.name_sealed).outerjoin(Person, Person.id == Activity.by)
    ordered = query.where(Activity.case_id.in_(case_ids)).order_by(Activity.case_id, Activity.at, Activity.id)
    return [Entry(*row) for row in await session.execute(ordered)]


async def pack(session: AsyncSession, pack_id: UUID) -> Pack | None:
    """Return a pack."""
    return await session.get(Pack, pack_id)


async def fetched(session: AsyncSession, pack_id: UUID, now: datetime) -> None:
    """Write down when a pack was first fetched."""
    await session.execute(update(Pack).where(Pack.id == pack_id, Pack.fetched_at.is_(None)).values(fetched_at=now))
