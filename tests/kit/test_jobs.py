"""A job exists exactly when its reason does, survives its worker, and is not lost when it fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from datetime import timedelta
from uuid import UUID

import pytest
from pgqueuer import PgQueuer
from sqlalchemy import text

from anmi.core.permissions import Words
from anmi.entrypoints.reactions import react
from anmi.kit.caller import the_system
from anmi.kit.db import Database
from anmi.kit.ids import new_id
from anmi.kit.jobs import JobKind, Retries, Run, work_off
from anmi.kit.keyring import Keyring
from anmi.kit.unit_of_work import Units
from anmi.system.jobs import repository
from tests.builders.house import Watch


@pytest.fixture
async def committing(database: Database, keyring: Keyring, watch: Watch) -> Units:
    """Return units of work that commit: a worker is another connection, and sees only what is committed."""
    return Units(database, keyring, watch, react)


@pytest.fixture
async def tenant_id(database: Database) -> AsyncGenerator[UUID]:
    """Return an agency that is gone, with its jobs, after the test."""
    tenant_id = new_id()
    async with database.engine.begin() as connection:
        await connection.execute(text("SELECT set_config('anmi.across_tenants', 'on', true)"))
        await connection.execute(
            text(
                "INSERT INTO tenants (id, code, name, state, created_at, version)"
                " VALUES (:id, :code, '演示', 'active', now(), 1)"
            ),
            {"id": tenant_id, "code": str(tenant_id)},
        )
    yield tenant_id
    async with database.engine.begin() as connection:
        await connection.execute(text("SELECT set_config('anmi.across_tenants', 'on', true)"))
        await connection.execute(text("DELETE FROM pgqueuer"))
        await connection.execute(text("DELETE FROM tenants WHERE id = :id"), {"id": tenant_id})


class Diary:
    """Work that writes down how it was called, and fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.lines: list[dict[str, object]] = []
        self.failures = failures

    async def work(self, run: Run, **arguments: object) -> None:
        self.lines.append({"tenant_id": run.caller.tenant_id, "attempt": run.attempt, **arguments})
        if len(self.lines) <= self.failures:
            raise RuntimeError("the outside world did not answer")


def kind_of(diary: Diary) -> JobKind:
    return JobKind("test.write", Words("测试", "Test"), diary.work, Retries(3, timedelta(milliseconds=20)))


async def run_worker(
    address: str, units: Units, kind: JobKind, until: Callable[[], object], heartbeat: float = 6
) -> None:
    """Run a worker until the condition holds."""
    queues: list[PgQueuer] = []

    async def no_tenants() -> Iterable[UUID]:
        return ()

    worker = asyncio.create_task(
        work_off(address, units, [kind], no_tenants, queues.append, timedelta(seconds=heartbeat))
    )
    async with asyncio.timeout(20):
        while not until() and not worker.done():  # noqa: ASYNC110 - the condition is another task's doing
            await asyncio.sleep(0.02)
    queues[0].shutdown.set()
    await worker


async def test_a_job_runs_for_its_tenant_with_its_arguments(committing: Units, tenant_id: UUID, app_url: str) -> None:
    diary = Diary()
    kind = kind_of(diary)
    async with committing.begin(the_system(tenant_id)) as unit:
        await kind.defer(unit, case="甲")
    await run_worker(app_url, committing, kind, lambda: diary.lines)
    assert diary.lines == [{"tenant_id": tenant_id, "attempt": 0, "case": "甲"}]


async def test_a_rollback_leaves_no_job(committing: Units, tenant_id: UUID) -> None:
    kind = kind_of(Diary())
    with pytest.raises(RuntimeError):  # noqa: PT012 - the block is the unit of work
        async with committing.begin(the_system(tenant_id)) as unit:
            await kind.defer(unit)
            raise RuntimeError("the reason is gone")
    async with committing.begin(the_system(tenant_id)) as unit:
        assert (await repository.figures(unit.session, unit.now)).queued == 0


async def test_a_failed_job_is_tried_again_and_then_kept_as_a_dead_letter(
    committing: Units, tenant_id: UUID, app_url: str
) -> None:
    diary = Diary(failures=3)
    kind = kind_of(diary)
    async with committing.begin(the_system(tenant_id)) as unit:
        number = await kind.defer(unit)
    await run_worker(app_url, committing, kind, lambda: len(diary.lines) == 3)
    async with committing.begin(the_system(tenant_id)) as unit:
        assert (await repository.figures(unit.session, unit.now)).dead == 1
        assert number is not None
        assert await repository.requeue(unit.session, number, unit.now) == "test.write"
    await run_worker(app_url, committing, kind, lambda: len(diary.lines) == 4)
    async with committing.begin(the_system(tenant_id)) as unit:
        left = await repository.figures(unit.session, unit.now)
    assert (left.queued, left.running, left.dead) == (0, 0, 0)


async def test_a_job_of_one_name_is_put_up_once(committing: Units, tenant_id: UUID) -> None:
    kind = kind_of(Diary())
    async with committing.begin(the_system(tenant_id)) as unit:
        assert await kind.defer(unit, only_once="nightly") is not None
        assert await kind.defer(unit, only_once="nightly") is None


async def test_a_job_whose_worker_died_falls_to_another(committing: Units, tenant_id: UUID, app_url: str) -> None:
    diary = Diary()
    kind = kind_of(diary)
    async with committing.begin(the_system(tenant_id)) as unit:
        await kind.defer(unit)
    async with committing.begin(the_system(tenant_id)) as unit:
        # What a worker leaves behind that was killed in the middle: picked, and its heart no longer beats.
        await unit.session.execute(
            text(
                "UPDATE pgqueuer SET status = 'picked', queue_manager_id = gen_random_uuid(),"
                " heartbeat = now() - interval '1 minute', updated = now() - interval '1 minute'"
            )
        )
    await run_worker(app_url, committing, kind, lambda: diary.lines, heartbeat=1)
    assert len(diary.lines) == 1


async def test_one_tenant_does_not_see_the_jobs_of_another(committing: Units, tenant_id: UUID) -> None:
    async with committing.begin(the_system(tenant_id)) as unit:
        number = await kind_of(Diary()).defer(unit)
    async with committing.begin(the_system(new_id())) as unit:
        assert await repository.page(unit.session, None, None, None, 50) == []
        assert await repository.discard(unit.session, number or 0) is None
    async with committing.begin(the_system(tenant_id)) as unit:
        assert len(await repository.page(unit.session, "queued", None, None, 50)) == 1
