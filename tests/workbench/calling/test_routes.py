"""One click from a case to a call: who may, what is written, what the gate refuses."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from anmi.casework.cases.models import Case
from anmi.casework.debtors.models import Phone
from anmi.core.agent_life import AgentEvent, AgentState
from anmi.core.call_legs import Ending
from anmi.core.call_views import Direction
from anmi.core.contact_rules.facts import Outcome
from anmi.core.number_state import NumberState
from anmi.kit.caller import the_system
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import Units
from anmi.telephony.agents.service import Agents
from anmi.telephony.calls.events import CallEnded
from anmi.telephony.calls.models import Call
from anmi.workbench.contact_gate.models import ContactAttempt
from anmi.workbench.work_orders.models import WorkOrder
from tests.builders.cases import a_case, a_debtor, a_phone
from tests.builders.people import Agency, a_person, signed_in_as
from tests.builders.phone_floor import an_agent, orders_of

CALLS = "/api/v1/workbench/calls"


def click(case: Case, phone: Phone) -> dict[str, str]:
    return {"case_id": str(case.id), "phone_id": str(phone.id)}


async def test_a_click_reserves_the_contact_the_agent_and_a_number_to_show(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, engine_id: UUID, case: Case, phone: Phone
) -> None:
    await signed_in_as(client, units, agency, mei)
    placed = await client.post(CALLS, json=click(case, phone))
    assert (placed.status_code, placed.json()["allowed"]) == (201, True)
    (order,) = await orders_of(units, agency, engine_id)
    assert order["kind"] == "CallAsked"
    current = (await client.get(f"{CALLS}/current")).json()
    assert (current["call_id"], current["case_id"]) == (placed.json()["call_id"], str(case.id))
    assert "*" in current["number_masked"]
    async with units.begin(the_system(agency.tenant_id)) as unit:
        call = await unit.session.get_one(Call, UUID(placed.json()["call_id"]))
    assert call.caller_id_id is not None
    assert call.trunk_id is not None
    again = await client.post(CALLS, json=click(case, phone))
    assert again.json()["code"] == "AGENT_BUSY"


async def test_what_the_gate_refuses_is_kept_and_asks_no_engine(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, engine_id: UUID, case: Case, phone: Phone
) -> None:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        (await unit.session.get_one(Phone, phone.id)).state = NumberState.EMPTY
    await signed_in_as(client, units, agency, mei)
    refused = (await client.post(CALLS, json=click(case, phone))).json()
    assert (refused["allowed"], refused["call_id"]) == (False, None)
    assert refused["reason_zh"]
    assert await orders_of(units, agency, engine_id) == []
    assert (await client.get(f"{CALLS}/current")).json() is None


async def test_somebody_elses_case_and_a_strangers_number_do_not_exist(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, case: Case, phone: Phone
) -> None:
    other = await a_person(units, agency, "collector")
    theirs = await a_case(units, agency, holder=other)
    await signed_in_as(client, units, agency, mei)
    assert (await client.post(CALLS, json=click(theirs, phone))).status_code == 404
    strange = await a_phone(units, agency, await a_debtor(units, agency))
    assert (await client.post(CALLS, json=click(case, strange))).status_code == 404


async def test_an_agent_who_is_not_there_or_no_agent_calls_nobody(
    client: httpx.AsyncClient, units: Units, agency: Agency, engine_id: UUID, case: Case, phone: Phone
) -> None:
    lan = await a_person(units, agency, "supervisor")
    await signed_in_as(client, units, agency, lan)
    assert (await client.post(CALLS, json=click(case, phone))).json()["code"] == "NOT_AN_AGENT"
    agent = await an_agent(units, agency, lan, engine_id, AgentState.OFFLINE)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        (await unit.session.merge(agent)).is_there = False
    assert (await client.post(CALLS, json=click(case, phone))).json()["code"] == "AGENT_NOT_THERE"


async def test_the_third_call_in_a_row_that_fails_is_seen_to(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, case: Case, phone: Phone
) -> None:
    for number in range(4):
        async with units.begin(the_system(agency.tenant_id)) as unit:
            attempt = ContactAttempt(
                id=new_id(),
                tenant_id=agency.tenant_id,
                case_id=case.id,
                debtor_id=case.debtor_id,
                phone_id=phone.id,
                number_index=phone.number_index,
                channel="voice_interactive",
                purpose="collect",
                at=unit.now - timedelta(days=4 - number),
                by=mei,
                allowed=True,
                pack_version="1",
                facts={},
                outcome=Outcome.RESERVED,
            )
            unit.session.add(attempt)
            await unit.session.flush()
            unit.announce(
                CallEnded(
                    new_id(),
                    Direction.OUTBOUND,
                    mei,
                    "case",
                    case.id,
                    phone.id,
                    attempt.id,
                    Ending.TIMED_OUT,
                    NumberState.ACTIVE,
                    was_answered=False,
                    talked_seconds=0,
                    refused_rule=None,
                )
            )
        async with units.begin(the_system(agency.tenant_id)) as unit:
            orders = (await unit.session.scalars(select(WorkOrder))).all()
        assert len(orders) == (number >= 2)


@pytest.mark.parametrize(("talked_seconds", "orders"), [(0, ["call_back"]), (30, [])])
async def test_a_debtor_who_called_and_spoke_with_nobody_is_called_back(
    units: Units, agency: Agency, case: Case, phone: Phone, talked_seconds: int, orders: list[str]
) -> None:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        unit.announce(
            CallEnded(
                new_id(),
                Direction.INBOUND,
                None,
                "case",
                case.id,
                phone.id,
                None,
                Ending.HUNG_UP,
                NumberState.ACTIVE,
                was_answered=True,
                talked_seconds=talked_seconds,
                refused_rule=None,
            )
        )
    async with units.begin(the_system(agency.tenant_id)) as unit:
        assert [order.kind for order in (await unit.session.scalars(select(WorkOrder))).all()] == orders


async def test_the_disposition_of_her_call_ends_the_agents_wrap_up(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, case: Case, phone: Phone
) -> None:
    await signed_in_as(client, units, agency, mei)
    placed = (await client.post(CALLS, json=click(case, phone))).json()
    async with units.begin(the_system(agency.tenant_id)) as unit:
        agent = await Agents(unit).of_person(mei)
        assert agent is not None
        for event in (AgentEvent.CONNECT, AgentEvent.HANG_UP):
            await Agents(unit).happen(agent.id, event, UUID(placed["call_id"]))
    assert (await client.get("/api/v1/telephony/phone")).json()["state"] == "wrap_up"
    entry = {"case_id": str(case.id), "action_code": "OB", "result_code": "NEG", "note": "考虑中"}
    told = {"attempt_id": placed["attempt_id"], "outcome": "effective", "activity": entry}
    answer = await client.post("/api/v1/workbench/dispositions", json=told)
    assert answer.status_code == 201, answer.text
    assert (await client.get("/api/v1/telephony/phone")).json()["state"] == "ready"
