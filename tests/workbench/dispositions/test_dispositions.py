"""Dispositions: the gate hears the outcome and the diary has its entry, both or neither, and once per contact."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from anmi.casework.activities.models import Activity
from anmi.core.contact_rules.facts import Outcome
from anmi.core.work_orders import WorkOrderKind
from anmi.kit.caller import the_system
from anmi.kit.unit_of_work import Units
from anmi.workbench.contact_gate.models import ContactAttempt
from anmi.workbench.work_orders.models import WorkOrder
from tests.builders.cases import a_case
from tests.builders.people import as_caller, comes_in
from tests.workbench.contact_gate.asking import Desk, a_desk

PATH = "/api/v1/workbench/dispositions"


@pytest.fixture
async def desk(units: Units, client: httpx.AsyncClient) -> Desk:
    desk = await a_desk(units)
    comes_in(client, await as_caller(units, desk.agency, desk.collector_id))
    return desk


def said(desk: Desk, attempt_id: Any = None, **entry: Any) -> dict[str, Any]:
    activity = {"case_id": str(desk.case.id), "action_code": "OB", "result_code": "NEG", "note": "考虑中"} | entry
    return {"attempt_id": str(attempt_id) if attempt_id else None, "outcome": "effective", "activity": activity}


async def rows_of(desk: Desk, table: Any) -> list[Any]:
    async with desk.units.begin(the_system(desk.agency.tenant_id)) as unit:
        return list(await unit.session.scalars(select(table).execution_options(populate_existing=True)))


async def test_the_outcome_and_the_entry_are_written_together(client: httpx.AsyncClient, desk: Desk) -> None:
    decision, call_id = await desk.ask(), uuid4()
    body = said(desk, decision.id, result_code="PTP", promise={"amount_fen": 1000, "due_on": "2026-03-06"})
    answer = await client.post(PATH, json=body | {"call_id": str(call_id), "number_state": "active"})
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["outcome"], told["promise"]["amount_fen"]) == ("effective", 1000)
    assert (told["activity"]["attempt_id"], told["activity"]["call_id"]) == (str(decision.id), str(call_id))
    assert told["activity"]["phone_id"] == str(desk.phone.id)
    (attempt,) = await rows_of(desk, ContactAttempt)
    assert attempt.outcome is Outcome.EFFECTIVE


async def test_a_contact_told_twice_is_written_once(client: httpx.AsyncClient, desk: Desk) -> None:
    decision = await desk.ask()
    first = await client.post(PATH, json=said(desk, decision.id))
    again = await client.post(PATH, json=said(desk, decision.id, note="再次提交"))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["activity"] == first.json()["activity"]
    assert len(await rows_of(desk, Activity)) == 1
    call = {"call_id": str(uuid4()), "activity": said(desk)["activity"]}
    incoming = [(await client.post(PATH, json=call)).json()["activity"]["id"] for _ in range(2)]
    assert incoming[0] == incoming[1]


async def test_where_the_entry_is_refused_the_contact_has_no_outcome(client: httpx.AsyncClient, desk: Desk) -> None:
    decision = await desk.ask()
    refused = await client.post(PATH, json=said(desk, decision.id, result_code="PTP"))
    assert (refused.status_code, refused.json()["code"]) == (422, "FIELDS_MISSING")
    (attempt,) = await rows_of(desk, ContactAttempt)
    assert (attempt.outcome, await rows_of(desk, Activity)) == (Outcome.RESERVED, [])


async def test_the_entry_is_still_written_when_the_switch_was_quicker(client: httpx.AsyncClient, desk: Desk) -> None:
    decision = await desk.ask()
    await desk.end(decision, Outcome.UNANSWERED)
    answer = await client.post(PATH, json=said(desk, decision.id, result_code="NA"))
    assert (answer.status_code, answer.json()["outcome"]) == (201, "unanswered")


async def test_nobody_tells_of_a_contact_that_was_refused_or_made_on_another_case(
    client: httpx.AsyncClient, units: Units, desk: Desk
) -> None:
    await desk.end(await desk.ask(), Outcome.EFFECTIVE)
    refused = await desk.ask()  # The next call comes too soon.
    assert not refused.allowed
    answer = await client.post(PATH, json=said(desk, refused.id))
    assert (answer.status_code, answer.json()["code"]) == (409, "CONTACT_ATTEMPT_ENDED")
    other = await a_case(units, desk.agency, holder=desk.collector_id)
    answer = await client.post(PATH, json=said(desk, refused.id, case_id=str(other.id)))
    assert (answer.status_code, answer.json()["code"]) == (422, "ATTEMPT_OF_OTHER_CASE")
    assert (await client.post(PATH, json=said(desk, uuid4()))).status_code == 404


async def test_an_entry_without_a_contact_is_written_each_time(client: httpx.AsyncClient, desk: Desk) -> None:
    body = {"activity": said(desk)["activity"]}
    for _ in range(2):
        assert (await client.post(PATH, json=body)).status_code == 201
    assert len(await rows_of(desk, Activity)) == 2


async def test_a_debtor_who_asks_to_be_called_back_is_somebodys_work(client: httpx.AsyncClient, desk: Desk) -> None:
    body = said(desk, result_code="CB", next_action_at="2026-03-05T10:00:00+08:00")
    for _ in range(2):
        assert (answer := await client.post(PATH, json=body)).status_code == 201, answer.text
    (order,) = await rows_of(desk, WorkOrder)
    assert (order.kind, order.case_id) == (WorkOrderKind.CALL_BACK, desk.case.id)
