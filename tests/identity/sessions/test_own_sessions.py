"""One's own sessions and profile, those of others, and going out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from anmi.core.permissions import Scope
from anmi.kit.caller import the_system
from anmi.kit.ids import new_id
from anmi.kit.live import LiveEvent
from anmi.kit.unit_of_work import Units
from tests.builders.audit import remembered
from tests.builders.people import Agency, a_unit, an_agency
from tests.builders.sessions import API, a_second_browser, sign_in, somebody_with_a_password


@pytest.fixture
async def agency(units: Units) -> Agency:
    """Return an agency with a supervisor in it."""
    agency = await an_agency(units)
    await somebody_with_a_password(units, agency, "supervisor")
    return agency


async def told(units: Units, agency: Agency) -> list[dict[str, Any]]:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        found = await unit.session.scalars(select(LiveEvent).where(LiveEvent.topic == "session"))
        return [event.about for event in found]


async def test_logging_out_ends_the_session_and_takes_the_cookie_back(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    session = await sign_in(client, agency)
    token = client.cookies["anmi_session"]
    response = await client.delete(f"{API}/session")
    assert response.status_code == 204
    assert 'anmi_session=""' in response.headers["set-cookie"]
    client.cookies.set("anmi_session", token)
    assert (await client.get(f"{API}/session")).json()["code"] == "SESSION_ENDED"
    assert len(await remembered(units, agency, "session.closed")) == 1
    ended = {"session_id": session["id"], "person_id": session["person"]["id"], "reason": "signed_out"}
    assert await told(units, agency) == [ended]


async def test_people_see_their_own_sessions_and_end_one(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    await somebody_with_a_password(units, agency, employee_no="B001")
    await sign_in(client, agency)
    async with a_second_browser(client) as second, a_second_browser(client) as stranger:
        second.headers["User-Agent"] = "Firefox"
        other = await sign_in(second, agency)
        elsewhere = await sign_in(stranger, agency, "B001")
        listed = (await client.get(f"{API}/sessions")).json()
        assert [(item["device"], item["current"]) for item in listed["items"]] == [
            ("Firefox", False),
            (client.headers["User-Agent"], True),
        ]
        assert (await client.delete(f"{API}/sessions/{elsewhere['id']}")).status_code == 404
        assert (await client.delete(f"{API}/sessions/{new_id()}")).status_code == 404
        assert (await client.delete(f"{API}/sessions/{other['id']}")).status_code == 204
        assert (await second.get(f"{API}/session")).json()["facts"] == {"reason": "revoked"}
        assert (await stranger.get(f"{API}/session")).status_code == 200
    assert [about["session_id"] for about in await told(units, agency)] == [other["id"]]


async def test_people_end_all_their_other_sessions(client: httpx.AsyncClient, agency: Agency) -> None:
    await sign_in(client, agency)
    async with a_second_browser(client) as second:
        await sign_in(second, agency)
        assert (await client.delete(f"{API}/sessions")).status_code == 204
        assert (await second.get(f"{API}/session")).status_code == 401
    assert (await client.get(f"{API}/session")).status_code == 200


async def test_an_administrator_ends_the_sessions_within_her_reach_only(
    client: httpx.AsyncClient, units: Units, agency: Agency, in_demo: None
) -> None:
    near, far = await a_unit(units, agency, "近"), await a_unit(units, agency, "远")
    await somebody_with_a_password(
        units, agency, "system_administrator", employee_no="S001", unit_id=near, scope=Scope.SUBTREE
    )
    near_id = await somebody_with_a_password(units, agency, employee_no="N001", unit_id=near)
    far_id = await somebody_with_a_password(units, agency, employee_no="F001", unit_id=far)
    await sign_in(client, agency, "S001")
    async with a_second_browser(client) as second:
        await sign_in(second, agency, "N001")
        assert len((await client.get(f"{API}/people/{near_id}/sessions")).json()["items"]) == 1
        assert (await client.delete(f"{API}/people/{near_id}/sessions")).status_code == 204
        assert (await second.get(f"{API}/session")).json()["facts"] == {"reason": "ended"}
        for beyond in (far_id, new_id()):
            assert (await client.get(f"{API}/people/{beyond}/sessions")).status_code == 404
            assert (await client.delete(f"{API}/people/{beyond}/sessions")).status_code == 404
        refused = await second.get(f"{API}/people/{near_id}/sessions")
        assert refused.status_code == 401
    [entry] = await remembered(units, agency, "session.ended")
    assert UUID(entry.facts["person_id"]) == near_id


@pytest.fixture
def in_demo(client: httpx.AsyncClient) -> None:
    """Let administrators in without a second factor."""
    client._transport.app.state.gate.demo = True  # type: ignore[attr-defined]


async def test_a_single_session_agency_lets_the_newest_in_and_the_others_out(
    client: httpx.AsyncClient, units: Units, agency: Agency, in_demo: None
) -> None:
    await somebody_with_a_password(units, agency, "security_administrator", employee_no="S001")
    async with a_second_browser(client) as second, a_second_browser(client) as administrator:
        await sign_in(administrator, agency, "S001")
        policy = (await administrator.get(f"{API}/policy")).json()
        policy["session"]["single"] = True
        assert (await administrator.put(f"{API}/policy", json=policy)).status_code == 200
        await sign_in(client, agency)
        await sign_in(second, agency)
        assert (await client.get(f"{API}/session")).json()["facts"] == {"reason": "replaced"}
        assert (await second.get(f"{API}/session")).status_code == 200


async def test_a_profile_keeps_language_and_theme(client: httpx.AsyncClient, agency: Agency) -> None:
    await sign_in(client, agency)
    person = (await client.patch(f"{API}/profile", json={"locale": "en-US"})).json()["person"]
    assert (person["locale"], person["theme"]) == ("en-US", "auto")
    await client.patch(f"{API}/profile", json={"theme": "dark"})
    person = (await client.get(f"{API}/session")).json()["person"]
    assert (person["locale"], person["theme"]) == ("en-US", "dark")
    for wrong in ({"locale": "fr"}, {"theme": "pink"}, {"name": "别人"}):
        assert (await client.patch(f"{API}/profile", json=wrong)).status_code == 422
