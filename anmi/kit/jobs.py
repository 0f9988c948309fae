"""Jobs: work that is done after the answer has gone, exactly when its reason was committed.

A job is put into PgQueuer's queue on the connection of the unit of work that wants it, so a rollback leaves no job.
A worker that dies loses none: its jobs fall back to the others when its heartbeat stops. A job that has failed for
good stays as a dead letter until somebody retries or discards it.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, Self
from uuid import UUID

import psycopg
import structlog
from pgqueuer import PgQueuer
from pgqueuer.core.executors import DatabaseRetryEntrypointExecutor, EntrypointExecutorParameters
from pgqueuer.models import Job, Schedule
from pgqueuer.ports.driver import Driver, NotifyCallback, TaskManagerPort
from pgqueuer.queries import Queries
from prometheus_client import Counter, Histogram
from psycopg import AsyncRawCursor
from psycopg.rows import dict_row
from sqlalchemy.ext.asyncio import AsyncSession
from typing_extensions import override

from anmi.core.permissions import Words
from anmi.kit.caller import Caller, the_system
from anmi.kit.unit_of_work import UnitOfWork, Units

HEARTBEAT: Final = timedelta(seconds=6)
"""A worker that is silent for so long is taken for dead, and its jobs are given to others."""

TENANT: Final = "tenant_id"

log = structlog.get_logger()

JOBS_DONE: Final = Counter("anmi_jobs_total", "Jobs that ended", ["name", "outcome"])
JOB_SECONDS: Final = Histogram("anmi_job_seconds", "How long jobs took", ["name"])


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a failed job is tried again, and how long it waits: `first`, then twice as long each time."""

    attempts: int = 5
    first: timedelta = timedelta(seconds=2)
    longest: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job, as its work sees it."""

    units: Units
    caller: Caller
    attempt: int

    @asynccontextmanager
    async def unit(self) -> AsyncGenerator[UnitOfWork]:
        """Open a unit of work on behalf of the job's tenant."""
        async with self.units.begin(self.caller) as unit:
            yield unit


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of job: its name in the queue, the words people read, and the work itself.

    `every` is a cron expression (UTC): the job is then put up for each active tenant at those times. `work` may run
    twice for one job, when a worker dies at the wrong moment, so it says in the database what it has done.
    """

    name: str
    words: Words
    work: Callable[..., Awaitable[None]]
    retries: Retries = field(default_factory=Retries)
    every: str | None = None
    at_once: int = 0
    """How many of this kind run at the same time across all workers; 0 is any number."""

    async def defer(
        self,
        unit: UnitOfWork,
        *,
        after: timedelta | None = None,
        urgency: int = 0,
        only_once: str | None = None,
        **arguments: Any,
    ) -> int | None:
        """Put a job up when the unit commits; return its number.

        `only_once` names it: while one of that name waits or runs, another is not put up, and None is returned.
        """
        queries = Queries(_SessionDriver(unit.session))
        numbers = await queries.enqueue(
            self.name,
            json.dumps(arguments, default=str).encode(),
            urgency,
            after,
            None if only_once is None else f"{unit.tenant_id}/{self.name}/{only_once}",
            {TENANT: str(unit.tenant_id)},
            on_conflict="skip",
        )
        return numbers[0]


class _SessionDriver(Driver):
    """PgQueuer's statements on the connection, and so in the transaction, of a session of ours."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def _cursor(self) -> AsyncRawCursor[dict[str, Any]]:
        connection = await (await self._session.connection()).get_raw_connection()
        driver: Any = connection.driver_connection
        return AsyncRawCursor(driver, row_factory=dict_row)

    @override
    async def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        cursor = await self._cursor()
        await cursor.execute(query.encode(), args or None)
        return await cursor.fetchall()

    @override
    async def execute(self, query: str, *args: object) -> str:
        cursor = await self._cursor()
        await cursor.execute(query.encode(), args or None)
        return cursor.statusmessage or ""

    @override
    async def add_listener(self, channel: str, callback: NotifyCallback) -> None:
        raise NotImplementedError("a session does not listen")

    @override
    async def notify(self, channel: str, payload: str) -> None:
        await self.execute("SELECT pg_notify($1, $2)", channel, payload)

    @override
    async def __aenter__(self) -> Self:
        return self

    @override
    async def __aexit__(self, *_: object) -> None:
        pass

    @property
    @override
    def shutdown(self) -> Any:
        raise NotImplementedError("a session is not a worker")

    @property
    @override
    def tm(self) -> TaskManagerPort:
        raise NotImplementedError("a session is not a worker")


async def work_off(
    address: str,
    units: Units,
    kinds: Sequence[JobKind],
    tenants: Callable[[], Awaitable[Iterable[UUID]]],
    started: Callable[[PgQueuer], None] = lambda _: None,
    heartbeat: timedelta = HEARTBEAT,
) -> None:
    """Work jobs off until `PgQueuer.shutdown` is set; `started` is handed the queue to set it."""
    # The worker's own connection sees the jobs of all tenants; the work itself runs fenced, one tenant at a time.
    connection = await psycopg.AsyncConnection.connect(
        address, autocommit=True, application_name="anmi worker", options="-c anmi.across_tenants=on"
    )
    async with connection:
        queue = PgQueuer.from_psycopg_connection(connection)
        for kind in kinds:
            _register(queue, kind, units, tenants)
        started(queue)
        await queue.run(dequeue_timeout=timedelta(seconds=5), heartbeat_timeout=heartbeat)


def _register(queue: PgQueuer, kind: JobKind, units: Units, tenants: Callable[[], Awaitable[Iterable[UUID]]]) -> None:
    def executor(parameters: EntrypointExecutorParameters) -> DatabaseRetryEntrypointExecutor:
        return DatabaseRetryEntrypointExecutor(
            parameters,
            max_attempts=kind.retries.attempts - 1,
            initial_delay=kind.retries.first,
            max_delay=kind.retries.longest,
        )

    @queue.entrypoint(kind.name, concurrency_limit=kind.at_once, on_failure="hold", executor_factory=executor)
    async def work(job: Job) -> None:  # pyright: ignore[reportUnusedFunction] - registered by the decorator
        headers = job.headers or {}
        run = Run(units, the_system(UUID(str(headers[TENANT]))), job.attempts)
        arguments: dict[str, Any] = json.loads(job.payload or b"{}")
        with JOB_SECONDS.labels(kind.name).time():
            try:
                await kind.work(run, **arguments)
            except Exception as failure:
                JOBS_DONE.labels(kind.name, "failed").inc()
                log.warning(
                    "job_failed", job=kind.name, number=job.id, attempt=job.attempts, fault=type(failure).__name__
                )
                raise
        JOBS_DONE.labels(kind.name, "done").inc()

    if kind.every is not None:

        @queue.schedule(kind.name, kind.every)
        async def put_up(schedule: Schedule) -> None:  # pyright: ignore[reportUnusedFunction]
            for tenant_id in await tenants():
                async with units.begin(the_system(tenant_id)) as unit:
                    await kind.defer(unit, only_once="periodic")
