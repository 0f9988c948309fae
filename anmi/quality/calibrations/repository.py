"""Every SQL statement about calibrations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, func, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from anmi.identity.people.models import Person, PersonGrant, PersonState
from anmi.kit.paging import Ask, Sorting
from anmi.quality.calibrations.models import (
    Calibration,
    CalibrationCall,
    CalibrationJudge,
    CalibrationRating,
    CalibrationState,
)
from anmi.quality.inspections.models import CallFinding, CallInspection, Verdict
from anmi.telephony.calls.models import Call
from anmi.telephony.recordings.models import Recording

SORTING: Final = Sorting(
    {"called_at": (Calibration.called_at, datetime.fromisoformat)}, default="-called_at", tie=Calibration.id
)


@dataclass(frozen=True, slots=True)
class JudgedCall:
    """A call of a round, with what is known of it apart from any judgement."""

    row: CalibrationCall
    inspection: CallInspection
    call: Call
    recording_id: UUID | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round has come."""

    judges: int
    calls: int
    ratings: int


async def page(
    session: AsyncSession, ask: Ask, state: CalibrationState | None
) -> tuple[Sequence[Calibration], str | None]:
    """Return a page of rounds, the latest first."""
    query = select(Calibration)
    if state is not None:
        query = query.where(Calibration.state == state)
    return SORTING.split((await session.scalars(SORTING.apply(query, ask))).all(), ask)


async def one(session: AsyncSession, calibration_id: UUID) -> Calibration | None:
    """Return a round."""
    return await session.get(Calibration, calibration_id, populate_existing=True)


async def locked(session: AsyncSession, calibration_id: UUID) -> Calibration | None:
    """Return a round, held until the transaction ends."""
    query = select(Calibration).where(Calibration.id == calibration_id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def progress(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, Progress]:
    """Say how far some rounds have come."""
    judges = await _counts(session, CalibrationJudge.calibration_id, ids)
    calls = await _counts(session, CalibrationCall.calibration_id, ids)
    query = (
        select(CalibrationCall.calibration_id, func.count())
        .join(CalibrationRating, CalibrationRating.calibration_call_id == CalibrationCall.id)
        .where(CalibrationCall.calibration_id.in_(ids))
        .group_by(CalibrationCall.calibration_id)
    )
    ratings = {row[0]: row[1] for row in (await session.execute(query)).all()}
    return {each: Progress(judges.get(each, 0), calls.get(each, 0), ratings.get(each, 0)) for each in ids}


async def judges(session: AsyncSession, calibration_id: UUID) -> Sequence[tuple[UUID, bytes]]:
    """Return who takes part, with her sealed name."""
    query = (
        select(Person.id, Person.name_sealed)
        .join(CalibrationJudge, CalibrationJudge.person_id == Person.id)
        .where(CalibrationJudge.calibration_id == calibration_id)
        .order_by(Person.employee_no)
    )
    return [(row[0], row[1]) for row in (await session.execute(query)).all()]


async def calls(session: AsyncSession, calibration_id: UUID) -> Sequence[JudgedCall]:
    """Return the calls of a round, in its order."""
    query = (
        select(CalibrationCall, CallInspection, Call, Recording.id)
        .join(CallInspection, CallInspection.id == CalibrationCall.inspection_id)
        .join(Call, Call.id == CallInspection.call_id)
        .outerjoin(Recording, Recording.call_id == Call.id)
        .where(CalibrationCall.calibration_id == calibration_id)
        .order_by(CalibrationCall.rank)
    )
    return [JudgedCall(*row) for row in (await session.execute(query)).all()]


async def ratings(session: AsyncSession, calibration_id: UUID) -> Mapping[UUID, list[CalibrationRating]]:
    """Return what was said of every call of a round, by the call's place in it."""
    query = (
        select(CalibrationRating)
        .join(CalibrationCall, CalibrationCall.id == CalibrationRating.calibration_call_id)
        .where(CalibrationCall.calibration_id == calibration_id)
        .order_by(CalibrationRating.person_id)
        .execution_options(populate_existing=True)
    )
    found: defaultdict[UUID, list[CalibrationRating]] = defaultdict(list)
    for rating in (await session.scalars(query)).all():
        found[rating.calibration_call_id].append(rating)
    return found


async def rating(session: AsyncSession, calibration_call_id: UUID, person_id: UUID) -> CalibrationRating | None:
    """Return what one inspector says of one call."""
    query = select(CalibrationRating).where(
        CalibrationRating.calibration_call_id == calibration_call_id, CalibrationRating.person_id == person_id
    )
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def is_judge(session: AsyncSession, calibration_id: UUID, person_id: UUID) -> bool:
    """Tell whether somebody takes part."""
    query = select(CalibrationJudge.id).where(
        CalibrationJudge.calibration_id == calibration_id, CalibrationJudge.person_id == person_id
    )
    return await session.scalar(query) is not None


async def holders(session: AsyncSession, roles: Collection[str]) -> Sequence[tuple[UUID, bytes]]:
    """Return the people at work who hold one of some roles, each once."""
    held = select(PersonGrant.person_id).where(PersonGrant.role.in_(roles))
    query = select(Person.id, Person.name_sealed).where(Person.id.in_(held), Person.state == PersonState.ACTIVE)
    return [(row[0], row[1]) for row in (await session.execute(query.order_by(Person.employee_no))).all()]


async def inspections(
    session: AsyncSession, ids: Collection[UUID], sight: ColumnElement[bool]
) -> Mapping[UUID, CallInspection]:
    """Return inspections within sight."""
    query = select(CallInspection).where(CallInspection.id.in_(ids), sight)
    return {row.id: row for row in (await session.scalars(query)).all()}


async def drawn(
    session: AsyncSession, count: int, conditions: Sequence[ColumnElement[bool]], judges: Collection[UUID]
) -> Sequence[CallInspection]:
    """Draw calls by lot that none of the judges knows: half of them with a finding, as far as there are such."""
    unknown = CallInspection.inspector_id.is_(None) | CallInspection.inspector_id.not_in(judges)
    own = CallInspection.person_id.is_(None) | CallInspection.person_id.not_in(judges)
    found = select(CallFinding.id).where(CallFinding.inspection_id == CallInspection.id).exists()
    query = select(CallInspection).where(unknown, own, *conditions).order_by(func.random())
    with_findings = list((await session.scalars(query.where(found).limit(count))).all())
    without = list((await session.scalars(query.where(~found).limit(count))).all())
    grave = with_findings[: (count + 1) // 2]
    plain = without[: count - len(grave)]
    return [*grave, *plain, *with_findings[len(grave) : count - len(plain)]]


async def machine_codes(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, list[str]]:
    """Return the codes the machine has found on some calls, whatever people said of them since."""
    query = (
        select(CallFinding.inspection_id, CallFinding.code)
        .where(CallFinding.inspection_id.in_(ids), CallFinding.verdict != Verdict.ADDED)
        .distinct()
        .order_by(CallFinding.code)
    )
    found: defaultdict[UUID, list[str]] = defaultdict(list)
    for inspection_id, code in (await session.execute(query)).all():
        found[inspection_id].append(code)
    return found


async def _counts(
    session: AsyncSession, column: InstrumentedAttribute[UUID], ids: Collection[UUID]
) -> Mapping[UUID, int]:
    query = select(column, func.count()).where(column.in_(ids)).group_by(column)
    return {row[0]: row[1] for row in (await session.execute(query)).all()}


async def blind(session: AsyncSession, calibration_id: UUID) -> None:
    """Write down on the inspections of a round who judges them blind now, in this round or any other that is open."""
    await session.flush()
    judges = (
        select(func.array_agg(CalibrationJudge.person_id.distinct()))
        .join(CalibrationCall, CalibrationCall.calibration_id == CalibrationJudge.calibration_id)
        .join(Calibration, Calibration.id == CalibrationCall.calibration_id)
        .where(CalibrationCall.inspection_id == CallInspection.id, Calibration.state == CalibrationState.OPEN)
        .scalar_subquery()
    )
    of_round = select(CalibrationCall.inspection_id).where(CalibrationCall.calibration_id == calibration_id)
    await session.execute(
        update(CallInspection)
        .where(CallInspection.id.in_(of_round))
        .values(blind_judges=func.coalesce(judges, literal([], ARRAY(Uuid))))
        .execution_options(synchronize_session=False)
    )
