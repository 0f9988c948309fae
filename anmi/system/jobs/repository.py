"""Statements on PgQueuer's table; row-level security fences it by the tenant in a job's headers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

STATES: Final = {"queued": "queued", "running": "picked", "dead": "failed"}
"""Our words and PgQueuer's for the states of a job that is still there."""

_COLUMNS: Final = """
    id, entrypoint AS name, status::text AS status, attempts, created AS queued_at, execute_after AS next_at,
    updated AS updated_at
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """How many jobs are in which state, and since when the oldest has been due."""

    queued: int
    running: int
    dead: int
    oldest_due_at: datetime | None


async def page(
    session: AsyncSession, status: str | None, name: str | None, after: int | None, limit: int
) -> Sequence[RowMapping]:
    """Return jobs, newest first, below the number `after`."""
    query = text(
        f"SELECT {_COLUMNS} FROM pgqueuer"  # noqa: S608 - our own columns
        " WHERE (CAST(:status AS text) IS NULL OR status::text = :status)"
        " AND (CAST(:name AS text) IS NULL OR entrypoint = :name)"
        " AND (CAST(:after AS bigint) IS NULL OR id < :after)"
        " ORDER BY id DESC LIMIT :limit"
    )
    found = await session.execute(query, {"status": status, "name": name, "after": after, "limit": limit})
    return found.mappings().all()


async def faults(session: AsyncSession, numbers: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return the last traceback of each job that has one."""
    query = text(
        "SELECT DISTINCT ON (job_id) job_id, traceback FROM pgqueuer_log"
        " WHERE job_id = ANY(:numbers) AND traceback IS NOT NULL ORDER BY job_id, id DESC"
    )
    found = await session.execute(query, {"numbers": list(numbers)})
    return {row.job_id: row.traceback for row in found}


async def figures(session: AsyncSession, now: datetime) -> Figures:
    """Count the jobs of this tenant."""
    query = text(
        "SELECT count(*) FILTER (WHERE status = 'queued') AS queued,"
        " count(*) FILTER (WHERE status = 'picked') AS running,"
        " count(*) FILTER (WHERE status = 'failed') AS dead,"
        " min(execute_after) FILTER (WHERE status = 'queued' AND execute_after <= :now) AS oldest_due_at"
        " FROM pgqueuer"
    )
    row: Any = (await session.execute(query, {"now": now})).one()
    return Figures(row.queued, row.running, row.dead, row.oldest_due_at)


async def requeue(session: AsyncSession, number: int, now: datetime) -> str | None:
    """Put a dead job back into the queue; return its name, or None where there is no such dead job."""
    query = text(
        "UPDATE pgqueuer SET status = 'queued', attempts = 0, execute_after = :now, updated = :now,"
        " queue_manager_id = NULL WHERE id = :number AND status = 'failed' RETURNING entrypoint"
    )
    return (await session.execute(query, {"number": number, "now": now})).scalar_one_or_none()


async def discard(session: AsyncSession, number: int) -> str | None:
    """Remove a job that waits or is dead; return its name, or None where there is none."""
    query = text("DELETE FROM pgqueuer WHERE id = :number AND status IN ('queued', 'failed') RETURNING entrypoint")
    return (await session.execute(query, {"number": number})).scalar_one_or_none()
