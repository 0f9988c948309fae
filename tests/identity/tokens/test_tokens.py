"""API tokens: shown once, doing what they were issued for and nothing else, until they are revoked or over."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import update

from anmi.core.permissions import Scope
from anmi.identity.tenants.models import Tenant, TenantState
from anmi.kit.caller import the_system
from anmi.kit.unit_of_work import Units
from tests.builders.audit import remembered
from tests.builders.house import Watch
from tests.builders.people import Agency, a_person, a_unit, an_agency, app_of
from tests.builders.sessions import API, a_second_browser, sign_in, somebody_with_a_password


@pytest.fixture
async def agency(client: httpx.AsyncClient, units: Units) -> Agency:
    """Return an agency whose security administrator is signed in."""
    agency = await an_agency(units)
    app_of(client).state.gate.demo = True
    await somebody_with_a_password(units, agency, "security_administrator")
    await sign_in(client, agency)
    return agency


async def issue(client: httpx.AsyncClient, **facts: Any) -> httpx.Response:
    asked = {"name": "报表接口", "permissions": ["people.read"], "scope": "tenant"} | facts
    return await client.post(f"{API}/tokens", json=asked)


def machine(client: httpx.AsyncClient, token: str) -> httpx.AsyncClient:
    browser = a_second_browser(client)
    browser.headers["Authorization"] = f"Bearer {token}"
    return browser


async def test_a_token_is_shown_once_and_kept_as_a_digest(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    issued = (await issue(client, expires_on="2026-12-31")).json()
    token = issued.pop("token")
    assert token.startswith(f"anmi_{agency.tenant_id.hex}_")
    listed = (await client.get(f"{API}/tokens")).json()
    assert listed["items"] == [issued]
    assert token not in str(listed)
    [entry] = await remembered(units, agency, "token.issued")
    assert token not in str(entry.facts)
    assert entry.facts["permissions"] == ["people.read"]


async def test_a_machine_does_what_its_token_permits_and_nothing_else(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    token = (await issue(client)).json()["token"]
    async with machine(client, token) as program:
        assert (await program.get(f"{API}/people")).status_code == 200
        refused = await program.get(f"{API}/tokens")
        assert (refused.status_code, refused.json()["code"]) == (403, "NOT_PERMITTED")
        for method, path in (("GET", "session"), ("DELETE", "session"), ("GET", "sessions"), ("DELETE", "sessions")):
            assert (await program.request(method, f"{API}/{path}")).json()["code"] == "ONLY_FOR_PEOPLE"
        assert (await program.patch(f"{API}/profile", json={})).json()["code"] == "ONLY_FOR_PEOPLE"
    entry = (await remembered(units, agency, "request.refused"))[0]
    assert (entry.actor_kind, entry.facts["permission"]) == ("token", "tokens.read")


async def test_a_machine_needs_no_csrf_token(client: httpx.AsyncClient, agency: Agency) -> None:
    token = (await issue(client, permissions=["cases.read", "jobs.write"])).json()["token"]
    async with machine(client, token) as program:
        response = await program.post("/api/v1/system/jobs/1/retry")
        assert response.status_code == 404


async def test_a_token_reaches_as_far_as_its_unit(client: httpx.AsyncClient, units: Units, agency: Agency) -> None:
    near = await a_unit(units, agency, "近")
    await a_person(units, agency, unit_id=near, employee_no="N001")
    token = (await issue(client, scope="team", unit_id=str(near))).json()["token"]
    async with machine(client, token) as program:
        items = (await program.get(f"{API}/people")).json()["items"]
    assert [item["employee_no"] for item in items] == ["N001"]


async def test_a_revoked_token_opens_nothing(client: httpx.AsyncClient, units: Units, agency: Agency) -> None:
    issued = (await issue(client)).json()
    async with machine(client, issued["token"]) as program:
        assert (await program.get(f"{API}/people")).status_code == 200
        assert (await client.delete(f"{API}/tokens/{issued['id']}")).status_code == 204
        assert (await program.get(f"{API}/people")).status_code == 401
    assert (await client.get(f"{API}/tokens")).json()["items"] == []
    assert (await client.delete(f"{API}/tokens/{issued['id']}")).status_code == 404
    assert len(await remembered(units, agency, "token.revoked")) == 1


async def test_a_token_is_good_through_its_last_day_in_china(
    client: httpx.AsyncClient, agency: Agency, watch: Watch
) -> None:
    token = (await issue(client, expires_on="2026-03-04")).json()["token"]
    async with machine(client, token) as program:
        watch.pass_by(hours=13, minutes=59)
        assert (await program.get(f"{API}/people")).status_code == 200
        watch.pass_by(minutes=1)
        assert (await program.get(f"{API}/people")).status_code == 401


async def test_the_last_use_of_a_token_is_shown(client: httpx.AsyncClient, agency: Agency, watch: Watch) -> None:
    issued = (await issue(client)).json()
    assert issued["last_used_at"] is None
    async with machine(client, issued["token"]) as program:
        await program.get(f"{API}/people")
        watch.pass_by(minutes=2)
        await program.get(f"{API}/people")
    [listed] = (await client.get(f"{API}/tokens")).json()["items"]
    assert listed["last_used_at"].startswith(watch.now.isoformat()[:19])


@pytest.mark.parametrize("permission", ["audit.read", "people.write", "grants.write", "tokens.write", "tenants.write"])
async def test_an_administrators_keys_stay_with_people(
    client: httpx.AsyncClient, agency: Agency, permission: str
) -> None:
    response = await issue(client, permissions=["people.read", permission])
    assert (response.status_code, response.json()["code"]) == (403, "NOT_GIVABLE")
    assert response.json()["facts"] == {"permissions": [permission]}


async def test_a_token_reaches_no_farther_than_its_issuer(client: httpx.AsyncClient, units: Units) -> None:
    agency = await an_agency(units)
    app_of(client).state.gate.demo = True
    near, far = await a_unit(units, agency, "近"), await a_unit(units, agency, "远")
    await somebody_with_a_password(units, agency, "security_administrator", unit_id=near, scope=Scope.SUBTREE)
    await sign_in(client, agency)
    assert (await issue(client, scope="subtree")).status_code == 201
    for beyond in ({"scope": "tenant"}, {"scope": "team", "unit_id": str(far)}):
        assert (await issue(client, **beyond)).json()["code"] == "REACH_TOO_FAR"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"scope": "own"}, "MACHINE_HAS_NO_OWN"),
        ({"expires_on": "2026-03-03"}, "ALREADY_PAST"),
        ({"unit_id": "0195f3b4-0000-7000-8000-000000000000"}, "UNKNOWN_UNIT"),
        ({"permissions": []}, "INVALID"),
        ({"permissions": ["people.eat"]}, "INVALID"),
        ({"name": " "}, "INVALID"),
        ({"expires_on": "soon"}, "INVALID"),
    ],
)
async def test_a_senseless_token_is_refused_by_name(
    client: httpx.AsyncClient, agency: Agency, facts: dict[str, Any], code: str
) -> None:
    response = await issue(client, **facts)
    assert (response.status_code, response.json()["code"]) == (422, code)


@pytest.mark.parametrize("said", ["Bearer", "Bearer x", "Bearer anmi_zz_x", "bearer anmi_" + "0" * 32 + "_x"])
async def test_nonsense_is_no_token(client: httpx.AsyncClient, said: str) -> None:
    response = await client.get(f"{API}/people", headers={"Authorization": said})
    assert (response.status_code, response.json()["code"]) == (401, "NOT_SIGNED_IN")


async def test_the_machines_of_a_suspended_agency_stand_still(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    token = (await issue(client)).json()["token"]
    async with machine(client, token) as program:
        assert (await program.get(f"{API}/people")).status_code == 200
        async with units.begin(the_system(agency.tenant_id, across_tenants=True)) as unit:
            await unit.session.execute(
                update(Tenant).where(Tenant.id == agency.tenant_id).values(state=TenantState.SUSPENDED)
            )
            unit.tell("tenants", "TenantSuspended", tenant_id=agency.tenant_id)
        assert (await program.get(f"{API}/people")).status_code == 401
