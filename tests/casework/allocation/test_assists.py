"""Assist requests: another hand helps, the holder keeps the case."""

from __future__ import annotations

import httpx
import pytest

from anmi.core.assist import ASSIST_STATE_WORDS, ASSIST_WORDS, AssistKind, AssistState
from anmi.core.permissions import Scope
from anmi.kit.unit_of_work import Units
from tests.builders.cases import a_case
from tests.builders.people import a_person, a_unit, an_agency, as_caller, comes_in

PATH = "/api/v1/casework/allocation/assist-requests"


async def test_a_supervisor_takes_and_answers_what_a_collector_asks(client: httpx.AsyncClient, units: Units) -> None:
    agency = await an_agency(units)
    team = await a_unit(units, agency)
    mei, lan = [await a_person(units, agency, "collector", unit_id=team, scope=Scope.OWN) for _ in range(2)]
    boss = await a_person(units, agency, "supervisor", unit_id=team, scope=Scope.TEAM)
    case = await a_case(units, agency, holder=mei, unit_id=team)

    async def come_in(person_id: object) -> None:
        comes_in(client, await as_caller(units, agency, person_id))  # type: ignore[arg-type]

    await come_in(mei)
    body = {"case_id": str(case.id), "kind": "supervisor_help", "note": "债务人要求与主管通话"}
    asked = await client.post(PATH, json=body)
    assert (asked.status_code, asked.json()["state"]) == (201, "open")
    one = f"{PATH}/{asked.json()['id']}"
    assert (await client.post(f"{one}/answer", json={"answer": "好的"})).json()["code"] == "ASSIST_STATE"
    await come_in(lan)
    assert (await client.get(PATH)).json()["items"] == []
    assert (await client.post(f"{one}/take")).status_code == 404
    await come_in(boss)
    assert [each["id"] for each in (await client.get(PATH, params={"state": "open"})).json()["items"]] == [
        asked.json()["id"]
    ]
    taken = (await client.post(f"{one}/take")).json()
    assert (taken["helper_id"], taken["serial_no"]) == (str(boss), case.serial_no)
    assert "*" in taken["debtor_name_masked"]
    assert all(taken[name] for name in ("asked_by_name", "helper_name"))
    assert (await client.post(f"{one}/withdraw")).json()["code"] == "NOT_THE_HELPER"
    answered = (await client.post(f"{one}/answer", json={"answer": "已与债务人沟通"})).json()
    assert (answered["state"], answered["answer"], answered["version"]) == ("done", "已与债务人沟通", 3)
    await come_in(mei)
    assert (await client.post(f"{one}/withdraw")).json()["code"] == "ASSIST_STATE"
    again = (await client.post(PATH, json=body)).json()
    assert (await client.post(f"{PATH}/{again['id']}/withdraw")).json()["state"] == "withdrawn"


@pytest.mark.parametrize("kind", ["social_security_query", "police_query", "carrier_query"])
async def test_illegal_queries_cannot_be_asked_for(client: httpx.AsyncClient, units: Units, kind: str) -> None:
    agency = await an_agency(units)
    mei = await a_person(units, agency, "collector")
    case = await a_case(units, agency, holder=mei)
    comes_in(client, await as_caller(units, agency, mei))
    body = {"case_id": str(case.id), "kind": kind, "note": "查询"}
    assert (await client.post(PATH, json=body)).status_code == 422


def test_every_kind_and_state_has_words() -> None:
    assert set(ASSIST_WORDS) == set(AssistKind)
    assert set(ASSIST_STATE_WORDS) == set(AssistState)
