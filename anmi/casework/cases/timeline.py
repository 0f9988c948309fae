"""The diary of a case in SQL: what every room wrote about it, woven together by time, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Text, cast, func, literal, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.expression import FromClause

from anmi.casework.cases.models import CaseEvent, StageMove
from anmi.casework.cases.neighbours import (
    ACTIVITIES,
    CONCESSIONS,
    CONTACT_ATTEMPTS,
    HOLDS,
    PAYMENTS,
    PROMISES,
    WORK_ORDERS,
)
from anmi.identity.people.models import Person
from anmi.kit.paging import Ask, make_cursor, read_cursor

_EVENTS: Final = CaseEvent.__table__
_STAGE_MOVES: Final = StageMove.__table__


async def page(session: AsyncSession, case_id: UUID, ask: Ask) -> tuple[Sequence[Row[Any]], str | None]:
    """Return one page of a case's diary, the newest first, with the cursor of the next."""
    there = read_cursor(ask.after, (datetime.fromisoformat, str)) if ask.after is not None else None
    # Each strand is cut to a page before they are woven, so that a long diary costs no more than a short one.
    strands = [strand.cut(case_id, there, ask.limit + 1) for strand in _STRANDS]
    woven = union_all(*strands).subquery()
    newest = select(woven).order_by(woven.c.at.desc(), woven.c.id.desc()).limit(ask.limit + 1).subquery()
    query = (
        select(newest, Person.name_sealed.label("by_name"))
        .outerjoin(Person, Person.id == newest.c.by)
        .order_by(newest.c.at.desc(), newest.c.id.desc())
    )
    rows = (await session.execute(query)).all()
    if len(rows) <= ask.limit:
        return rows, None
    last = rows[ask.limit - 1]
    return rows[: ask.limit], make_cursor((last.at, last.id))


@dataclass(frozen=True, slots=True)
class _Strand:
    """What one room wrote: its table, when and by whom, and the columns that tell of it."""

    kind: str
    source: FromClause
    at: ColumnElement[Any]
    by: ColumnElement[Any]
    facts: tuple[str, ...]

    def cut(self, case_id: UUID, there: Sequence[Any] | None, most: int) -> Any:
        """Return the newest rows of a case that come after a place in the diary."""
        columns = (part for name in self.facts for part in (literal(name), self.source.c[name]))
        number = cast(self.source.c.id, Text)
        query = select(
            literal(self.kind).label("kind"),
            number.label("id"),
            self.at.label("at"),
            self.by.label("by"),
            func.jsonb_build_object(*columns).label("facts"),
        ).where(self.source.c.case_id == case_id)
        if there is not None:
            query = query.where(tuple_(self.at, number) < tuple_(*there))
        return query.order_by(self.at.desc(), number.desc()).limit(most)


_STRANDS: Final = (
    _Strand("event", _EVENTS, _EVENTS.c.at, _EVENTS.c.by, ("event", "before", "after", "reason", "facts")),
    _Strand("stage", _STAGE_MOVES, _STAGE_MOVES.c.at, _STAGE_MOVES.c.by, ("before", "after", "reason")),
    _Strand(
        "activity",
        ACTIVITIES,
        ACTIVITIES.c.at,
        ACTIVITIES.c.by,
        ("action_code", "result_code", "phone_id", "call_id", "note", "next_action_at", "corrects"),
    ),
    _Strand(
        "promise",
        PROMISES,
        PROMISES.c.taken_at,
        PROMISES.c.taken_by,
        ("amount_fen", "due_on", "state", "received_fen", "ended_at"),
    ),
    _Strand(
        "payment",
        PAYMENTS,
        PAYMENTS.c.claimed_at,
        PAYMENTS.c.claimed_by,
        ("amount_fen", "paid_on", "method", "state", "posted_at", "reversed_at", "note"),
    ),
    _Strand(
        "concession",
        CONCESSIONS,
        CONCESSIONS.c.asked_at,
        CONCESSIONS.c.asked_by,
        ("kind", "state", "waived_fen", "payable_fen", "valid_until"),
    ),
    _Strand(
        "hold",
        HOLDS,
        HOLDS.c.placed_at,
        HOLDS.c.placed_by,
        ("reason", "effect", "until", "note", "lifted_at", "lift_note"),
    ),
    _Strand(
        "attempt",
        CONTACT_ATTEMPTS,
        CONTACT_ATTEMPTS.c.at,
        CONTACT_ATTEMPTS.c.by,
        ("phone_id", "channel", "purpose", "allowed", "rule_id", "reason", "until", "outcome"),
    ),
    _Strand(
        "work_order",
        WORK_ORDERS,
        WORK_ORDERS.c.opened_at,
        WORK_ORDERS.c.opened_by,
        ("kind", "title", "state", "due_at", "ended_at", "answer"),
    ),
)
