"""The gate over HTTP."""

from __future__ import annotations

import httpx
import pytest

from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import Units
from tests.builders.people import as_caller, comes_in
from tests.workbench.contact_gate.asking import Desk, a_desk

WORKBENCH = "/api/v1/workbench"


@pytest.fixture
async def desk(units: Units, client: httpx.AsyncClient) -> Desk:
    desk = await a_desk(units)
    comes_in(client, await as_caller(units, desk.agency, desk.collector_id))
    return desk


async def test_a_collector_asks_calls_and_tells_the_outcome(client: httpx.AsyncClient, desk: Desk) -> None:
    asked = {
        "case_id": str(desk.case.id),
        "phone_id": str(desk.phone.id),
        "channel": "voice_interactive",
        "purpose": "collect",
    }
    allowed = await client.post(f"{WORKBENCH}/attempts", json=asked)
    assert (allowed.status_code, allowed.json()["allowed"], allowed.json()["rule_id"]) == (201, True, None)
    refused = (await client.post(f"{WORKBENCH}/attempts", json=asked)).json()
    assert (refused["allowed"], refused["rule_id"], refused["until"]) == (
        False,
        "CALL_MIN_GAP",
        "2026-03-04T11:00:00+08:00",
    )
    outcome = f"{WORKBENCH}/attempts/{allowed.json()['id']}/outcome"
    assert (await client.post(outcome, json={"outcome": "unanswered"})).status_code == 204
    again = await client.post(outcome, json={"outcome": "effective"})
    assert (again.status_code, again.json()["code"]) == (409, "CONTACT_ATTEMPT_ENDED")
    told = (await client.get(f"{WORKBENCH}/contact-gate/cases/{desk.case.id}")).json()
    call = told["points"][0]["channels"][0]
    assert (call["allowed"], call["reason_zh"], len(call["verdicts"])) == (False, "距上次拨打时间过短", 28)


@pytest.mark.parametrize(
    "change",
    [
        {"phone_id": None},
        {"address_id": str(new_id())},
        {"channel": "fax"},
        {"purpose": "threaten"},
        {"visitors": -1},
        {"channel": "letter"},
    ],
)
async def test_what_is_no_contact_is_refused(client: httpx.AsyncClient, desk: Desk, change: dict[str, object]) -> None:
    asked = {"case_id": str(desk.case.id), "phone_id": str(desk.phone.id), "channel": "sms", "purpose": "collect"}
    assert (await client.post(f"{WORKBENCH}/attempts", json=asked | change)).status_code == 422
