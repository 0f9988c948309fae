"""Every SQL statement about calls and their journals. Events are many, and go straight to psycopg."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from psycopg import AsyncConnection, sql
from psycopg.types.json import Jsonb
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.telephony.calls.models import Call, CallJournalLine

_LINE: Final = "INSERT INTO call_events (call_id, number, at, event, tenant_id) VALUES (%s, %s, %s, %s, %s)"
_FACTS: Final = """
SELECT id, tenant_id, direction, unit_id, person_id, subject_kind, subject_id, point_id, permit_id, agent_id, trunk_id,
       caller_id_id
  FROM calls WHERE id = ANY(%s) AND ended_at IS NULL
"""


async def facts_of_live(driver: AsyncConnection[Any], call_ids: Sequence[UUID]) -> list[tuple[Any, ...]]:
    """Return what some calls are about, in the order of `CallFacts`, of those that have not ended."""
    return await (await driver.execute(_FACTS, (list(call_ids),))).fetchall()


async def write(
    driver: AsyncConnection[Any],
    tenant_id: UUID,
    call_id: UUID,
    number: int,
    at: datetime,
    event: Mapping[str, Any],
    changes: Mapping[str, Any],
) -> None:
    """Add one event to the journal of a call, and write what has changed of the call with it.

    The same number twice is refused by the database.
    """
    line = (call_id, number, at, Jsonb(event), tenant_id)
    if not changes:
        await driver.execute(_LINE, line)
        return
    told = [Jsonb(value) if isinstance(value, dict) else value for value in changes.values()]
    await driver.execute(_with_row(tuple(changes)), (*line, *told, call_id))


@cache
def _with_row(names: tuple[str, ...]) -> sql.Composed:
    """Return one statement for both: each trip to the server costs more than what is done there."""
    columns = sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in names)
    return sql.SQL("WITH line AS ({}) UPDATE calls SET {} WHERE id = %s").format(sql.SQL(_LINE), columns)


async def one(session: AsyncSession, *conditions: ColumnElement[bool]) -> Call | None:
    """Return one call."""
    query = select(Call).where(*conditions).execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def live(session: AsyncSession, *conditions: ColumnElement[bool]) -> Sequence[Call]:
    """Return the calls that have not ended, the oldest first."""
    query = select(Call).where(Call.ended_at.is_(None), *conditions).order_by(Call.asked_at)
    return (await session.scalars(query.execution_options(populate_existing=True))).all()


async def journal(session: AsyncSession, call_id: UUID, above: int = 0) -> Sequence[CallJournalLine]:
    """Return the events of a call after the one of a number, in order."""
    query = select(CallJournalLine).where(CallJournalLine.call_id == call_id, CallJournalLine.number > above)
    return (await session.scalars(query.order_by(CallJournalLine.number))).all()
