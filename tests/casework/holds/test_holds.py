"""Holds: placed and lifted, one beside another, and what a case does meanwhile."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest

from anmi.casework.cases.models import Case
from anmi.casework.holds.tasks import LIFT_HOLDS
from anmi.core.case_life import State
from anmi.core.permissions import Scope
from anmi.kit.caller import the_system
from anmi.kit.jobs import Run
from anmi.kit.unit_of_work import Units
from tests.builders.audit import remembered
from tests.builders.cases import a_case, a_debtor
from tests.builders.people import Agency, a_person, an_agency, signed_in_as

API = "/api/v1/casework"


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


@pytest.fixture
async def mei(units: Units, agency: Agency) -> UUID:
    return await a_person(units, agency, "collector", scope=Scope.OWN)


@pytest.fixture
async def boss(client: httpx.AsyncClient, units: Units, agency: Agency) -> UUID:
    boss = await a_person(units, agency, "supervisor", "operations")
    await signed_in_as(client, units, agency, boss)
    return boss


async def place(client: httpx.AsyncClient, case: Case, reason: str, **body: Any) -> dict[str, Any]:
    answer = await client.post(f"{API}/cases/{case.id}/holds", json={"reason": reason, "note": "核实"} | body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def lift(client: httpx.AsyncClient, hold: dict[str, Any]) -> None:
    answer = await client.post(f"{API}/holds/{hold['id']}/lift", json={"note": "已核实"})
    assert answer.status_code == 200, answer.text


async def state_of(client: httpx.AsyncClient, case: Case) -> str:
    return (await client.get(f"{API}/cases/{case.id}")).json()["state"]


@pytest.mark.parametrize(
    ("reason", "effect", "state"),
    [
        ("deceased", "STOP", "on_hold"),
        ("bankruptcy", "STOP", "on_hold"),
        ("cease_request", "STOP", "on_hold"),
        ("complaint", "PAUSE", "complaint_frozen"),
        ("dispute", "PAUSE", "dispute_review"),
        ("hardship", "HUMAN_ONLY", "in_collection"),
    ],
)
async def test_a_hold_has_the_least_effect_of_its_reason_and_the_case_follows(
    client: httpx.AsyncClient,
    units: Units,
    agency: Agency,
    mei: UUID,
    boss: UUID,
    reason: str,
    effect: str,
    state: str,
) -> None:
    case = await a_case(units, agency, holder=mei)
    hold = await place(client, case, reason)
    assert (hold["effect"], await state_of(client, case)) == (effect, state)
    await lift(client, hold)
    assert await state_of(client, case) == "in_collection"
    assert (await client.post(f"{API}/holds/{hold['id']}/lift", json={"note": "再次"})).status_code == 409
    assert len(await remembered(units, agency, "hold.placed")) == len(await remembered(units, agency, "hold.lifted"))


async def test_the_most_protective_hold_decides_until_the_last_is_lifted(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, boss: UUID
) -> None:
    case = await a_case(units, agency, holder=mei)
    bankrupt = await place(client, case, "bankruptcy")
    complaint = await place(client, case, "complaint")
    assert await state_of(client, case) == "complaint_frozen"
    dispute = await place(client, case, "dispute")
    assert await state_of(client, case) == "complaint_frozen"
    await lift(client, complaint)
    assert await state_of(client, case) == "dispute_review"
    await lift(client, bankrupt)
    assert await state_of(client, case) == "dispute_review"
    await lift(client, dispute)
    assert await state_of(client, case) == "in_collection"


async def test_a_promise_stands_through_a_hold_and_the_case_comes_back_to_it(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, boss: UUID
) -> None:
    case = await a_case(units, agency, holder=mei)
    body = {"case_id": str(case.id), "amount_fen": 10_000, "due_on": "2026-03-10"}
    assert (await client.post(f"{API}/promises", json=body)).status_code == 201
    hold = await place(client, case, "dispute")
    assert await state_of(client, case) == "dispute_review"
    await lift(client, hold)
    assert await state_of(client, case) == "promised"


async def test_a_hold_no_stricter_than_its_reason_asks_is_refused(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, boss: UUID
) -> None:
    case = await a_case(units, agency, holder=mei)
    path, body = f"{API}/cases/{case.id}/holds", {"reason": "deceased", "note": "家属告知"}
    weak = await client.post(path, json=body | {"effect": "PAUSE"})
    assert (weak.status_code, weak.json()["code"]) == (422, "EFFECT_TOO_WEAK")
    past = await client.post(path, json=body | {"until": "2026-03-01"})
    assert past.json()["code"] == "DAY_IS_PAST"
    closed = await a_case(units, agency, holder=mei, state=State.PAID_IN_FULL)
    refused = await client.post(f"{API}/cases/{closed.id}/holds", json=body)
    assert (refused.status_code, refused.json()["code"]) == (409, "CASE_NOT_OPEN")


async def test_a_pause_ends_by_night_and_a_stop_does_not(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, boss: UUID, watch: Any
) -> None:
    paused, stopped = await a_case(units, agency, holder=mei), await a_case(units, agency, holder=mei)
    await place(client, paused, "hardship", effect="PAUSE", until="2026-03-06")
    await place(client, stopped, "deceased", until="2026-03-06")
    run = Run(units, the_system(agency.tenant_id), 1)
    watch.pass_by(days=2)
    await LIFT_HOLDS.work(run)
    assert await state_of(client, paused) == "on_hold"
    assert [line["id"] for line in (await client.get(f"{API}/cases", params={"list": "holds_ending"})).json()["items"]]
    watch.pass_by(days=1)
    await LIFT_HOLDS.work(run)
    await LIFT_HOLDS.work(run)
    assert (await state_of(client, paused), await state_of(client, stopped)) == ("in_collection", "on_hold")


async def test_a_complaint_gives_somebody_work_by_its_time(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, boss: UUID
) -> None:
    case = await a_case(units, agency, holder=mei)
    await place(client, case, "complaint")
    (order,) = (await client.get("/api/v1/workbench/work-orders")).json()["items"]
    assert (order["kind"], order["case_id"], order["due_at"]) == (
        "complaint",
        str(case.id),
        "2026-03-09T10:00:00Z",
    )


async def test_a_special_group_is_marked_once_reviewed_and_unmarked(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, boss: UUID
) -> None:
    debtor = await a_debtor(units, agency)
    case = await a_case(units, agency, holder=mei, debtor=debtor)
    flags, body = f"{API}/debtors/{debtor.id}/flags", {"flag": "severe_illness", "note": "住院证明"}
    await signed_in_as(client, units, agency, mei)
    flag = (await client.post(flags, json=body)).json()
    assert (await client.post(flags, json=body)).json()["id"] == flag["id"]
    assert (await client.delete(f"{flags}/{flag['id']}", params={"note": "误标"})).status_code == 403
    lan = await a_person(units, agency, "collector", scope=Scope.OWN)
    await signed_in_as(client, units, agency, lan)
    assert (await client.post(flags, json=body)).status_code == 404
    await signed_in_as(client, units, agency, boss)
    reviewed = await client.put(f"{flags}/{flag['id']}/review", json={"until": "2026-04-03"})
    assert reviewed.json()["reviewed_until"] == "2026-04-03"
    (seen,) = (await client.get(f"{API}/cases/{case.id}")).json()["flags"]
    assert (seen["flag"], seen["note"]) == ("severe_illness", "住院证明")
    special = (await client.get(f"{API}/cases", params={"special": True})).json()["items"]
    assert [line["id"] for line in special] == [str(case.id)]
    assert (await client.delete(f"{flags}/{flag['id']}", params={"note": "误标"})).status_code == 204
    assert (await client.get(f"{API}/cases/{case.id}")).json()["flags"] == []
    groups = (await client.get(f"{API}/holds/special-groups")).json()
    assert {"code": "elderly", "zh": "老年人", "en": "Elderly"} in groups


async def test_a_closed_case_is_held_no_more(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, boss: UUID
) -> None:
    case = await a_case(units, agency, holder=mei)
    await place(client, case, "dispute")
    await client.post(f"{API}/cases/{case.id}/return", json={"reason": "委托方要求"})
    seen = (await client.get(f"{API}/cases/{case.id}")).json()
    assert (seen["state"], seen["holds"], seen["is_held"]) == ("returned", [], False)
    (order,) = (await client.get("/api/v1/workbench/work-orders")).json()["items"]
    assert (order["kind"], order["state"]) == ("dispute", "open")
