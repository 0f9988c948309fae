"""Every SQL statement about inspections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, case, cast, delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.casework.creditors.models import Creditor
from anmi.core.hearing_backlog import Backlog
from anmi.identity.org_units.models import OrgUnit
from anmi.identity.people.models import Person
from anmi.kit.paging import Ask, Sorting
from anmi.quality.inspections.models import CallFinding, CallInspection, InspectionState, Verdict
from anmi.telephony.calls.models import Call
from anmi.telephony.recordings.models import Recording, RecordingState
from anmi.telephony.transcripts.models import CallTranscript, TranscriptState

SORTING: Final = Sorting(
    {
        "called_at": (CallInspection.called_at, datetime.fromisoformat),
        "score": (CallInspection.score, int),
        "priority": (CallInspection.priority, int),
    },
    default="-called_at",
    tie=CallInspection.id,
)


@dataclass(frozen=True, slots=True)
class InspectionRow:
    """An inspection, its call, and the names people know them by."""

    inspection: CallInspection
    call: Call
    name_sealed: bytes | None
    recording_id: UUID | None


@dataclass(frozen=True, slots=True)
class Figure:
    """What inspection says of a team, an agent, a rule or a creditor."""

    key: str | None
    name: str | None
    name_sealed: bytes | None
    calls: int
    average: int
    vetoed: int
    by_people: int


@dataclass(frozen=True, slots=True)
class RuleFigure:
    """How often a rule was right, by the word of people."""

    rule_id: str | None
    code: str
    found: int
    agreed: int
    overruled: int


async def call(session: AsyncSession, call_id: UUID) -> Call | None:
    """Return a call."""
    return await session.get(Call, call_id, populate_existing=True)


async def transcript(session: AsyncSession, call_id: UUID) -> CallTranscript | None:
    """Return the transcript of a call."""
    return (await session.scalars(select(CallTranscript).where(CallTranscript.call_id == call_id))).one_or_none()


async def of_call(session: AsyncSession, call_id: UUID) -> CallInspection | None:
    """Return the inspection of a call, held until the transaction ends."""
    query = select(CallInspection).where(CallInspection.call_id == call_id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def locked(session: AsyncSession, inspection_id: UUID) -> CallInspection | None:
    """Return an inspection, held until the transaction ends."""
    query = select(CallInspection).where(CallInspection.id == inspection_id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def findings(session: AsyncSession, inspection_id: UUID) -> Sequence[CallFinding]:
    """Return what was found on a call, in the order of the talk."""
    query = select(CallFinding).where(CallFinding.inspection_id == inspection_id)
    return (await session.scalars(query.order_by(CallFinding.utterance.nulls_first(), CallFinding.code))).all()


async def drop_undecided(session: AsyncSession, inspection_id: UUID) -> None:
    """Delete what the machine has found and no person has spoken of."""
    undecided = CallFinding.verdict == Verdict.OPEN
    await session.execute(delete(CallFinding).where(CallFinding.inspection_id == inspection_id, undecided))


async def drop_words(session: AsyncSession, call_id: UUID) -> None:
    """Blank every quotation from a call; what was found, and where, stays."""
    of_call = CallInspection.call_id == call_id
    inspected = select(CallInspection.id).where(of_call)
    await session.execute(update(CallFinding).where(CallFinding.inspection_id.in_(inspected)).values(evidence=""))
    without_sources = CallInspection.extracted.op("-")("sources")
    await session.execute(update(CallInspection).where(of_call).values(extracted=without_sources))


async def one(session: AsyncSession, *conditions: ColumnElement[bool]) -> InspectionRow | None:
    """Return one inspection with its call."""
    row = (await session.execute(_rows().where(*conditions))).one_or_none()
    return InspectionRow(*row) if row else None


async def page(
    session: AsyncSession, conditions: Sequence[ColumnElement[bool]], ask: Ask
) -> tuple[list[InspectionRow], str | None]:
    """Return a page of inspections, and the cursor of the next."""
    found = (await session.execute(SORTING.apply(_rows().where(*conditions), ask))).all()
    rows = {row[0].id: InspectionRow(*row) for row in found}
    shown, following = SORTING.split([row.inspection for row in rows.values()], ask)
    return [rows[inspection.id] for inspection in shown], following


async def counts(session: AsyncSession, conditions: Sequence[ColumnElement[bool]]) -> Mapping[InspectionState, int]:
    """Count inspections by state."""
    query = select(CallInspection.state, func.count()).where(*conditions).group_by(CallInspection.state)
    return {row[0]: row[1] for row in (await session.execute(query)).all()}


async def found_codes(
    session: AsyncSession, inspection_ids: Sequence[UUID]
) -> Mapping[UUID, list[tuple[str, Verdict]]]:
    """Return the codes found on some calls."""
    query = select(CallFinding.inspection_id, CallFinding.code, CallFinding.verdict).where(
        CallFinding.inspection_id.in_(inspection_ids)
    )
    found: dict[UUID, list[tuple[str, Verdict]]] = {each: [] for each in inspection_ids}
    for inspection_id, code, verdict in (await session.execute(query.order_by(CallFinding.code))).all():
        found[inspection_id].append((code, verdict))
    return found


async def figures(session: AsyncSession, by: str, conditions: Sequence[ColumnElement[bool]]) -> Sequence[Figure]:
    """Return figures by `agent`, `team` or `creditor`, the lowest average first."""
    key, name, sealed, other = {
        "agent": (CallInspection.person_id, None, Person.name_sealed, Person),
        "team": (CallInspection.unit_id, OrgUnit.name, None, OrgUnit),
        "creditor": (CallInspection.owner_id, Creditor.name, None, Creditor),
    }[by]
    average = cast(func.round(func.avg(CallInspection.score)), Integer)
    vetoed = func.count().filter(CallInspection.is_vetoed)
    by_people = func.count().filter(CallInspection.inspected_at.is_not(None))
    label: Any = name if name is not None else sealed
    query = (
        select(key, label, func.count(), average, vetoed, by_people)
        .outerjoin(other, other.id == key)
        .where(*conditions)
        .group_by(key, label)
        .order_by(average, func.count().desc())
    )
    return [
        Figure(
            str(row[0]) if row[0] else None,
            row[1] if name is not None else None,
            row[1] if sealed is not None else None,
            *row[2:],
        )
        for row in (await session.execute(query)).all()
    ]


async def rule_figures(session: AsyncSession, conditions: Sequence[ColumnElement[bool]]) -> Sequence[RuleFigure]:
    """Return for every rule how often it fired and how often people agreed, the most frequent first."""
    agreed = func.sum(case((CallFinding.verdict == Verdict.AGREED, 1), else_=0))
    overruled = func.sum(case((CallFinding.verdict == Verdict.OVERRULED, 1), else_=0))
    query = (
        select(CallFinding.rule_id, CallFinding.code, func.count(), agreed, overruled)
        .join(CallInspection, CallInspection.id == CallFinding.inspection_id)
        .where(*conditions)
        .group_by(CallFinding.rule_id, CallFinding.code)
        .order_by(func.count().desc(), CallFinding.code)
    )
    return [RuleFigure(*row) for row in (await session.execute(query)).all()]


async def calls_since(session: AsyncSession, since: datetime, after: UUID | None, limit: int) -> Sequence[UUID]:
    """Return inspected calls since a moment, in the order of their ids; none that nobody can hear any more."""
    is_gone = exists().where(Recording.call_id == CallInspection.call_id, Recording.state == RecordingState.DELETED)
    query = select(CallInspection.call_id).where(CallInspection.called_at >= since, ~is_gone)
    if after is not None:
        query = query.where(CallInspection.call_id > after)
    return (await session.scalars(query.order_by(CallInspection.call_id).limit(limit))).all()


async def unread(session: AsyncSession) -> Backlog:
    """Say how many calls whose text is written, or will never be, the rules have not been held against yet."""
    read = select(CallInspection.id).where(CallInspection.call_id == CallTranscript.call_id).exists()
    settled_at = func.coalesce(CallTranscript.written_at, CallTranscript.asked_at)
    query = (
        select(func.count(), func.min(settled_at))
        .join(Call, Call.id == CallTranscript.call_id)
        .where(CallTranscript.state != TranscriptState.WAITING, Call.answered_at.is_not(None), ~read)
    )
    waiting, oldest_at = (await session.execute(query)).one()
    return Backlog(waiting, oldest_at)


def _rows() -> Any:
    return (
        select(CallInspection, Call, Person.name_sealed, Recording.id)
        .join(Call, Call.id == CallInspection.call_id)
        .outerjoin(Person, Person.id == CallInspection.person_id)
        .outerjoin(Recording, Recording.call_id == Call.id)
    )
