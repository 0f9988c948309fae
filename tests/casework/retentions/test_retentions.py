"""Asking the creditor to leave cases longer: asked once, answered with a day, and the day moves."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx
import pytest

from anmi.core.case_life import State
from anmi.core.permissions import Permission
from anmi.core.rights import EVERYTHING, Reach, Rights
from anmi.kit.unit_of_work import Units
from tests.builders.audit import remembered
from tests.builders.cases import a_case, a_placement
from tests.builders.money import the_book
from tests.builders.people import Agency, a_person, an_agency, comes_in, somebody

API = "/api/v1/casework"
PATH = f"{API}/retentions"


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


@pytest.fixture
async def operator(client: httpx.AsyncClient, agency: Agency) -> httpx.AsyncClient:
    comes_in(client, somebody(agency))
    return client


async def asked(client: httpx.AsyncClient, until: str = "2026-07-01", **what: Any) -> dict[str, Any]:
    body = {name: str(value) for name, value in what.items()} | {"until": until, "reason": "谈判中"}
    answer = await client.post(PATH, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_case_stays_until_the_day_the_creditor_names(
    operator: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    case = await a_case(units, agency, holder=await a_person(units, agency))
    request = await asked(operator, case_id=case.id)
    assert (request["state"], request["serial_no"], request["wanted_until"]) == ("asked", case.serial_no, "2026-07-01")
    again = await operator.post(PATH, json={"case_id": str(case.id), "until": "2026-07-01", "reason": "再问"})
    assert (again.status_code, again.json()["code"]) == (409, "RETENTION_WAITING")
    said = {"version": request["version"], "until": "2026-06-15", "note": "同意两周"}
    told = (await operator.post(f"{PATH}/{request['id']}/answer", json=said)).json()
    assert (told["state"], told["granted_until"], told["answer"]) == ("granted", "2026-06-15", "同意两周")
    kept = (await the_book(units, agency, case)).case
    assert (kept.state, str(kept.due_back_on)) == (State.RETAINED, "2026-06-15")
    over = await operator.post(f"{PATH}/{request['id']}/withdraw", json={"version": told["version"]})
    assert (over.status_code, over.json()["code"]) == (409, "RETENTION_OVER")
    assert [entry.facts["until"] for entry in await remembered(units, agency, "retention.asked")] == ["2026-07-01"]


async def test_a_placement_stays_with_its_open_cases_and_a_case_that_stays_longer_keeps_its_day(
    operator: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    placement = await a_placement(units, agency)
    usual = await a_case(units, agency, placement=placement)
    longer = await a_case(units, agency, placement=placement, due_back_on=date(2026, 9, 1))
    gone = await a_case(units, agency, placement=placement, state=State.RECALLED)
    request = await asked(operator, placement_id=placement.id)
    said = {"version": request["version"], "until": "2026-07-01", "note": "同意"}
    assert (await operator.post(f"{PATH}/{request['id']}/answer", json=said)).status_code == 200
    assert (await operator.get(f"{API}/placements/{placement.id}")).json()["due_back_on"] == "2026-07-01"
    days = [str((await the_book(units, agency, case)).case.due_back_on) for case in (usual, longer, gone)]
    assert days == ["2026-07-01", "2026-09-01", "2026-06-01"]


async def test_a_refusal_changes_nothing(operator: httpx.AsyncClient, units: Units, agency: Agency) -> None:
    case = await a_case(units, agency, holder=await a_person(units, agency))
    request = await asked(operator, case_id=case.id)
    said = {"version": request["version"], "note": "不同意"}
    assert (await operator.post(f"{PATH}/{request['id']}/answer", json=said)).json()["state"] == "refused"
    kept = (await the_book(units, agency, case)).case
    assert (kept.state, str(kept.due_back_on)) == (State.IN_COLLECTION, "2026-06-01")
    assert (await operator.get(PATH, params={"state": "asked"})).json()["items"] == []


async def test_nobody_asks_for_what_has_ended_or_is_not_hers(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    comes_in(client, somebody(agency))
    ended = await a_case(units, agency, state=State.RECALLED)
    refused = await client.post(PATH, json={"case_id": str(ended.id), "until": "2026-07-01", "reason": "谈判中"})
    assert (refused.status_code, refused.json()["code"]) == (409, "NOTHING_TO_RETAIN")
    case = await a_case(units, agency)
    comes_in(client, somebody(agency, Rights({**EVERYTHING.reach, Permission.CASES_HOLD: Reach(own=True)})))
    for what in ({"case_id": str(case.id)}, {"placement_id": str(case.placement_id)}):
        answer = await client.post(PATH, json=what | {"until": "2026-07-01", "reason": "谈判中"})
        assert answer.status_code == 404
