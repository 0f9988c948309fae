"""While instalments are paid collection stops; when they do not come it goes on."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx
import pytest

from anmi.core.case_life import State
from anmi.kit.unit_of_work import Units
from tests.builders.audit import remembered
from tests.builders.concessions import Floor
from tests.builders.house import Watch
from tests.builders.money import a_payment, the_book
from tests.builders.people import Agency, an_agency

PLANS = "/api/v1/casework/payment-plans"
THREE = {"to_pay_fen": 99_000, "instalments": 3, "first_on": "2026-03-31"}


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


@pytest.fixture
async def floor(client: httpx.AsyncClient, units: Units, agency: Agency, watch: Watch) -> Floor:
    floor = await Floor(client, units, agency).open()
    await floor.granted("instalment_relief", **THREE)
    watch.pass_by(minutes=5)
    return floor


async def signed(floor: Floor, **more: Any) -> httpx.Response:
    body = {"case_id": str(floor.case.id), "signed_on": "2026-03-04"} | more
    return await (await floor.by(floor.collector)).post(PLANS, json=body)


async def plan_of(floor: Floor) -> dict[str, Any]:
    client = await floor.by(floor.collector)
    (plan,) = (await client.get(PLANS, params={"case_id": str(floor.case.id)})).json()["items"]
    return plan


async def test_a_signed_plan_stops_collection(floor: Floor, units: Units, agency: Agency) -> None:
    answer = await signed(floor, is_oral=True)
    assert answer.status_code == 201, answer.text
    plan = answer.json()
    assert [one["amount_fen"] for one in plan["installments"]] == [33_000] * 3
    assert (plan["state"], plan["total_fen"], plan["is_oral"]) == ("open", 99_000, True)
    assert (await the_book(units, agency, floor.case)).case.state is State.ON_PLAN
    concession = await floor.now(plan["concession_id"])
    assert (concession["state"], concession["valid_until"]) == ("effective", "2026-06-03")
    assert len(await remembered(units, agency, "plan.signed")) == 1
    again = await signed(floor)
    assert (again.status_code, again.json()["code"]) == (409, "CASE_MAY_NOT")


async def test_what_was_paid_before_signing_is_not_asked_for_again(
    floor: Floor, units: Units, agency: Agency, watch: Watch
) -> None:
    await a_payment(units, agency, floor.case, "90")
    watch.pass_by(minutes=5)
    plan = (await signed(floor, first_on="2026-04-15")).json()
    assert plan["total_fen"] == 90_000
    assert [one["due_on"] for one in plan["installments"]] == ["2026-04-15", "2026-05-15", "2026-06-15"]


async def test_payments_fill_the_instalments_and_the_last_settles_the_case(
    floor: Floor, units: Units, agency: Agency, watch: Watch
) -> None:
    await signed(floor)
    watch.pass_by(days=20)
    await a_payment(units, agency, floor.case, "400", paid_on=date(2026, 3, 24))
    plan = await plan_of(floor)
    assert [(one["received_fen"], one["state"]) for one in plan["installments"]] == [
        (33_000, "paid"),
        (7_000, "open"),
        (0, "open"),
    ]
    watch.pass_by(days=20)
    await a_payment(units, agency, floor.case, "590", paid_on=date(2026, 4, 13))
    book = await the_book(units, agency, floor.case)
    assert (book.case.state, book.case.waived_fen, book.adds_up()) == (State.SETTLED_IN_FULL, 18_000, True)
    assert (await plan_of(floor))["state"] == "kept"


async def test_the_night_after_the_grace_a_plan_without_money_is_breached(
    floor: Floor, units: Units, agency: Agency, watch: Watch
) -> None:
    plan = (await signed(floor)).json()
    watch.pass_by(days=27 + 3)  # 3 April: three days after the first instalment
    await floor.night()
    assert (await plan_of(floor))["state"] == "open"
    watch.pass_by(days=1)
    await floor.night()
    assert (await plan_of(floor))["state"] == "breached"
    book = await the_book(units, agency, floor.case)
    assert (book.case.state, book.case.owing_fen) == (State.IN_COLLECTION, 117_000)
    assert (await floor.now(plan["concession_id"]))["state"] == "broken"
    (entry,) = await remembered(units, agency, "plan.breached")
    assert entry.facts["reason"] == "installment_overdue"


async def test_a_plan_that_is_paid_stands_through_the_night(
    floor: Floor, units: Units, agency: Agency, watch: Watch
) -> None:
    await signed(floor)
    await a_payment(units, agency, floor.case, "330")
    watch.pass_by(days=40)
    await floor.night()
    assert (await plan_of(floor))["state"] == "open"


async def test_a_reversed_instalment_is_owed_again(floor: Floor, units: Units, agency: Agency) -> None:
    await signed(floor)
    payment = await a_payment(units, agency, floor.case, "330")
    assert (await plan_of(floor))["installments"][0]["state"] == "paid"
    client = await floor.by(floor.operations)
    await client.post(f"/api/v1/casework/payments/{payment.id}/reverse", json={"reason": "银行退票"})
    assert (await plan_of(floor))["installments"][0]["received_fen"] == 0
    assert (await the_book(units, agency, floor.case)).case.state is State.ON_PLAN


async def test_a_plan_is_given_up_by_hand_once(floor: Floor) -> None:
    plan = (await signed(floor)).json()
    address = f"{PLANS}/{plan['id']}/breach"
    assert (await floor.client.post(address, json={"reason": "客户拒绝继续"})).json()["state"] == "breached"
    again = await floor.client.post(address, json={"reason": "客户拒绝继续"})
    assert (again.status_code, again.json()["code"]) == (409, "PLAN_NOT_OPEN")


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"first_on": "2026-03-03"}, 422, "PLAN_DAY_PAST"),
        ({"signed_on": "2026-03-05"}, 409, "PLAN_NOT_GRANTED"),
        ({"case_id": None}, 422, "INVALID"),
    ],
)
async def test_only_what_is_granted_can_be_signed(floor: Floor, wrong: dict[str, Any], status: int, code: str) -> None:
    answer = await signed(floor, **wrong)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_without_a_grant_there_is_no_plan(client: httpx.AsyncClient, units: Units, agency: Agency) -> None:
    floor = await Floor(client, units, agency).open()
    answer = await signed(floor)
    assert (answer.status_code, answer.json()["code"]) == (409, "PLAN_NOT_GRANTED")
