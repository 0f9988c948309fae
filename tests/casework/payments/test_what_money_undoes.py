"""What follows when money turns out to be none, was too much, or the creditor says anew what is owed."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from anmi.casework.promises.models import PromiseToPay
from anmi.core.case_life import State
from anmi.entrypoints.wiring import House
from anmi.kit.caller import the_system
from anmi.kit.unit_of_work import Units
from tests.builders.cases import a_case, a_placement
from tests.builders.house import Watch
from tests.builders.money import a_debt, a_payment, the_book
from tests.builders.people import Agency, a_person, an_agency, comes_in, somebody
from tests.casework.placements.importing import API, carried_over, checked
from tests.casework.placements.sheets import a_csv


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


@pytest.fixture
async def operator(client: httpx.AsyncClient, agency: Agency) -> httpx.AsyncClient:
    comes_in(client, somebody(agency))
    return client


async def test_what_was_paid_too_much_pays_what_is_owed_again(
    operator: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    holder = await a_person(units, agency)
    case = await a_debt(units, agency, holder=holder)  # 1,170.00 in all
    wrong = await a_payment(units, agency, case, "1000")
    late = await a_payment(units, agency, case, "400")
    assert (await the_book(units, agency, case)).case.state is State.PAID_IN_FULL
    answer = await operator.post(f"{API}/payments/{wrong.id}/reverse", json={"reason": "退票"})
    assert answer.status_code == 200, answer.text
    book = await the_book(units, agency, case)
    assert (book.case.state, book.case.paid_fen, book.case.owing_fen) == (State.IN_COLLECTION, 40000, 77000)
    assert book.adds_up()
    assert (await operator.get(f"{API}/payments/{late.id}")).json()["over_fen"] == 0


async def test_a_case_that_is_paid_by_what_was_too_much_stays_closed(
    operator: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    case = await a_debt(units, agency, holder=await a_person(units, agency))
    first = await a_payment(units, agency, case, "1170")
    second = await a_payment(units, agency, case, "1170", reference="again")
    await operator.post(f"{API}/payments/{first.id}/reverse", json={"reason": "重复入账"})
    book = await the_book(units, agency, case)
    assert (book.case.state, book.case.owing_fen, book.adds_up()) == (State.PAID_IN_FULL, 0, True)
    assert (await operator.get(f"{API}/payments/{second.id}")).json()["over_fen"] == 0


async def test_a_claim_that_was_rejected_no_longer_keeps_a_promise_waiting(
    operator: httpx.AsyncClient, units: Units, agency: Agency, watch: Watch
) -> None:
    case = await a_case(units, agency, holder=await a_person(units, agency))
    today = "2026-03-04"
    answer = await operator.post(
        f"{API}/promises", json={"case_id": str(case.id), "amount_fen": 10000, "due_on": today}
    )
    assert answer.status_code == 201, answer.text
    claim = {"case_id": str(case.id), "amount_fen": 10000, "paid_on": today, "method": "app", "note": ""}
    claimed = (await operator.post(f"{API}/payments", json=claim)).json()
    watch.pass_by(days=3)
    await operator.post(f"{API}/payments/{claimed['id']}/reject", json={"reason": "未到账"})
    async with units.begin(the_system(agency.tenant_id)) as unit:
        promise = (await unit.session.scalars(select(PromiseToPay))).one()
    assert promise.state == "broken"
    assert (await the_book(units, agency, case)).case.state is State.IN_COLLECTION


async def test_a_case_of_which_the_creditor_says_nothing_is_owed_closes(
    operator: httpx.AsyncClient, house: House, units: Units, agency: Agency, tmp_path: Path
) -> None:
    placement = await a_placement(units, agency)
    paid = await a_case(units, agency, placement=placement, serial_no="A1")
    other = await a_case(units, agency, placement=placement, serial_no="A2")
    rows = [["个案序列号", "最新欠款金额"], ["A1", "0"], ["A2", "0.01"]]
    seen = await checked(operator, house, agency, placement.id, a_csv(tmp_path / "a.csv", rows), sheet="balances")
    await carried_over(operator, house, agency, seen["id"])
    one, two = await the_book(units, agency, paid), await the_book(units, agency, other)
    assert (one.case.state, one.case.owing_fen, one.case.closing_reason) == (State.PAID_IN_FULL, 0, "paid_in_full")
    assert (two.case.state, two.case.owing_fen) == (State.AWAITING_ALLOCATION, 1)


async def test_a_case_held_while_in_court_goes_back_to_court(
    operator: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    case = await a_case(units, agency, holder=await a_person(units, agency))
    assert (await operator.post(f"{API}/cases/{case.id}/legal", json={"reason": "起诉"})).json()["state"] == "legal"
    placed = await operator.post(f"{API}/cases/{case.id}/holds", json={"reason": "dispute", "note": "金额有异议"})
    assert placed.status_code == 201, placed.text
    assert (await the_book(units, agency, case)).case.state is State.DISPUTE_REVIEW
    lifted = await operator.post(f"{API}/holds/{placed.json()['id']}/lift", json={"note": "已核实"})
    assert lifted.status_code == 200, lifted.text
    assert (await the_book(units, agency, case)).case.state is State.LEGAL
