"""Jobs are seen, retried and discarded by those who keep the product running, each agency its own."""

from __future__ import annotations

import httpx
from sqlalchemy import text

from anmi.core.permissions import Words
from anmi.kit.caller import the_system
from anmi.kit.jobs import JobKind, Run
from anmi.kit.unit_of_work import Units
from tests.builders.people import Agency, a_person, an_agency, signed_in_as


async def _nothing(run: Run) -> None: ...


KIND = JobKind("test.nothing", Words("测试", "Test"), _nothing)


async def a_job(units: Units, agency: Agency, status: str = "queued") -> int:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        number = await KIND.defer(unit)
        await unit.session.execute(
            text("UPDATE pgqueuer SET status = CAST(:status AS pgqueuer_status) WHERE id = :id"),
            {"status": status, "id": number},
        )
    assert number is not None
    return number


async def keeper(units: Units, client: httpx.AsyncClient, agency: Agency) -> None:
    person_id = await a_person(units, agency, "system_administrator")
    await signed_in_as(client, units, agency, person_id)


async def test_dead_jobs_are_retried_and_waiting_ones_discarded(units: Units, client: httpx.AsyncClient) -> None:
    agency = await an_agency(units)
    await keeper(units, client, agency)
    dead, waiting = await a_job(units, agency, "failed"), await a_job(units, agency)
    seen = (await client.get("/api/v1/system/jobs")).json()["items"]
    assert [(job["id"], job["state"]) for job in seen] == [(waiting, "queued"), (dead, "dead")]
    assert (await client.get("/api/v1/system/jobs/figures")).json()["dead"] == 1
    assert (await client.post(f"/api/v1/system/jobs/{dead}/retry")).status_code == 204
    assert (await client.delete(f"/api/v1/system/jobs/{waiting}")).status_code == 204
    figures = (await client.get("/api/v1/system/jobs/figures")).json()
    assert (figures["queued"], figures["dead"]) == (1, 0)
    assert (await client.post(f"/api/v1/system/jobs/{dead}/retry")).status_code == 404


async def test_the_jobs_of_another_agency_are_not_there(units: Units, client: httpx.AsyncClient) -> None:
    theirs = await a_job(units, await an_agency(units), "failed")
    await keeper(units, client, await an_agency(units))
    assert (await client.get("/api/v1/system/jobs")).json()["items"] == []
    assert (await client.post(f"/api/v1/system/jobs/{theirs}/retry")).status_code == 404
    assert (await client.delete(f"/api/v1/system/jobs/{theirs}")).status_code == 404


async def test_a_cursor_that_is_no_job_number_is_refused(units: Units, client: httpx.AsyncClient) -> None:
    await keeper(units, client, await an_agency(units))
    for cursor in ("x", "-1", "99999999999999999999999", "٣"):
        answer = await client.get("/api/v1/system/jobs", params={"after": cursor})
        assert (answer.status_code, answer.json()["code"]) == (422, "BAD_CURSOR")
