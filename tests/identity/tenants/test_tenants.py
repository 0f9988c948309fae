"""Agencies come and go by the hand of the platform's operator, and by no other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from anmi.core.rights import EVERYTHING
from anmi.identity.people.models import Person, PersonGrant
from anmi.identity.sessions.models import Session
from anmi.identity.tenants.models import Tenant
from anmi.kit.audit import AuditEntry
from anmi.kit.caller import the_system
from anmi.kit.ids import new_id
from anmi.kit.live import LiveEvent
from anmi.kit.passwords import is_right
from anmi.kit.unit_of_work import Units
from tests.builders.audit import remembered
from tests.builders.people import (
    Agency,
    a_person,
    an_agency,
    as_caller,
    comes_in,
    signed_in_as,
    somebody,
    the_platform,
)

TENANTS = "/api/v1/platform/tenants"


@pytest.fixture
async def platform(units: Units) -> Agency:
    return await the_platform(units)


@pytest.fixture
async def operator(client: httpx.AsyncClient, units: Units, platform: Agency) -> httpx.AsyncClient:
    await signed_in_as(client, units, platform, await a_person(units, platform, "platform_operator"))
    return client


def a_tenant(code: str = "demo-east", **changes: Any) -> dict[str, Any]:
    return {
        "code": code,
        "name": "演示东区",
        "system_administrator": {"employee_no": "S1", "name": "系统员", "phone": "13800138001"},
        "security_administrator": {"employee_no": "S2", "name": "安全员", "phone": "13800138002"},
        "auditor": {"employee_no": "S3", "name": "审计员", "phone": "13800138003"},
    } | changes


async def test_a_new_agency_has_a_root_and_three_administrators_with_passwords(
    operator: httpx.AsyncClient, units: Units, platform: Agency
) -> None:
    answer = await operator.post(TENANTS, json=a_tenant())
    assert answer.status_code == 201, answer.text
    tenant, passwords = answer.json()["tenant"], answer.json()["initial_passwords"]
    assert (tenant["code"], tenant["state"]) == ("demo-east", "active")
    assert [each["role"] for each in passwords] == ["system_administrator", "security_administrator", "auditor"]
    async with units.begin(the_system(tenant["id"])) as unit:
        people = {person.employee_no: person for person in await unit.session.scalars(select(Person))}
        grants = {grant.person_id: grant for grant in await unit.session.scalars(select(PersonGrant))}
        log = (await unit.session.scalars(select(AuditEntry).where(AuditEntry.tenant_id == unit.tenant_id))).all()
    for each in passwords:
        person = people[each["employee_no"]]
        assert await is_right(each["initial_password"], person.password_hash)
        assert person.must_change_password
        assert (grants[person.id].role, grants[person.id].scope) == (each["role"], "tenant")
    assert {entry.actor_kind for entry in log} == {"system"}
    assert log[0].action == "tenant.created"
    (entry,) = [entry for entry in await remembered(units, platform, "tenant.created") if entry.actor_kind == "person"]
    assert (entry.target_id, entry.facts) == (tenant["id"], {"code": "demo-east", "name": "演示东区"})


async def test_agencies_are_listed_but_not_the_platform_itself(operator: httpx.AsyncClient, units: Units) -> None:
    before = (await operator.get(TENANTS)).json()["total"]
    for code in ("zz-1", "zz-2"):
        await operator.post(TENANTS, json=a_tenant(code))
    answer = (await operator.get(TENANTS, params={"limit": 200})).json()
    codes = [tenant["code"] for tenant in answer["items"]]
    assert (answer["total"], "platform" in codes) == (before + 2, False)
    assert {"zz-1", "zz-2"} <= set(codes)


@pytest.mark.parametrize(
    ("tenant", "status", "code"),
    [
        (a_tenant("taken"), 409, "TENANT_CODE_TAKEN"),
        (a_tenant("platform"), 409, "TENANT_CODE_TAKEN"),
        (a_tenant("Demo"), 422, "INVALID"),
        (a_tenant("-demo"), 422, "INVALID"),
        (a_tenant(auditor={"employee_no": "S1", "name": "审计员", "phone": "13800138003"}), 409, "EMPLOYEE_NO_TAKEN"),
        (a_tenant(auditor={"employee_no": "S3", "name": "审计员", "phone": "13800138001"}), 409, "PHONE_TAKEN"),
        (a_tenant(auditor={"employee_no": "S3", "name": "审计员", "phone": "1"}), 422, "INVALID_PHONE"),
    ],
)
async def test_an_agency_that_cannot_be_is_refused_and_nothing_of_it_stays(
    operator: httpx.AsyncClient, units: Units, tenant: dict[str, Any], status: int, code: str
) -> None:
    await operator.post(TENANTS, json=a_tenant("taken"))
    answer = await operator.post(TENANTS, json=tenant)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    async with units.begin(the_system(across_tenants=True)) as unit:
        found = (await unit.session.scalars(select(Tenant.code).where(Tenant.code == "demo-east"))).all()
    assert found == []


async def test_a_suspended_agency_is_thrown_out_and_may_come_back(
    operator: httpx.AsyncClient, units: Units, platform: Agency
) -> None:
    agency = await an_agency(units)
    person_id, session_id = await a_person(units, agency), new_id()
    async with units.begin(the_system(agency.tenant_id)) as unit:
        unit.session.add(
            Session(
                id=session_id,
                tenant_id=agency.tenant_id,
                person_id=person_id,
                token_digest=session_id.bytes,
                step="complete",
                created_at=unit.now,
                last_seen_at=unit.now,
                expires_at=unit.now + timedelta(hours=1),
                ip="",
                device="",
            )
        )
    suspended = await operator.post(f"{TENANTS}/{agency.tenant_id}/suspend")
    assert (suspended.status_code, suspended.json()["state"]) == (200, "suspended")
    async with units.begin(the_system(agency.tenant_id)) as unit:
        session = await unit.session.get_one(Session, session_id)
        told = {(news.topic, news.kind) for news in await unit.session.scalars(select(LiveEvent))}
    assert (session.ended_at, session.end_reason) == (unit.now, "tenant_suspended")
    assert told == {("session", "SessionEnded"), ("tenants", "TenantSuspended")}
    resumed = await operator.post(f"{TENANTS}/{agency.tenant_id}/resume")
    assert resumed.json()["state"] == "active"
    for log in (agency, platform):
        for action in ("tenant.suspended", "tenant.resumed"):
            found = [entry.target_id for entry in await remembered(units, log, action)]
            assert found.count(str(agency.tenant_id)) == 1


async def test_the_platform_cannot_suspend_itself(operator: httpx.AsyncClient, platform: Agency) -> None:
    answer = await operator.post(f"{TENANTS}/{platform.tenant_id}/suspend")
    assert (answer.status_code, answer.json()["code"]) == (409, "PLATFORM_STAYS")
    missing = await operator.post(f"{TENANTS}/{new_id()}/suspend")
    assert missing.status_code == 404


async def test_an_agency_sees_no_other_agency_whatever_it_is_granted(client: httpx.AsyncClient, units: Units) -> None:
    agency, other = await an_agency(units), await an_agency(units)
    comes_in(client, somebody(agency, EVERYTHING))
    for answer in (
        await client.get(TENANTS),
        await client.post(TENANTS, json=a_tenant()),
        await client.post(f"{TENANTS}/{other.tenant_id}/suspend"),
        await client.post(f"{TENANTS}/{agency.tenant_id}/resume"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "PLATFORM_ONLY")


async def test_the_operator_sees_nothing_of_an_agencys_people(
    client: httpx.AsyncClient, units: Units, platform: Agency
) -> None:
    agency = await an_agency(units)
    person_id = await a_person(units, agency)
    operator = await as_caller(units, platform, await a_person(units, platform, "platform_operator"))
    comes_in(client, operator)
    assert (await client.get("/api/v1/identity/people")).status_code == 403
    comes_in(client, somebody(platform, EVERYTHING))
    assert (await client.get(f"/api/v1/identity/people/{person_id}")).status_code == 404
