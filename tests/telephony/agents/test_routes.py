"""Agents and their phones: given, logged in, ready, on a break, wrapped up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import update

from anmi.core.agent_life import AgentEvent, AgentState
from anmi.core.permissions import Scope
from anmi.kit.caller import the_system
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import Units
from anmi.telephony.agents.service import Agents
from anmi.telephony.engines.models import Engine
from tests.builders.people import Agency, a_person, a_unit, an_agency, signed_in_as
from tests.builders.phone_floor import a_well_engine, an_agent, orders_of

AGENTS, PHONE = "/api/v1/telephony/agents", "/api/v1/telephony/phone"


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


@pytest.fixture
async def engine_id(units: Units) -> UUID:
    return await a_well_engine(units)


@pytest.fixture
async def mei(units: Units, agency: Agency) -> UUID:
    return await a_person(units, agency, "collector", scope=Scope.OWN)


@pytest.fixture
async def keeper(units: Units, agency: Agency) -> UUID:
    return await a_person(units, agency, "phone_administrator")


async def own(client: httpx.AsyncClient) -> dict[str, Any]:
    return (await client.get(PHONE)).json()


async def test_somebody_becomes_an_agent_and_has_her_extension_to_herself(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, keeper: UUID
) -> None:
    await signed_in_as(client, units, agency, keeper)
    made = await client.post(AGENTS, json={"person_id": str(mei), "extension": "8001"})
    assert (made.status_code, made.json()["state"], made.json()["is_there"]) == (201, "offline", False)
    taken = await client.post(AGENTS, json={"person_id": str(keeper), "extension": "8001"})
    assert taken.json()["code"] == "EXTENSION_TAKEN"
    agent = made.json()
    changed = await client.patch(f"{AGENTS}/{agent['id']}", json={"version": 1, "extension": "8002"})
    assert changed.json()["extension"] == "8002"
    assert (await client.delete(f"{AGENTS}/{agent['id']}")).status_code == 204
    assert (await client.get(AGENTS)).json() == []
    again = await client.post(AGENTS, json={"person_id": str(mei), "extension": "8001"})
    assert again.json()["id"] == agent["id"]


async def test_a_mobile_needs_a_number_that_is_never_shown(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, keeper: UUID
) -> None:
    await signed_in_as(client, units, agency, keeper)
    body = {"person_id": str(mei), "extension": "8001", "phone_kind": "mobile"}
    assert (await client.post(AGENTS, json=body)).json()["code"] == "MOBILE_NUMBER_WANTED"
    made = (await client.post(AGENTS, json=body | {"number": "13800138000"})).json()
    assert made["has_number"]
    assert "13800138000" not in str(made)


async def test_a_phone_is_let_in_with_a_secret_that_nobody_reads_in_the_orders(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, engine_id: UUID
) -> None:
    agent = await an_agent(units, agency, mei, engine_id, AgentState.OFFLINE)
    await signed_in_as(client, units, agency, mei)
    lease = (await client.post(PHONE, json={"kind": "browser"})).json()
    assert (lease["phone"], lease["engine"], lease["url"]) == (
        agent.phone,
        "rehearsal",
        "/api/v1/telephony/phone/socket",
    )
    (order,) = await orders_of(units, agency, engine_id)
    assert (order["kind"], order["agent_id"]) == ("LetIn", str(agent.id))
    assert lease["secret"] not in str(order)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        assert (await Agents(unit).credentials(agent.id, order["secret"])).secret == lease["secret"]


async def test_a_switch_that_forgot_its_phones_is_told_of_those_that_are_logged_in(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, engine_id: UUID, watch: Any
) -> None:
    await an_agent(units, agency, mei, engine_id)
    await signed_in_as(client, units, agency, mei)

    async def leased() -> list[str]:
        async with units.begin(the_system(agency.tenant_id)) as unit:
            return [given.secret for given in await Agents(unit).leased(engine_id)]

    await client.post(PHONE, json={})
    second = (await client.post(PHONE, json={})).json()
    assert await leased() == [second["secret"]]
    assert (await client.delete(PHONE)).status_code == 204
    assert await leased() == []


async def test_without_an_engine_nobody_logs_a_phone_in(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, engine_id: UUID
) -> None:
    await an_agent(units, agency, mei, engine_id, AgentState.OFFLINE)
    await signed_in_as(client, units, agency, mei)
    # Engines serve every agency, so those of other tests are away too.
    async with units.begin(the_system(agency.tenant_id)) as unit:
        await unit.session.execute(update(Engine).values(seen_at=unit.now - timedelta(minutes=5)))
    assert (await client.post(PHONE, json={})).json()["code"] == "ENGINE_AWAY"
    assert not (await own(client))["engine"]["is_well"]


async def test_who_has_no_extension_is_no_agent(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, engine_id: UUID
) -> None:
    await signed_in_as(client, units, agency, mei)
    assert (await own(client))["agent_id"] is None
    assert (await client.post(PHONE, json={})).json()["code"] == "NOT_AN_AGENT"


async def test_an_agent_says_when_she_is_ready_and_why_not_and_her_times_are_kept(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, engine_id: UUID, watch: Any
) -> None:
    agent = await an_agent(units, agency, mei, engine_id, AgentState.OFFLINE)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        await Agents(unit).phone_seen(agent.id, is_there=False)
    await signed_in_as(client, units, agency, mei)
    assert (await client.post(f"{PHONE}/state", json={"to": "ready"})).json()["code"] == "AGENT_NOT_THERE"
    async with units.begin(the_system(agency.tenant_id)) as unit:
        await Agents(unit).phone_seen(agent.id, is_there=True)
    assert ((await own(client))["state"], (await own(client))["reason"]) == ("not_ready", "logged_in")
    assert (await client.post(f"{PHONE}/state", json={"to": "ready"})).json()["state"] == "ready"
    watch.pass_by(minutes=5)
    assert (await client.post(f"{PHONE}/state", json={"to": "not_ready"})).json()["code"] == "NOT_READY_REASON"
    broken = await client.post(f"{PHONE}/state", json={"to": "not_ready", "reason": "meal"})
    assert broken.json()["reason"] == "meal"
    boss = await a_person(units, agency, "supervisor")
    await signed_in_as(client, units, agency, boss)
    spans = (await client.get(f"{AGENTS}/{agent.id}/spans", params={"on": "2026-03-04"})).json()
    assert [(span["state"], span["ended_at"] is None) for span in spans] == [
        ("not_ready", False),
        ("ready", False),
        ("not_ready", True),
    ]


async def test_a_wrap_up_ends_when_she_says_so_or_when_its_time_is_over(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, engine_id: UUID, watch: Any
) -> None:
    agent = await an_agent(units, agency, mei, engine_id)

    async def talk() -> None:
        call_id = new_id()
        async with units.begin(the_system(agency.tenant_id)) as unit:
            for event in (AgentEvent.RESERVE, AgentEvent.CONNECT, AgentEvent.HANG_UP):
                await Agents(unit).happen(agent.id, event, call_id)

    await signed_in_as(client, units, agency, mei)
    await talk()
    assert (await own(client))["state"] == "wrap_up"
    assert (await client.post(f"{PHONE}/finish")).json()["state"] == "ready"
    await talk()
    watch.pass_by(minutes=4)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        await Agents(unit).finish_late_wrap_ups()
    assert (await own(client))["state"] == "ready"


async def test_a_supervisor_sees_the_floor_of_her_team_and_nobody_elses(
    client: httpx.AsyncClient, units: Units, agency: Agency, engine_id: UUID
) -> None:
    team, other = await a_unit(units, agency), await a_unit(units, agency, "二组")
    boss = await a_person(units, agency, "supervisor", unit_id=team, scope=Scope.TEAM)
    for unit_id in (team, other):
        person = await a_person(units, agency, "collector", unit_id=unit_id)
        await an_agent(units, agency, person, engine_id, unit_id=unit_id)
    await signed_in_as(client, units, agency, boss)
    floor = (await client.get("/api/v1/telephony/floor")).json()
    assert [agent["unit_id"] for agent in floor["agents"]] == [str(team)]
    assert (floor["engine"]["is_well"], floor["calls"]) == (True, [])


async def test_a_call_may_be_handed_to_whoever_else_is_at_her_phone(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, engine_id: UUID
) -> None:
    await an_agent(units, agency, mei, engine_id)
    there, away = [await a_person(units, agency, "collector", scope=Scope.OWN) for _ in range(2)]
    colleague = await an_agent(units, agency, there, engine_id)
    left = await an_agent(units, agency, away, engine_id)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        await Agents(unit).phone_seen(left.id, is_there=False)
    await signed_in_as(client, units, agency, mei)
    shown = (await client.get(f"{PHONE}/colleagues")).json()
    assert [each["id"] for each in shown] == [str(colleague.id)]
    assert shown[0].keys() == {"id", "name", "unit_name", "extension", "state"}
