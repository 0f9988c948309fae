"""The working day: every count is what its list shows."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import event

from anmi.core.case_life import State
from anmi.core.permissions import Scope
from anmi.entrypoints.wiring import House
from anmi.kit.unit_of_work import Units
from tests.builders.cases import a_case, a_placement
from tests.builders.people import Agency, a_person, an_agency, signed_in_as
from tests.builders.phone import a_call

TODAY = "/api/v1/workbench/today"
CASEWORK = "/api/v1/casework"


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


@pytest.fixture
async def mei(client: httpx.AsyncClient, units: Units, agency: Agency) -> UUID:
    mei = await a_person(units, agency, "collector", scope=Scope.OWN)
    await signed_in_as(client, units, agency, mei)
    return mei


async def test_each_count_is_what_its_list_shows(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID
) -> None:
    placement, now = await a_placement(units, agency), units.clock()
    await a_case(units, agency, holder=mei, placement=placement)
    promised = await a_case(units, agency, holder=mei, placement=placement, last_activity_at=now)
    await a_case(units, agency, holder=mei, placement=placement, last_activity_at=now, next_action_at=now)
    await a_case(units, agency, holder=mei, placement=placement, last_activity_at=now - timedelta(days=8))
    await a_case(units, agency, holder=mei, placement=placement, state=State.PAID_IN_FULL)
    await a_case(units, agency, placement=placement)
    body = {"case_id": str(promised.id), "amount_fen": 100, "due_on": "2026-03-04"}
    assert (await client.post(f"{CASEWORK}/promises", json=body)).status_code == 201
    day = (await client.get(TODAY)).json()
    counts = {each["code"]: each["count"] for each in day["lists"]}
    assert counts == {
        "due_promises": 1,
        "call_backs": 1,
        "new_cases": 1,
        "broken_promises": 0,
        "no_contact": 1,
        "holds_ending": 0,
        "all": 4,
    }
    for code, count in counts.items():
        listed = (await client.get(f"{CASEWORK}/cases", params={"list": code})).json()["items"]
        assert len(listed) == count, code
    assert day["figures"] == {
        "calls": 0,
        "talk_seconds": 0,
        "promises": 1,
        "promised_fen": 100,
        "recovered_fen": 0,
    }


async def test_money_that_came_today_is_hers(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID
) -> None:
    case = await a_case(units, agency, holder=mei)
    claim = {"case_id": str(case.id), "amount_fen": 5_000, "paid_on": "2026-03-04", "method": "app", "note": ""}
    payment = (await client.post(f"{CASEWORK}/payments", json=claim)).json()
    await signed_in_as(client, units, agency, await a_person(units, agency, "operations"))
    assert (await client.post(f"{CASEWORK}/payments/{payment['id']}/post", json={})).status_code == 200
    await signed_in_as(client, units, agency, mei)
    assert (await client.get(TODAY)).json()["figures"]["recovered_fen"] == 5_000


async def test_she_has_talked_for_as_long_as_her_calls_were_connected(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID
) -> None:
    for talked in (95, 25, None):
        await a_call(units, agency, person_id=mei, talked=talked)
    assert (await client.get(TODAY)).json()["figures"]["talk_seconds"] == 120


async def test_the_day_takes_few_statements(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, house: House
) -> None:
    for _ in range(3):
        await a_case(units, agency, holder=mei)
    seen: list[str] = []

    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    event.listen(house.database.engine.sync_engine, "before_cursor_execute", note)
    await client.get(TODAY)
    event.remove(house.database.engine.sync_engine, "before_cursor_execute", note)
    assert len(seen) <= 5


async def test_who_works_no_cases_has_no_such_day(client: httpx.AsyncClient, units: Units, agency: Agency) -> None:
    await signed_in_as(client, units, agency, await a_person(units, agency, "inspector"))
    assert (await client.get(TODAY)).status_code == 403
