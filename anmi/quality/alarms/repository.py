"""Every SQL statement about alarms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Float, cast, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from anmi.core.alarms import UNANSWERED, AlarmStatus
from anmi.identity.org_units.models import OrgUnit
from anmi.identity.people.models import Person
from anmi.kit.paging import Ask, Sorting
from anmi.quality.alarms.models import Alarm
from anmi.telephony.calls.models import Call

SORTING: Final = Sorting({"at": (Alarm.at, datetime.fromisoformat)}, default="-at", tie=Alarm.id)

_ANSWERER: Final = aliased(Person)


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """An alarm with the names people know its people and units by."""

    alarm: Alarm
    name_sealed: bytes | None
    unit_name: str | None
    answered_by_sealed: bytes | None
    is_live: bool
    """The call still lasts."""


@dataclass(frozen=True, slots=True)
class CodeFigure:
    """How often a code was alarmed, and how often that was unfounded."""

    kind: str
    code: str
    alarms: int
    unanswered: int
    unfounded: int


@dataclass(frozen=True, slots=True)
class AlarmFigures:
    """What alarms come to together."""

    alarms: int
    unanswered: int
    escalated: int
    median_seconds: int | None
    """To the answer; None where none was answered."""


def _rows() -> Any:
    return (
        select(Alarm, Person.name_sealed, OrgUnit.name, _ANSWERER.name_sealed, Call.ended_at.is_(None))
        .join(Call, Call.id == Alarm.call_id)
        .outerjoin(Person, Person.id == Alarm.person_id)
        .outerjoin(OrgUnit, OrgUnit.id == Alarm.unit_id)
        .outerjoin(_ANSWERER, _ANSWERER.id == Alarm.answered_by)
    )


async def page(
    session: AsyncSession, conditions: Sequence[ColumnElement[bool]], ask: Ask
) -> tuple[list[AlarmRow], str | None]:
    """Return a page of alarms, and the cursor of the next."""
    found = (await session.execute(SORTING.apply(_rows().where(*conditions), ask))).all()
    rows = {row[0].id: AlarmRow(*row) for row in found}
    shown, following = SORTING.split([row.alarm for row in rows.values()], ask)
    return [rows[alarm.id] for alarm in shown], following


async def one(session: AsyncSession, *conditions: ColumnElement[bool]) -> AlarmRow | None:
    """Return one alarm."""
    row = (await session.execute(_rows().where(*conditions))).one_or_none()
    return AlarmRow(*row) if row else None


async def locked(session: AsyncSession, *conditions: ColumnElement[bool]) -> Alarm | None:
    """Return an alarm, held until the transaction ends."""
    query = select(Alarm).where(*conditions).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def of_call(session: AsyncSession, call_id: UUID) -> Sequence[Alarm]:
    """Return the alarms of a call, in the order they were raised."""
    query = select(Alarm).where(Alarm.call_id == call_id).order_by(Alarm.at, Alarm.id)
    return (await session.scalars(query)).all()


async def drop_words(session: AsyncSession, call_id: UUID) -> None:
    """Blank the sentences that the alarms of a call are about."""
    await session.execute(update(Alarm).where(Alarm.call_id == call_id).values(words=""))


async def overdue(session: AsyncSession, now: datetime) -> Sequence[Alarm]:
    """Return the alarms nobody has answered in time, held until the transaction ends."""
    query = select(Alarm).where(Alarm.status.in_(UNANSWERED), Alarm.deadline <= now).with_for_update(skip_locked=True)
    return (await session.scalars(query)).all()


async def figures(session: AsyncSession, conditions: Sequence[ColumnElement[bool]]) -> AlarmFigures:
    """Count alarms, and say how long answers take."""
    waited = cast(func.extract("epoch", Alarm.answered_at - Alarm.at), Float)
    query = select(
        func.count(),
        func.count().filter(Alarm.status.in_(UNANSWERED)),
        func.count().filter(Alarm.escalated_at.is_not(None)),
        func.percentile_cont(0.5).within_group(waited).filter(Alarm.status == AlarmStatus.ANSWERED),
    ).where(*conditions)
    row = (await session.execute(query)).one()
    return AlarmFigures(row[0], row[1], row[2], None if row[3] is None else round(row[3]))


async def by_code(session: AsyncSession, conditions: Sequence[ColumnElement[bool]]) -> list[CodeFigure]:
    """Count alarms by code, the most frequent first."""
    query = (
        select(
            Alarm.kind,
            Alarm.code,
            func.count(),
            func.count().filter(Alarm.status.in_(UNANSWERED)),
            func.count().filter(Alarm.answer == "unfounded"),
        )
        .where(*conditions)
        .group_by(Alarm.kind, Alarm.code)
        .order_by(func.count().desc(), Alarm.code)
    )
    return [CodeFigure(*row) for row in (await session.execute(query)).all()]


async def parents(session: AsyncSession) -> Mapping[UUID, UUID | None]:
    """Return every unit with the one above it."""
    rows = (await session.execute(select(OrgUnit.id, OrgUnit.parent_id))).all()
    return {row[0]: row[1] for row in rows}
