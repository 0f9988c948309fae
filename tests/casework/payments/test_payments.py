"""Money is claimed, booked in the contract's order, rejected or reversed, and never lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx
import pytest

from anmi.casework.cases.models import Case
from anmi.core.case_life import State
from anmi.core.permissions import Scope
from anmi.kit.unit_of_work import Units
from tests.builders.audit import remembered
from tests.builders.money import a_debt, a_payment, the_book
from tests.builders.people import Agency, a_person, a_unit, an_agency, comes_in, signed_in_as, somebody

PAYMENTS = "/api/v1/casework/payments"


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


@pytest.fixture
async def desk(client: httpx.AsyncClient, agency: Agency) -> httpx.AsyncClient:
    comes_in(client, somebody(agency))
    return client


@pytest.fixture
async def case(units: Units, agency: Agency) -> Case:
    return await a_debt(units, agency, holder=await a_person(units, agency, "collector"))


def claim(case: Case, fen: int = 10_000, **more: Any) -> dict[str, Any]:
    return {"case_id": str(case.id), "amount_fen": fen, "paid_on": "2026-03-03", **more}


async def claimed(desk: httpx.AsyncClient, case: Case, fen: int = 10_000, **more: Any) -> dict[str, Any]:
    answer = await desk.post(PAYMENTS, json=claim(case, fen, **more))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_claim_leaves_the_debt_as_it_is_until_the_money_has_come(
    desk: httpx.AsyncClient, units: Units, agency: Agency, case: Case
) -> None:
    payment = await claimed(desk, case, payer="张晓明", reference="R1")
    assert (payment["state"], payment["payer_masked"]) == ("claimed", "张*明")
    assert "张晓明" not in str(payment)
    assert payment["collector_id"] == str(case.holder_id)
    assert (await the_book(units, agency, case)).case.owing_fen == 117_000
    posted = (await desk.post(f"{PAYMENTS}/{payment['id']}/post", json={})).json()
    assert (posted["state"], posted["over_fen"]) == ("posted", 0)
    book = await the_book(units, agency, case)
    assert (book.case.owing_fen, book.case.paid_fen, book.adds_up()) == (107_000, 10_000, True)
    # Costs before penalties before interest before the debt itself (民法典 art. 561).
    assert book.parts == {"principal_fen": 100_000, "interest_fen": 7_000, "penalty_fen": 0, "fee_fen": 0}
    (entry,) = await remembered(units, agency, "payment.posted")
    assert entry.facts["amount_fen"] == 10_000


async def test_the_contract_says_where_money_goes_first(
    desk: httpx.AsyncClient, units: Units, agency: Agency, case: Case
) -> None:
    order = ["principal", "interest", "penalty_interest", "late_charge", "fee"]
    terms = {"effective_from": "2026-01-01", "body": {"allocation_order": order}}
    assert (await desk.put(f"/api/v1/casework/creditors/{case.creditor_id}/terms", json=terms)).status_code == 200
    payment = await claimed(desk, case)
    posted = (await desk.post(f"{PAYMENTS}/{payment['id']}/post", json={"amount_fen": 9_000})).json()
    assert posted["amount_fen"] == 9_000
    assert [(one["component"], one["amount_fen"]) for one in posted["postings"]] == [("principal", 9_000)]
    assert (await the_book(units, agency, case)).parts["principal_fen"] == 91_000


async def test_the_older_loan_is_paid_before_the_younger(units: Units, agency: Agency) -> None:
    case = await a_debt(units, agency, more_accounts=1)
    await a_payment(units, agency, case, "1170")
    book = await the_book(units, agency, case)
    owing = {account.loan_on: account.principal_fen + account.fee_fen for account in book.accounts}
    assert owing == {date(2024, 1, 1): 0, date(2024, 2, 1): 102_000}


async def test_what_is_more_than_all_that_is_owed_stays_the_debtors(
    desk: httpx.AsyncClient, units: Units, agency: Agency, case: Case
) -> None:
    payment = await claimed(desk, case, 120_000)
    posted = (await desk.post(f"{PAYMENTS}/{payment['id']}/post", json={})).json()
    assert posted["over_fen"] == 3_000
    assert sum(one["amount_fen"] for one in posted["postings"]) == 117_000
    book = await the_book(units, agency, case)
    assert (book.case.owing_fen, book.adds_up()) == (0, True)


async def test_money_that_comes_late_is_still_booked(units: Units, agency: Agency) -> None:
    recalled = await a_debt(units, agency, state=State.RECALLED)
    await a_payment(units, agency, recalled, "2000")
    book = await the_book(units, agency, recalled)
    assert (book.case.state, book.case.owing_fen) == (State.RECALLED, 0)


async def test_a_reversal_leaves_the_debt_as_it_was(
    desk: httpx.AsyncClient, units: Units, agency: Agency, case: Case
) -> None:
    before = await the_book(units, agency, case)
    first = await a_payment(units, agency, case, "120")
    await a_payment(units, agency, case, "30")
    answer = await desk.post(f"{PAYMENTS}/{first.id}/reverse", json={"reason": "银行退票"})
    assert answer.json()["state"] == "reversed"
    assert sum(one["amount_fen"] for one in answer.json()["postings"]) == 0
    book = await the_book(units, agency, case)
    assert (book.case.owing_fen, book.case.paid_fen, book.adds_up()) == (before.case.placed_fen - 3_000, 3_000, True)
    again = await desk.post(f"{PAYMENTS}/{first.id}/reverse", json={"reason": "银行退票"})
    assert (again.status_code, again.json()["code"]) == (409, "PAYMENT_STATE")
    (entry,) = await remembered(units, agency, "payment.reversed")
    assert entry.facts["reason"] == "银行退票"


async def test_money_that_did_not_come_is_rejected_once(desk: httpx.AsyncClient, case: Case) -> None:
    payment = await claimed(desk, case)
    rejected = await desk.post(f"{PAYMENTS}/{payment['id']}/reject", json={"reason": "查无此款"})
    assert rejected.json()["state"] == "rejected"
    for step, body in (("post", {}), ("reject", {"reason": "再次"}), ("reverse", {"reason": "再次"})):
        assert (await desk.post(f"{PAYMENTS}/{payment['id']}/{step}", json=body)).status_code == 409


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"amount_fen": 0}, 422, "INVALID"),
        ({"amount_fen": 1.5}, 422, "INVALID"),
        ({"paid_on": "2026-03-05"}, 422, "PAID_IN_FUTURE"),
        ({"method": "cash"}, 422, "INVALID"),
        ({"reference": "R9"}, 409, "PAYMENT_KNOWN"),
    ],
)
async def test_what_cannot_be_is_not_claimed(
    desk: httpx.AsyncClient, case: Case, wrong: dict[str, Any], status: int, code: str
) -> None:
    await claimed(desk, case, reference="R9")
    answer = await desk.post(PAYMENTS, json=claim(case) | wrong)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_payments_are_listed_and_added_up(
    desk: httpx.AsyncClient, units: Units, agency: Agency, case: Case
) -> None:
    other = await a_debt(units, agency)
    await claimed(desk, case)
    await a_payment(units, agency, case, "5")
    await a_payment(units, agency, other, "7")
    listed = (await desk.get(PAYMENTS, params={"case_id": str(case.id)})).json()["items"]
    assert [row["state"] for row in listed] == ["posted", "claimed"]
    assert listed[0]["postings"] is None
    page = (await desk.get(PAYMENTS, params={"limit": 2, "sort": "amount"})).json()
    rest = (await desk.get(PAYMENTS, params={"limit": 2, "sort": "amount", "after": page["next"]})).json()
    assert [row["amount_fen"] for row in [*page["items"], *rest["items"]]] == [500, 700, 10_000]
    figures = (await desk.get(f"{PAYMENTS}/figures", params={"state": "posted"})).json()
    assert figures == {"posted": {"count": 2, "amount_fen": 1_200}}


async def test_a_collector_sees_and_claims_on_her_own_cases_only(
    client: httpx.AsyncClient, units: Units, agency: Agency, case: Case
) -> None:
    team = await a_unit(units, agency)
    her = await a_person(units, agency, "collector", unit_id=team, scope=Scope.OWN)
    hers = await a_debt(units, agency, holder=her, unit_id=team)
    foreign = await a_payment(units, agency, case)
    own = await a_payment(units, agency, hers)
    await signed_in_as(client, units, agency, her)
    assert [row["id"] for row in (await client.get(PAYMENTS)).json()["items"]] == [str(own.id)]
    assert (await client.get(f"{PAYMENTS}/figures")).json()["posted"]["count"] == 1
    assert (await client.get(f"{PAYMENTS}/{foreign.id}")).status_code == 404
    assert (await client.post(PAYMENTS, json=claim(case))).status_code == 404
    assert (await client.post(PAYMENTS, json=claim(hers))).status_code == 201
    assert (await client.post(f"{PAYMENTS}/{own.id}/reverse", json={"reason": "试试"})).status_code == 403
