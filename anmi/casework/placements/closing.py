"""Recalls and returns of many cases at once: one statement for their steps, and a job for what follows from each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB

from anmi.casework.cases.models import Case, CaseEvent
from anmi.casework.cases.service import TOPIC
from anmi.core.case_life import STEPS, Event, State
from anmi.kit.unit_of_work import UnitOfWork

BATCH: Final = 200


async def close(unit: UnitOfWork, condition: ColumnElement[bool], event: Event, reason: str) -> int:
    """Take the step of recall or return for all cases that meet a condition and may take it; return how many did."""
    states = [state for state, each in STEPS if each is event]
    after = STEPS[states[0], event]
    standing = select(Case.id, Case.state).where(condition, Case.state.in_(states)).with_for_update().cte("standing")
    moved = (
        update(Case)
        .where(Case.id == standing.c.id)
        .values(state=after, version=Case.version + 1, closing_reason=after.value, closed_at=unit.now)
        .returning(Case.id)
        .cte("moved")
    )
    steps = select(
        literal(unit.tenant_id),
        standing.c.id,
        literal(unit.now),
        literal(event, CaseEvent.event.type),
        standing.c.state,
        literal(after, CaseEvent.after.type),
        literal(unit.caller.person_id, CaseEvent.by.type),
        literal(reason),
        literal({}, JSONB),
    ).join(moved, moved.c.id == standing.c.id)
    columns = ["tenant_id", "case_id", "at", "event", "before", "after", "by", "reason", "facts"]
    written = insert(CaseEvent).from_select(columns, steps).returning(CaseEvent.id)
    closed = len((await unit.session.execute(written)).all())
    await _tell(unit, condition, after)
    return closed


async def _tell(unit: UnitOfWork, condition: ColumnElement[bool], after: State) -> None:
    """Tell open pages once for each pair of hands: what was taken away is looked at no longer."""
    taken = select(Case.unit_id, Case.holder_id, func.count()).where(
        condition, Case.state == after, Case.closed_at == unit.now
    )
    for unit_id, holder_id, count in await unit.session.execute(taken.group_by(Case.unit_id, Case.holder_id)):
        unit.tell(TOPIC, "CasesStepped", unit_id=unit_id, holder_id=holder_id, count=count)


async def closed_at(unit: UnitOfWork, placement_id: UUID, at: datetime, after: UUID | None) -> Sequence[Case]:
    """Return the next cases of a placement that were taken away at one instant."""
    query = select(Case).where(
        Case.placement_id == placement_id, Case.closed_at == at, Case.state.in_([State.RECALLED, State.RETURNED])
    )
    if after is not None:
        query = query.where(Case.id > after)
    return (await unit.session.scalars(query.order_by(Case.id).limit(BATCH))).all()
