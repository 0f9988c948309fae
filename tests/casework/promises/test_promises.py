"""Promises: taken, kept, partly kept, broken, cancelled."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from anmi.casework.cases.models import Case
from anmi.casework.creditors.models import CreditorTerms
from anmi.casework.payments.service import PaymentClaim, Payments
from anmi.casework.promises.tasks import SWEEP_PROMISES
from anmi.core.case_life import State
from anmi.core.money import Money
from anmi.core.permissions import Scope
from anmi.kit.caller import the_system
from anmi.kit.ids import new_id
from anmi.kit.jobs import Run
from anmi.kit.unit_of_work import Units
from tests.builders.cases import a_case, a_debtor
from tests.builders.people import Agency, a_person, an_agency, signed_in_as

API = "/api/v1/casework"


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


@pytest.fixture
async def mei(client: httpx.AsyncClient, units: Units, agency: Agency) -> UUID:
    mei = await a_person(units, agency, "collector", scope=Scope.OWN)
    await signed_in_as(client, units, agency, mei)
    return mei


async def promise(client: httpx.AsyncClient, case: Case, fen: int = 100_000, due_on: str = "2026-03-06") -> Any:
    return await client.post(f"{API}/promises", json={"case_id": str(case.id), "amount_fen": fen, "due_on": due_on})


async def pay(units: Units, agency: Agency, case: Case, fen: int, paid_on: date) -> None:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        payments = Payments(unit)
        payment = await payments.claim(case.id, PaymentClaim(Money(fen), paid_on))
        await payments.post(payment.id)


async def standing(client: httpx.AsyncClient, case: Case) -> tuple[str, str, int]:
    seen = (await client.get(f"{API}/cases/{case.id}")).json()
    (told,) = (await client.get(f"{API}/promises", params={"case_id": str(case.id)})).json()["items"]
    return seen["state"], told["state"], told["received_fen"]


async def test_a_promise_is_taken_once_and_the_claims_time_begins_anew(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID
) -> None:
    case = await a_case(units, agency, holder=mei, debtor=await a_debtor(units, agency, "张晓明"))
    assert (await promise(client, case)).status_code == 201
    again = await promise(client, case)
    assert (again.status_code, again.json()["code"]) == (409, "PROMISE_ALREADY_OPEN")
    seen = (await client.get(f"{API}/cases/{case.id}")).json()
    assert (seen["state"], seen["promise"]["amount_fen"], seen["limitation_on"]) == ("promised", 100_000, "2029-03-04")
    (listed,) = (await client.get(f"{API}/promises", params={"state": "open", "due_to": "2026-03-06"})).json()["items"]
    assert (listed["debtor_name"], listed["serial_no"]) == ("张晓明", case.serial_no)
    assert (await client.get(f"{API}/promises", params={"due_from": "2026-03-07"})).json()["items"] == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"fen": 320_001}, "MORE_THAN_OWED"),
        ({"due_on": "2026-03-03"}, "DAY_IS_PAST"),
        ({"due_on": "2026-05-04"}, "PROMISE_TOO_FAR_AHEAD"),
    ],
)
async def test_a_promise_that_cannot_be_is_refused(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, body: dict[str, Any], code: str
) -> None:
    case = await a_case(units, agency, holder=mei)
    answer = await promise(client, case, **body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_a_case_in_court_takes_no_promise(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID
) -> None:
    case = await a_case(units, agency, holder=mei, state=State.LEGAL)
    assert (await promise(client, case)).json()["code"] == "CASE_MAY_NOT"


async def test_money_in_time_keeps_a_promise_at_once(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID
) -> None:
    case = await a_case(units, agency, holder=mei)
    await promise(client, case)
    await pay(units, agency, case, 40_000, date(2026, 3, 4))
    assert await standing(client, case) == ("promised", "open", 40_000)
    await pay(units, agency, case, 60_000, date(2026, 3, 4))
    assert await standing(client, case) == ("in_collection", "kept", 100_000)


@pytest.mark.parametrize(("paid", "state"), [(0, "broken"), (40_000, "partly_kept")])
async def test_what_was_not_kept_is_found_by_night_and_put_on_the_list(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, watch: Any, paid: int, state: str
) -> None:
    case = await a_case(units, agency, holder=mei)
    await promise(client, case)
    if paid:
        await pay(units, agency, case, paid, date(2026, 3, 4))
    run = Run(units, the_system(agency.tenant_id), 1)
    watch.pass_by(days=2)
    await SWEEP_PROMISES.work(run)
    assert (await standing(client, case))[:2] == ("promised", "open")
    assert (await client.get(f"{API}/cases", params={"list": "due_promises"})).json()["items"]
    watch.pass_by(days=1)
    await SWEEP_PROMISES.work(run)
    await SWEEP_PROMISES.work(run)
    assert await standing(client, case) == ("in_collection", state, paid)
    (broken,) = (await client.get(f"{API}/cases", params={"list": "broken_promises"})).json()["items"]
    assert (broken["id"], broken["last_result"]) == (str(case.id), "BP")
    assert (await promise(client, case, due_on="2026-03-09")).status_code == 201


async def test_a_day_on_which_banks_are_shut_is_not_held_against_the_debtor(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, watch: Any
) -> None:
    case = await a_case(units, agency, holder=mei)
    await promise(client, case, due_on="2026-03-07")  # a Saturday
    run = Run(units, the_system(agency.tenant_id), 1)
    watch.pass_by(days=5)  # Monday
    await SWEEP_PROMISES.work(run)
    assert (await standing(client, case))[1] == "open"
    watch.pass_by(days=1)
    await SWEEP_PROMISES.work(run)
    assert (await standing(client, case))[1] == "broken"


async def test_the_creditors_tolerance_and_money_on_its_way_are_given_time(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, watch: Any
) -> None:
    nearly, claimed = await a_case(units, agency, holder=mei), await a_case(units, agency, holder=mei)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        for case in (nearly, claimed):
            unit.session.add(
                CreditorTerms(
                    id=new_id(),
                    tenant_id=agency.tenant_id,
                    creditor_id=case.creditor_id,
                    effective_from=date(2026, 1, 1),
                    body={"promise": {"days": 1, "share": "0.9", "claim_days": 3}},
                    version=1,
                )
            )
    for case in (nearly, claimed):
        assert (await promise(client, case)).status_code == 201
    await pay(units, agency, nearly, 90_000, date(2026, 3, 4))
    assert (await standing(client, nearly))[1] == "kept"
    async with units.begin(the_system(agency.tenant_id)) as unit:
        await Payments(unit).claim(claimed.id, PaymentClaim(Money(100_000), date(2026, 3, 4)))
    run = Run(units, the_system(agency.tenant_id), 1)
    for days, state in [(4, "open"), (2, "open"), (1, "broken")]:
        watch.pass_by(days=days)
        await SWEEP_PROMISES.work(run)
        assert (await standing(client, claimed))[1] == state, watch.now
    assert watch.now.date() - timedelta(days=7) == date(2026, 3, 4)


async def test_a_promise_is_cancelled_with_a_reason_and_only_once(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID
) -> None:
    case = await a_case(units, agency, holder=mei)
    made = (await promise(client, case)).json()
    path = f"{API}/promises/{made['id']}/cancel"
    assert (await client.post(path, json={"reason": "客户改期"})).json()["state"] == "cancelled"
    assert (await standing(client, case))[0] == "in_collection"
    again = await client.post(path, json={"reason": "客户改期"})
    assert (again.status_code, again.json()["code"]) == (409, "PROMISE_IS_OVER")
    lan = await a_person(units, agency, "collector", scope=Scope.OWN)
    await signed_in_as(client, units, agency, lan)
    assert (await client.post(path, json={"reason": "试探"})).status_code == 404


async def test_a_promise_ends_with_its_case(client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID) -> None:
    case = await a_case(units, agency, holder=mei)
    await promise(client, case)
    operations = await a_person(units, agency, "operations")
    await signed_in_as(client, units, agency, operations)
    await client.post(f"{API}/cases/{case.id}/return", json={"reason": "委托期满"})
    assert await standing(client, case) == ("returned", "cancelled", 0)
