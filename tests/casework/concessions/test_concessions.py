"""Relief is reckoned, signed step by step by those who may, answered by the creditor, and quoted only then."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx
import pytest

from anmi.core.case_life import State
from anmi.core.permissions import Scope
from anmi.kit.unit_of_work import Units
from tests.builders.audit import remembered
from tests.builders.concessions import CONCESSIONS, Floor
from tests.builders.house import Watch
from tests.builders.money import a_payment, the_book
from tests.builders.people import Agency, a_person, a_unit, an_agency


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


@pytest.fixture
async def floor(client: httpx.AsyncClient, units: Units, agency: Agency) -> Floor:
    return await Floor(client, units, agency).open()


async def test_the_calculator_says_to_the_fen_what_a_wish_comes_to_and_writes_nothing(floor: Floor) -> None:
    proposal = await floor.done(
        floor.collector,
        "/propose",
        case_id=str(floor.case.id),
        kind="instalment_relief",
        to_pay_fen=100_001,
        instalments=3,
        first_on="2026-03-31",
    )
    assert (proposal["owed_fen"], proposal["payable_fen"], proposal["waived_fen"]) == (117_000, 100_001, 16_999)
    assert [(one["due_on"], one["amount_fen"]) for one in proposal["installments"]] == [
        ("2026-03-31", 33_334),
        ("2026-04-30", 33_334),
        ("2026-05-31", 33_333),
    ]
    assert proposal["waives"]["principal"] == 0
    assert (proposal["roles"], proposal["creditor_decides"]) == (["supervisor", "operations"], True)
    assert (await (await floor.by(floor.collector)).get(CONCESSIONS)).json()["items"] == []


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({"kind": "case_withdrawal"}, "creditor_does_not_allow_kind"),
        ({"kind": "lump_sum_settlement", "to_pay_fen": 200_000}, "to_pay_out_of_range"),
        ({"kind": "fee_waiver", "components": {"interest": "1"}}, "component_not_covered"),
        ({"kind": "principal_waiver", "components": {"principal": "1"}}, "beyond_every_limit"),
        ({"kind": "instalment_relief", "instalments": 12}, "first_day_needed"),
    ],
)
async def test_what_nobody_could_grant_is_not_asked_for(floor: Floor, wish: dict[str, Any], reason: str) -> None:
    body = {"case_id": str(floor.case.id), "reason": "家庭困难"} | wish
    answer = await floor.post(floor.collector, "", **body)
    assert (answer.status_code, answer.json()["code"]) == (422, "CONCESSION_REFUSED")
    assert answer.json()["facts"] == {"reason": reason}


async def test_the_creditors_terms_say_what_may_be_asked_at_all(floor: Floor) -> None:
    await floor.terms(kinds=["fee_waiver"], most_instalments=6)
    answer = await floor.post(floor.collector, "", case_id=str(floor.case.id), kind="penalty_waiver", reason="家庭困难")
    assert answer.json()["facts"] == {"reason": "creditor_does_not_allow_kind"}


async def test_a_small_waiver_that_is_left_to_us_takes_one_signature(
    floor: Floor, units: Units, agency: Agency
) -> None:
    one = await floor.asked()
    assert (one["state"], one["next_role"], one["is_quotable"]) == ("submitted", "supervisor", False)
    granted = await floor.done(floor.supervisor, f"/{one['id']}/approve", version=one["version"], note="同意")
    assert (granted["state"], granted["is_quotable"], granted["next_role"]) == ("approved", True, None)
    assert granted["valid_until"] == "2026-04-03"
    assert [step["after"] for step in granted["steps"]] == ["submitted", "first_review", "approved"]
    assert [entry.facts["approves"] for entry in await remembered(units, agency, "concession.decided")] == [True]


async def test_a_large_one_takes_every_signature_up_to_the_creditors(floor: Floor) -> None:
    one = await floor.asked("lump_sum_settlement", to_pay_fen=90_000)
    early = await floor.post(floor.operations, f"/{one['id']}/approve", version=one["version"])
    assert (early.status_code, early.json()["code"]) == (403, "CONCESSION_NOT_YOURS")
    one = await floor.done(floor.supervisor, f"/{one['id']}/approve", version=one["version"])
    assert (one["state"], one["next_role"]) == ("first_review", "operations")
    again = await floor.post(floor.supervisor, f"/{one['id']}/approve", version=one["version"])
    assert again.status_code == 403
    one = await floor.done(floor.operations, f"/{one['id']}/approve", version=one["version"])
    assert (one["state"], one["is_quotable"]) == ("creditor_review", False)
    answer = {"approved_fen": 95_000, "valid_until": "2026-03-20", "answer": "同意按950元"}
    one = await floor.done(floor.operations, f"/{one['id']}/creditor-answer", version=one["version"], **answer)
    assert (one["state"], one["payable_fen"], one["waived_fen"]) == ("approved", 95_000, 22_000)
    assert one["payable_fen"] + one["waived_fen"] == sum(one["owed"].values())
    assert one["waives"]["principal"] == 5_000
    assert (one["valid_until"], one["is_quotable"]) == ("2026-03-20", True)


async def test_the_creditor_may_refuse(floor: Floor) -> None:
    one = await floor.asked("lump_sum_settlement", to_pay_fen=90_000)
    for person_id in (floor.supervisor, floor.operations):
        one = await floor.done(person_id, f"/{one['id']}/approve", version=one["version"])
    one = await floor.done(floor.operations, f"/{one['id']}/creditor-answer", version=one["version"], answer="不同意")
    assert (one["state"], one["is_quotable"]) == ("rejected", False)


async def test_nobody_grants_what_she_asked_for_herself(floor: Floor, units: Units, agency: Agency) -> None:
    her = await a_person(units, agency, "supervisor", "collector")
    one = await floor.done(her, "", case_id=str(floor.case.id), kind="penalty_waiver", reason="家庭困难")
    assert one["may_decide"] is False
    refused = await floor.post(her, f"/{one['id']}/approve", version=one["version"])
    assert (refused.status_code, refused.json()["code"]) == (403, "CONCESSION_NOT_YOURS")
    waiting = await (await floor.by(floor.supervisor)).get(CONCESSIONS, params={"mine": True})
    assert [row["may_decide"] for row in waiting.json()["items"]] == [True]
    assert (await floor.client.get(f"{CONCESSIONS}/waiting")).json() == {"count": 1}
    assert (await (await floor.by(her)).get(f"{CONCESSIONS}/waiting")).json() == {"count": 0}


async def test_a_stale_page_signs_nothing_and_a_rejection_ends_it(floor: Floor) -> None:
    one = await floor.asked()
    stale = await floor.post(floor.supervisor, f"/{one['id']}/approve", version=one["version"] - 1)
    assert (stale.status_code, stale.json()["code"]) == (409, "STALE_VERSION")
    rejected = await floor.done(floor.supervisor, f"/{one['id']}/reject", version=one["version"], note="材料不足")
    assert (rejected["state"], rejected["steps"][-1]["note"]) == ("rejected", "材料不足")
    assert (await floor.asked("fee_waiver"))["state"] == "submitted"


async def test_one_concession_at_a_time_until_it_is_withdrawn(floor: Floor) -> None:
    one = await floor.asked()
    second = await floor.post(floor.collector, "", case_id=str(floor.case.id), kind="fee_waiver", reason="再问")
    assert (second.status_code, second.json()["code"]) == (409, "CONCESSION_LIVE")
    gone = await floor.done(floor.collector, f"/{one['id']}/withdraw", version=one["version"], note="客户放弃")
    assert gone["state"] == "withdrawn"
    assert (await floor.asked("fee_waiver"))["state"] == "submitted"


async def test_a_debt_that_changed_meanwhile_is_asked_for_anew(floor: Floor, units: Units, agency: Agency) -> None:
    one = await floor.asked()
    await a_payment(units, agency, floor.case, "1")
    refused = await floor.post(floor.supervisor, f"/{one['id']}/approve", version=one["version"])
    assert (refused.status_code, refused.json()["code"]) == (409, "CONCESSION_DEBT_CHANGED")
    rejected = await floor.done(floor.supervisor, f"/{one['id']}/reject", version=one["version"])
    assert rejected["state"] == "rejected"


async def test_who_pays_the_granted_sum_in_time_is_settled_and_not_paid_in_full(
    floor: Floor, units: Units, agency: Agency, watch: Watch
) -> None:
    one = await floor.granted(to_pay_fen=90_000)
    watch.pass_by(minutes=5)
    await a_payment(units, agency, floor.case, "400")
    part = await the_book(units, agency, floor.case)
    assert (part.case.state, part.case.owing_fen, part.adds_up()) == (State.IN_COLLECTION, 77_000, True)
    # What will be waived is not paid: the money went to the rest.
    assert part.parts["penalty_fen"] == 5_000
    assert (await floor.now(one["id"]))["state"] == "performing"
    watch.pass_by(days=1)
    await a_payment(units, agency, floor.case, "500", paid_on=date(2026, 3, 5))
    book = await the_book(units, agency, floor.case)
    assert (book.case.state, book.case.closing_reason) == (State.SETTLED_IN_FULL, "settled_in_full")
    assert (book.case.paid_fen, book.case.waived_fen, book.case.owing_fen) == (90_000, 27_000, 0)
    assert book.adds_up()
    done = await floor.now(one["id"])
    assert (done["state"], done["is_quotable"], done["waived_fen"]) == ("completed", False, 27_000)


async def test_who_pays_everything_has_paid_in_full_whatever_was_granted(
    floor: Floor, units: Units, agency: Agency, watch: Watch
) -> None:
    await floor.granted(to_pay_fen=90_000)
    watch.pass_by(minutes=5)
    await a_payment(units, agency, floor.case, "1170")
    book = await the_book(units, agency, floor.case)
    assert (book.case.state, book.case.waived_fen, book.adds_up()) == (State.PAID_IN_FULL, 0, True)


async def test_what_is_not_paid_by_its_last_day_runs_out(
    floor: Floor, units: Units, agency: Agency, watch: Watch
) -> None:
    one = await floor.granted(to_pay_fen=90_000)
    watch.pass_by(days=30)
    await floor.night()
    assert (await floor.now(one["id"]))["state"] == "approved"
    watch.pass_by(days=1)
    assert (await floor.now(one["id"]))["is_quotable"] is False
    await floor.night()
    assert (await floor.now(one["id"]))["state"] == "expired"
    await a_payment(units, agency, floor.case, "900", paid_on=date(2026, 4, 4))
    book = await the_book(units, agency, floor.case)
    assert (book.case.state, book.case.waived_fen, book.adds_up()) == (State.IN_COLLECTION, 0, True)


async def test_a_reversed_payment_brings_back_the_debt_and_what_was_waived_for_it(
    floor: Floor, units: Units, agency: Agency, watch: Watch
) -> None:
    one = await floor.granted(to_pay_fen=90_000)
    watch.pass_by(minutes=5)
    before = await the_book(units, agency, floor.case)
    payment = await a_payment(units, agency, floor.case, "900")
    client = await floor.by(floor.operations)
    answer = await client.post(f"/api/v1/casework/payments/{payment.id}/reverse", json={"reason": "银行退票"})
    assert answer.status_code == 200, answer.text
    book = await the_book(units, agency, floor.case)
    assert book.parts == before.parts
    assert (book.case.state, book.case.paid_fen, book.case.waived_fen) == (State.IN_COLLECTION, 0, 0)
    assert (book.case.closing_reason, book.adds_up()) == (None, True)
    assert (await floor.now(one["id"]))["state"] == "performing"
    await a_payment(units, agency, floor.case, "900")
    assert (await the_book(units, agency, floor.case)).case.state is State.SETTLED_IN_FULL


async def test_a_closed_case_waits_for_no_decision(floor: Floor, units: Units, agency: Agency, watch: Watch) -> None:
    one = await floor.asked()
    watch.pass_by(minutes=5)
    await a_payment(units, agency, floor.case, "1170")
    assert (await the_book(units, agency, floor.case)).case.state is State.PAID_IN_FULL
    assert (await floor.now(one["id"]))["state"] == "withdrawn"


async def test_an_agreement_is_written_down_before_the_first_money(floor: Floor) -> None:
    one = await floor.granted(to_pay_fen=90_000)
    one = await floor.done(floor.collector, f"/{one['id']}/accept", version=one["version"], note="电话确认")
    assert (one["state"], one["is_quotable"]) == ("effective", True)


async def test_nobody_hears_of_concessions_beyond_her_cases(floor: Floor, units: Units, agency: Agency) -> None:
    one = await floor.asked()
    team = await a_unit(units, agency)
    other = await a_person(units, agency, "collector", scope=Scope.OWN, unit_id=team)
    strange = await a_person(units, agency, "supervisor", scope=Scope.TEAM, unit_id=team)
    client = await floor.by(other)
    assert (await client.get(CONCESSIONS)).json()["items"] == []
    assert (await client.get(f"{CONCESSIONS}/{one['id']}")).status_code == 404
    for path in ("/propose", ""):
        body = {"case_id": str(floor.case.id), "kind": "fee_waiver"} | ({} if path else {"reason": "看看"})
        assert (await client.post(f"{CONCESSIONS}{path}", json=body)).status_code == 404
    assert (await floor.post(other, f"/{one['id']}/withdraw", version=one["version"])).status_code == 404
    assert (await floor.post(strange, f"/{one['id']}/approve", version=one["version"])).status_code == 404
    assert (await (await floor.by(strange)).get(f"{CONCESSIONS}/waiting")).json() == {"count": 0}
