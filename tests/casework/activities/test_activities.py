"""The diary: one entry, one transaction, and what follows from its result."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from anmi.casework.cases.models import Case
from anmi.core.contact_rules.facts import Relation
from anmi.core.permissions import Scope
from anmi.kit.unit_of_work import Units
from tests.builders.cases import a_case, a_debtor, a_phone, a_placement
from tests.builders.people import Agency, a_person, an_agency, signed_in_as

API = "/api/v1/casework"
DIARY = f"{API}/activities"


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


@pytest.fixture
async def mei(client: httpx.AsyncClient, units: Units, agency: Agency) -> UUID:
    mei = await a_person(units, agency, "collector", scope=Scope.OWN, name="梅小丽")
    await signed_in_as(client, units, agency, mei)
    return mei


async def record(client: httpx.AsyncClient, case: Case, result: str, **body: Any) -> httpx.Response:
    return await client.post(DIARY, json={"case_id": str(case.id), "action_code": "OB", "result_code": result} | body)


async def seen(client: httpx.AsyncClient, case: Case) -> dict[str, Any]:
    return (await client.get(f"{API}/cases/{case.id}")).json()


async def test_an_entry_with_a_promise_is_one_transaction(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID
) -> None:
    debtor = await a_debtor(units, agency)
    case = await a_case(units, agency, holder=mei, debtor=debtor)
    phone = await a_phone(units, agency, debtor)
    promise = {"amount_fen": 100_000, "due_on": "2026-03-06"}
    at = (units.clock() + timedelta(days=2)).isoformat()
    answer = await record(
        client, case, "PTP", note="本人承诺", phone_id=str(phone.id), promise=promise, next_action_at=at
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["promise"]["state"] == "open"
    after = await seen(client, case)
    assert (after["state"], after["last_result"], after["promise"]["amount_fen"]) == ("promised", "PTP", 100_000)
    assert after["phones"][0]["is_right_party"] is True
    assert after["next_action_at"] is not None
    kinds = [entry["kind"] for entry in (await client.get(f"{API}/cases/{case.id}/timeline")).json()["items"]]
    assert sorted(kinds) == ["activity", "event", "promise"]
    too_much = await record(client, case, "PTP", promise=promise | {"amount_fen": 10**9})
    assert too_much.status_code == 409
    assert len((await client.get(DIARY, params={"case_id": str(case.id)})).json()["items"]) == 1


@pytest.mark.parametrize(
    ("result", "body", "missing"),
    [
        ("PTP", {}, "promise_amount, promise_due_on"),
        ("CP", {"note": "称已还"}, "claimed_amount, claimed_on"),
        ("CB", {}, "call_back_at"),
        ("NEG", {"note": "  "}, "note"),
        ("DIS", {"note": "否认借款"}, "dispute_reason"),
    ],
)
async def test_a_result_demands_what_the_table_says(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, result: str, body: Any, missing: str
) -> None:
    case = await a_case(units, agency, holder=mei)
    answer = await record(client, case, result, **body)
    assert (answer.status_code, answer.json()["code"]) == (422, "FIELDS_MISSING")
    assert answer.json()["facts"]["fields"] == missing


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"result_code": "KP"}, "UNKNOWN_CODE"),
        ({"result_code": "XXX"}, "UNKNOWN_CODE"),
        ({"action_code": "FAX"}, "UNKNOWN_CODE"),
        ({"result_code": "EMP"}, "NUMBER_MISSING"),
        ({"result_code": "CB", "next_action_at": "2026-03-01T10:00:00+08:00"}, "DAY_IS_PAST"),
    ],
)
async def test_an_entry_that_makes_no_sense_is_refused(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, body: dict[str, Any], code: str
) -> None:
    case = await a_case(units, agency, holder=mei)
    answer = await client.post(DIARY, json={"case_id": str(case.id), "action_code": "OB", "result_code": "NA"} | body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await seen(client, case))["last_activity_at"] is None


@pytest.mark.parametrize(
    ("result", "extra", "state", "held"),
    [
        ("DIS", {"dispute_reason": "金额有误"}, "dispute_review", "dispute"),
        ("CMP", {}, "complaint_frozen", "complaint"),
        ("DEC", {}, "on_hold", "deceased"),
        ("FD", {}, "in_collection", "hardship"),
    ],
)
async def test_what_the_debtor_says_stays_our_hand(
    client: httpx.AsyncClient,
    units: Units,
    agency: Agency,
    mei: UUID,
    result: str,
    extra: dict[str, Any],
    state: str,
    held: str,
) -> None:
    case = await a_case(units, agency, holder=mei)
    assert (await record(client, case, result, note="电话中说明", **extra)).status_code == 201
    after = await seen(client, case)
    assert (after["state"], [hold["reason"] for hold in after["holds"]]) == (state, [held])
    assert (await record(client, case, result, note="再次说明", **extra)).status_code == 201
    assert len((await seen(client, case))["holds"]) == 1


async def test_a_third_party_who_asks_to_be_left_alone_is_left_alone(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID
) -> None:
    debtor = await a_debtor(units, agency)
    case = await a_case(units, agency, holder=mei, debtor=debtor)
    phone = await a_phone(units, agency, debtor, relation=Relation.RELATED_THIRD_PARTY, name="李大勇")
    assert (await record(client, case, "TPR", phone_id=str(phone.id))).status_code == 201
    (after,) = (await seen(client, case))["phones"]
    assert after["is_suppressed"]
    assert after["asked_to_stop_at"] is not None


@pytest.mark.parametrize(
    ("result", "state", "right_party"),
    [("WN", "wrong_party", False), ("EMP", "empty", None), ("OFF", "powered_off", None)],
)
async def test_what_a_call_tells_of_a_number_is_written_down(
    client: httpx.AsyncClient,
    units: Units,
    agency: Agency,
    mei: UUID,
    result: str,
    state: str,
    right_party: bool | None,
) -> None:
    debtor = await a_debtor(units, agency)
    case = await a_case(units, agency, holder=mei, debtor=debtor)
    phone = await a_phone(units, agency, debtor)
    assert (await record(client, case, result, phone_id=str(phone.id))).status_code == 201
    (after,) = (await seen(client, case))["phones"]
    assert (after["state"], after["is_right_party"]) == (state, right_party)


async def test_a_number_of_somebody_else_cannot_be_written_of(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID
) -> None:
    case = await a_case(units, agency, holder=mei)
    strange = await a_phone(units, agency, await a_debtor(units, agency))
    assert (await record(client, case, "NA", phone_id=str(strange.id))).status_code == 404


async def test_a_payment_the_debtor_claims_waits_for_the_statement(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID
) -> None:
    case = await a_case(units, agency, holder=mei)
    claim = {"amount_fen": 50_000, "paid_on": "2026-03-03"}
    assert (await record(client, case, "CP", note="称昨日已还", claim=claim)).status_code == 201
    after = await seen(client, case)
    assert (after["owing_fen"], after["paid_fen"]) == (320_000, 0)
    (payment,) = (await client.get(f"{API}/payments")).json()["items"]
    assert (payment["state"], payment["amount_fen"]) == ("claimed", 50_000)


async def test_flags_and_requests_reach_those_who_see_to_them(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID
) -> None:
    case = await a_case(units, agency, holder=mei)
    for result in ("ILL", "LAW", "REQ_RED", "REQ_INS", "REQ_RED"):
        assert (await record(client, case, result, note="客户说明")).status_code == 201
    assert {flag["flag"] for flag in (await seen(client, case))["flags"]} == {
        "severe_illness",
        "represented_by_lawyer",
    }
    boss = await a_person(units, agency, "supervisor")
    await signed_in_as(client, units, agency, boss)
    orders = (await client.get("/api/v1/workbench/work-orders")).json()["items"]
    assert sorted(order["kind"] for order in orders) == ["concession_request", "instalment_request"]


async def test_an_entry_is_corrected_by_another_and_never_changed(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID
) -> None:
    case = await a_case(units, agency, holder=mei)
    wrong = (await record(client, case, "NEG", note="误记")).json()["activity"]
    right = (
        await client.post(f"{DIARY}/{wrong['id']}/correct", json={"note": "应为拒绝", "result_code": "RTP"})
    ).json()
    assert (right["corrects"], right["result_code"]) == (wrong["id"], "RTP")
    again = await client.post(f"{DIARY}/{right['id']}/correct", json={"note": "再改"})
    assert (again.status_code, again.json()["code"]) == (409, "CORRECTION_OF_CORRECTION")
    listed = (await client.get(DIARY, params={"case_id": str(case.id)})).json()["items"]
    assert {entry["note"] for entry in listed} == {"误记", "应为拒绝"}


async def test_one_entry_for_many_cases(client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID) -> None:
    placement = await a_placement(units, agency)
    cases = [await a_case(units, agency, holder=mei, placement=placement) for _ in range(2)]
    strange = await a_case(units, agency, placement=placement)
    ids = [str(case.id) for case in (*cases, strange)]
    body = {"case_ids": ids, "action_code": "LTR", "result_code": "NA", "note": "已寄催告函"}
    answer = (await client.post(f"{DIARY}/bulk", json=body)).json()
    assert (answer["done"], answer["refused"], answer["items"][2]["code"]) == (2, 1, "NOT_FOUND")
    assert len((await client.get(DIARY, params={"by": str(mei)})).json()["items"]) == 2


async def test_the_codes_tell_the_desk_what_to_ask_for(client: httpx.AsyncClient, mei: UUID) -> None:
    table = (await client.get(f"{DIARY}/codes")).json()
    results = {result["code"]: result for result in table["results"]}
    assert results["PTP"]["required"] == ["promise_amount", "promise_due_on"]
    assert (results["PTP"]["zh"], results["KP"]["may_be_chosen"]) == ("承诺还款", False)
    assert {"code": "OB", "zh": "呼出", "en": "Outbound call"} in table["actions"]


async def test_forms_of_words_are_the_supervisors(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID
) -> None:
    path, body = f"{DIARY}/note-templates", {"templates": [{"result_code": "NEG", "text": "协商中，下次联系："}]}
    assert (await client.put(path, json=body)).status_code == 403
    await signed_in_as(client, units, agency, await a_person(units, agency, "supervisor"))
    assert (await client.put(path, json=body)).status_code == 200
    wrong = {"templates": [{"result_code": "NOPE", "text": "x"}]}
    assert (await client.put(path, json=wrong)).json()["code"] == "UNKNOWN_CODE"
    await signed_in_as(client, units, agency, mei)
    assert [form["text"] for form in (await client.get(path)).json()] == ["协商中，下次联系："]
