"""Commission is reckoned from what was booked, exact to the fen, sent once and agreed."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from anmi.casework.creditors.models import Creditor
from anmi.core.permissions import Permission
from anmi.core.rights import Reach, Rights
from anmi.kit.unit_of_work import Units
from tests.builders.audit import remembered
from tests.builders.cases import a_case, a_creditor, a_placement, a_product
from tests.builders.house import Watch
from tests.builders.money import a_payment
from tests.builders.people import Agency, an_agency, comes_in, somebody

COMMISSION = "/api/v1/casework/commission"
TABLE = [
    {"bucket": "M2", "mode": "slice", "steps": [{"from": "0", "rate": "0.15"}]},
    {"bucket": "M3", "mode": "slice", "steps": [{"from": "0", "rate": "0.2"}, {"from": "100", "rate": "0.3"}]},
]


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


@pytest.fixture
async def desk(client: httpx.AsyncClient, agency: Agency) -> httpx.AsyncClient:
    comes_in(client, somebody(agency))
    return client


@pytest.fixture
async def creditor(desk: httpx.AsyncClient, units: Units, agency: Agency) -> Creditor:
    creditor = await a_creditor(units, agency)
    terms = {"effective_from": "2026-01-01", "body": {"commission": TABLE}}
    assert (await desk.put(f"/api/v1/casework/creditors/{creditor.id}/terms", json=terms)).status_code == 200
    return creditor


async def paid(units: Units, agency: Agency, creditor: Creditor, **amounts: list[str]) -> list[str]:
    """Let money come in on one case for each bucket; return the ids of the payments."""
    placement = await a_placement(units, agency, await a_product(units, agency, creditor))
    payments: list[str] = []
    for bucket, sums in amounts.items():
        case = await a_case(units, agency, bucket=bucket, owing="1000", placement=placement)
        payments += [str((await a_payment(units, agency, case, amount)).id) for amount in sums]
    return payments


def march(creditor: Creditor, until: str = "2026-03-31") -> dict[str, Any]:
    return {"creditor_id": str(creditor.id), "from_on": "2026-03-01", "until_on": until}


async def drafted(desk: httpx.AsyncClient, creditor: Creditor) -> dict[str, Any]:
    answer = await desk.post(COMMISSION, json=march(creditor))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_every_fen_of_the_commission_is_on_one_line(
    desk: httpx.AsyncClient, units: Units, agency: Agency, creditor: Creditor, watch: Watch
) -> None:
    await paid(units, agency, creditor, M2=["33.33", "33.34", "0.01"], M3=["80", "70.07"], M4=["5", "2000"])
    watch.pass_by(days=30)
    made = await drafted(desk, creditor)
    # M2: 66.68 × 15 % = 10.00; M3: 100 × 20 % + 50.07 × 30 % = 35.02; M4 has no rate, and what was over is no base.
    assert [(one["bucket"], one["base_fen"], one["commission_fen"]) for one in made["groups"]] == [
        ("M2", 6_668, 1_000),
        ("M3", 15_007, 3_502),
        ("M4", 100_000, 0),
    ]
    assert [one["is_without_rate"] for one in made["groups"]] == [False, False, True]
    assert (made["state"], made["base_fen"], made["commission_fen"]) == ("draft", 121_675, 4_502)
    lines = (await desk.get(f"{COMMISSION}/{made['id']}/lines")).json()["items"]
    assert len(lines) == 7
    assert sum(line["commission_fen"] for line in lines) == made["commission_fen"]
    assert sum(line["base_fen"] for line in lines) == made["base_fen"]
    assert {line["bucket"]: line["rate"] for line in lines} == {"M2": "3/20", "M3": "3502/15007", "M4": None}


async def test_a_reversal_takes_its_commission_back_when_it_happens(
    desk: httpx.AsyncClient, units: Units, agency: Agency, creditor: Creditor, watch: Watch
) -> None:
    one, other = await paid(units, agency, creditor, M2=["100", "40"])
    await desk.post(f"/api/v1/casework/payments/{other}/reverse", json={"reason": "银行退票"})
    watch.pass_by(days=30)
    first = await drafted(desk, creditor)
    assert (first["base_fen"], first["commission_fen"]) == (10_000, 1_500)
    await desk.post(f"/api/v1/casework/payments/{one}/reverse", json={"reason": "银行退票"})
    watch.pass_by(days=30)
    april = {"creditor_id": str(creditor.id), "from_on": "2026-04-01", "until_on": "2026-04-30"}
    second = (await desk.post(COMMISSION, json=april)).json()
    assert (second["base_fen"], second["commission_fen"]) == (-10_000, -1_500)


async def test_a_draft_is_reckoned_anew_until_it_is_sent_and_agreed(
    desk: httpx.AsyncClient, units: Units, agency: Agency, creditor: Creditor, watch: Watch
) -> None:
    await paid(units, agency, creditor, M2=["100"])
    watch.pass_by(days=30)
    made = await drafted(desk, creditor)
    again = await drafted(desk, creditor)
    assert (again["id"], again["commission_fen"]) == (made["id"], made["commission_fen"])
    assert len((await desk.get(f"{COMMISSION}/{made['id']}/lines")).json()["items"]) == 1
    early = await desk.post(f"{COMMISSION}/{made['id']}/agree", json={"version": again["version"]})
    assert (early.status_code, early.json()["code"]) == (409, "COMMISSION_STATE")
    sent = (await desk.post(f"{COMMISSION}/{made['id']}/send", json={"version": again["version"]})).json()
    assert sent["state"] == "sent"
    fixed = await desk.post(COMMISSION, json=march(creditor))
    assert (fixed.status_code, fixed.json()["code"]) == (409, "COMMISSION_PERIOD_TAKEN")
    agreed = await desk.post(f"{COMMISSION}/{made['id']}/agree", json={"version": sent["version"]})
    assert agreed.json()["state"] == "agreed"
    assert [row["state"] for row in (await desk.get(COMMISSION)).json()["items"]] == ["agreed"]
    assert len(await remembered(units, agency, "commission.agreed")) == 1


async def test_no_day_is_reckoned_twice_or_before_it_is_over(
    desk: httpx.AsyncClient, creditor: Creditor, watch: Watch
) -> None:
    unfinished = await desk.post(COMMISSION, json=march(creditor))
    assert (unfinished.status_code, unfinished.json()["code"]) == (422, "COMMISSION_PERIOD")
    backwards = await desk.post(COMMISSION, json=march(creditor, "2026-02-01"))
    assert backwards.status_code == 422
    watch.pass_by(days=60)
    await drafted(desk, creditor)
    overlapping = await desk.post(COMMISSION, json=march(creditor, "2026-04-15"))
    assert (overlapping.status_code, overlapping.json()["code"]) == (409, "COMMISSION_PERIOD_TAKEN")
    assert overlapping.json()["facts"] == {"period": "2026-03-01/2026-03-31"}


async def test_who_may_not_see_commission_does_not(desk: httpx.AsyncClient, agency: Agency, creditor: Creditor) -> None:
    comes_in(desk, somebody(agency, Rights({Permission.PAYMENTS_READ: Reach(everything=True)})))
    assert (await desk.get(COMMISSION)).status_code == 403
    assert (await desk.post(COMMISSION, json=march(creditor))).status_code == 403
