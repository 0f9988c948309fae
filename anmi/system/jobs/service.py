"""Seeing to jobs: look, retry, discard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, cast

from sqlalchemy import RowMapping

from anmi.core.audit_actions import AuditAction
from anmi.core.masking import mask_digits
from anmi.core.permissions import Words
from anmi.kit.errors import NotFound
from anmi.kit.paging import Ask, BadCursor
from anmi.kit.unit_of_work import UnitOfWork
from anmi.system.jobs import repository

TOPIC: Final = "jobs"

LARGEST_NUMBER: Final = 2**63 - 1

JobState = Literal["queued", "running", "dead"]

_OUR_WORDS: Final = {theirs: ours for ours, theirs in repository.STATES.items()}


@dataclass(frozen=True, slots=True)
class JobView:
    """One job with the words people read; `error` is the kind of the last failure and its masked words."""

    id: int
    name: str
    label_zh: str
    label_en: str
    state: JobState
    attempts: int
    queued_at: datetime
    next_at: datetime
    error: str | None


class Jobs:
    """The jobs of one agency."""

    def __init__(self, unit: UnitOfWork, words: Mapping[str, Words]) -> None:
        self._unit = unit
        self._words = words

    async def page(
        self, ask: Ask, state: JobState | None = None, name: str | None = None
    ) -> tuple[list[JobView], str | None]:
        """Return a page of jobs, newest first, and the cursor of the next one."""
        after = None if ask.after is None else _number(ask.after)
        session = self._unit.session
        status = None if state is None else repository.STATES[state]
        rows = await repository.page(session, status, name, after, ask.limit + 1)
        faults = await repository.faults(session, [row["id"] for row in rows])
        items = [self._seen(row, faults.get(row["id"])) for row in rows[: ask.limit]]
        return items, str(items[-1].id) if len(rows) > ask.limit else None

    async def figures(self) -> repository.Figures:
        """Return how the queue stands."""
        return await repository.figures(self._unit.session, self._unit.now)

    async def retry(self, number: int) -> None:
        """Put a dead job back into the queue."""
        self._remember(
            AuditAction.JOB_RETRIED, number, await repository.requeue(self._unit.session, number, self._unit.now)
        )

    async def discard(self, number: int) -> None:
        """Remove a job that waits or is dead."""
        self._remember(AuditAction.JOB_DISCARDED, number, await repository.discard(self._unit.session, number))

    def _remember(self, action: AuditAction, number: int, name: str | None) -> None:
        if name is None:
            raise NotFound
        self._unit.remember(action, ("job", str(number)), name=name)
        self._unit.tell(TOPIC, "JobsChanged", job_id=number)

    def _seen(self, row: RowMapping, fault: Mapping[str, Any] | None) -> JobView:
        words = self._words.get(row["name"], Words(row["name"], row["name"]))
        error = None
        if fault is not None:
            error = mask_digits(f"{fault.get('exception_type')}: {fault.get('exception_message')}")[:300]
        return JobView(
            id=row["id"],
            name=row["name"],
            label_zh=words.zh,
            label_en=words.en,
            state=cast("JobState", _OUR_WORDS.get(row["status"], "dead")),
            attempts=row["attempts"],
            queued_at=row["queued_at"],
            next_at=row["next_at"],
            error=error,
        )


def _number(cursor: str) -> int:
    if not cursor.isascii() or not cursor.isdecimal() or int(cursor) > LARGEST_NUMBER:
        raise BadCursor
    return int(cursor)
