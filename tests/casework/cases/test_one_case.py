"""One case: shown whole, revealed with a reason, taken through its steps, its diary woven together."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from anmi.casework.cases.models import Account, Case, CaseEvent
from anmi.casework.cases.service import Cases
from anmi.casework.cases.tasks import END_RETENTIONS
from anmi.casework.debtors.models import ADDRESS, Address
from anmi.core.case_life import Event, State
from anmi.core.contact_rules.facts import Relation
from anmi.core.permissions import Scope
from anmi.kit.caller import the_system
from anmi.kit.ids import new_id
from anmi.kit.jobs import Run
from anmi.kit.unit_of_work import Units
from tests.builders.audit import remembered
from tests.builders.cases import a_case, a_creditor, a_debtor, a_phone, a_placement, a_product
from tests.builders.people import Agency, a_person, a_unit, an_agency, signed_in_as

CASES = "/api/v1/casework/cases"


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


@pytest.fixture
async def mei(units: Units, agency: Agency) -> UUID:
    return await a_person(units, agency, "collector", scope=Scope.OWN, name="梅小丽")


@pytest.fixture
async def boss(units: Units, agency: Agency) -> UUID:
    return await a_person(units, agency, "supervisor", "operations", name="马主管")


async def row_of(units: Units, agency: Agency, case: Case) -> Case:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        return await unit.session.get_one(Case, case.id, populate_existing=True)


async def test_the_whole_case_is_on_one_page_with_numbers_masked(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID
) -> None:
    debtor = await a_debtor(units, agency, "张晓明", "330106199005170019")
    case = await a_case(units, agency, holder=mei, debtor=debtor, account_no="6222000011112222", limitation_on=None)
    own = await a_phone(units, agency, debtor, "13700001111")
    friend = await a_phone(
        units, agency, debtor, "13700002222", Relation.RELATED_THIRD_PARTY, name="李大勇", relation_text="朋友"
    )
    async with units.begin(the_system(agency.tenant_id)) as unit:
        text = unit.seal(ADDRESS, "浙江省杭州市西湖区文三路 90 号")
        unit.session.add(
            Address(
                id=new_id(),
                tenant_id=agency.tenant_id,
                debtor_id=debtor.id,
                text_sealed=text,
                kind="home",
                source="contract",
                created_at=unit.now,
            )
        )
    await signed_in_as(client, units, agency, mei)
    answer = await client.get(f"{CASES}/{case.id}")
    seen = answer.json()
    assert seen["debtor"] == {
        "id": str(debtor.id),
        "name": "张晓明",
        "name_masked": "张*明",
        "id_number_masked": "330***********0019",
        "gender": "male",
        "age": 35,
        "province": "浙江",
        "city": "杭州",
    }
    assert [(phone["id"], phone["number_masked"], phone["name_masked"]) for phone in seen["phones"]] == [
        (str(own.id), "137****1111", None),
        (str(friend.id), "137****2222", "李*勇"),
    ]
    assert seen["addresses"][0]["text_masked"] == "浙江省杭州市西湖区***"
    (account,) = seen["accounts"]
    assert (account["number_masked"], account["owing_fen"], account["components"]["principal"]) == (
        "**** 2222",
        320_000,
        320_000,
    )
    assert (seen["bucket"], seen["dpd"], seen["tier"], seen["linked_count"]) == ("M2", 35, 1, 0)
    assert {"call", "take_promise"} <= set(seen["capabilities"])
    for secret in ("13700001111", "330106199005170019", "6222000011112222", "李大勇", "文三路"):
        assert secret not in answer.text


async def test_a_claim_above_the_cap_is_a_reason_to_look(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID
) -> None:
    product = await a_product(units, agency, await a_creditor(units, agency, kind="consumer_finance"))
    case = await a_case(units, agency, holder=mei, placement=await a_placement(units, agency, product))
    async with units.begin(the_system(agency.tenant_id)) as unit:
        account = (await unit.session.scalars(select(Account).where(Account.case_id == case.id))).one()
        account.loan_on, account.principal_fen, account.interest_fen = date(2025, 3, 4), 100_000, 30_000
    await signed_in_as(client, units, agency, mei)
    notice = (await client.get(f"{CASES}/{case.id}")).json()["rate_notice"]
    assert (notice["implied"], notice["cap"], notice["excess_fen"]) == ("30.00%", "24.00%", 6_000)


async def test_linked_cases_are_those_one_may_see(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, boss: UUID
) -> None:
    debtor = await a_debtor(units, agency)
    case = await a_case(units, agency, holder=mei, debtor=debtor, serial_no="A")
    await a_case(units, agency, debtor=debtor, serial_no="B")
    await signed_in_as(client, units, agency, mei)
    assert (await client.get(f"{CASES}/{case.id}/linked")).json() == []
    assert (await client.get(f"{CASES}/{case.id}")).json()["linked_count"] == 0
    await signed_in_as(client, units, agency, boss)
    assert [line["serial_no"] for line in (await client.get(f"{CASES}/{case.id}/linked")).json()] == ["B"]
    assert (await client.get(f"{CASES}/{case.id}")).json()["linked_count"] == 1


async def test_a_number_is_revealed_to_the_right_person_with_a_reason_that_is_kept(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, boss: UUID
) -> None:
    debtor = await a_debtor(units, agency)
    case = await a_case(units, agency, holder=mei, debtor=debtor)
    phone = await a_phone(units, agency, debtor, "13700001111")
    body = {"field": "phone", "phone_id": str(phone.id), "reason": "核对来电号码"}
    await signed_in_as(client, units, agency, mei)
    refused = await client.post(f"{CASES}/{case.id}/reveal", json=body)
    assert (refused.status_code, refused.json()["code"]) == (403, "FIELD_RIGHT_MISSING")
    await signed_in_as(client, units, agency, boss)
    assert (await client.post(f"{CASES}/{case.id}/reveal", json=body)).json() == {"value": "13700001111"}
    (entry,) = await remembered(units, agency, "case.revealed")
    assert (entry.target_id, entry.facts["reason"]) == (str(case.id), "核对来电号码")
    nameless = await client.post(f"{CASES}/{case.id}/reveal", json=body | {"field": "contact_name"})
    assert nameless.status_code == 404
    unreasoned = await client.post(f"{CASES}/{case.id}/reveal", json=body | {"reason": ""})
    assert unreasoned.status_code == 422


async def test_a_number_is_written_down_with_its_lawful_source(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID
) -> None:
    case = await a_case(units, agency, holder=mei)
    await signed_in_as(client, units, agency, mei)
    phones = f"{CASES}/{case.id}/phones"
    body = {"number": "137 0000 1111", "relation": "debtor", "source": "debtor_consent"}
    added = await client.post(phones, json=body)
    assert (added.status_code, added.json()["number_masked"], added.json()["source"]) == (
        201,
        "137****1111",
        "debtor_consent",
    )
    for wrong, code in [
        (body, "NUMBER_KNOWN"),
        (body | {"number": "12345"}, "NOT_A_PHONE_NUMBER"),
        (body | {"number": "13700001112", "name": "!!"}, "NOT_A_CONTACT_NAME"),
    ]:
        assert (await client.post(phones, json=wrong)).json()["code"] == code
    assert (await client.post(phones, json=body | {"source": "bought"})).status_code == 422


async def test_a_number_that_asked_to_stop_stays_stopped_and_suppressed(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, boss: UUID
) -> None:
    debtor = await a_debtor(units, agency)
    case = await a_case(units, agency, holder=mei, debtor=debtor)
    phone = await a_phone(units, agency, debtor, "13700001111")
    await signed_in_as(client, units, agency, mei)
    path = f"{CASES}/{case.id}/phones/{phone.id}"
    changed = (await client.patch(path, json={"asked_to_stop": True, "suppress": "本人要求", "state": "empty"})).json()
    assert changed["is_suppressed"]
    assert (changed["state"], changed["state_source"]) == ("empty", "collector")
    assert changed["asked_to_stop_at"]
    assert (await client.patch(path, json={"asked_to_stop": False})).status_code == 422
    assert (await client.get("/api/v1/casework/suppression-list")).status_code == 403
    await signed_in_as(client, units, agency, boss)
    (listed,) = (await client.get("/api/v1/casework/suppression-list")).json()["items"]
    assert (listed["number_masked"], listed["reason"]) == ("137****1111", "本人要求")
    again = await client.post("/api/v1/casework/suppression-list", json={"number": "13700001111", "reason": "再次要求"})
    assert again.json()["code"] == "NUMBER_SUPPRESSED"
    owner = await a_person(units, agency, "owner")
    await signed_in_as(client, units, agency, owner)
    path = f"/api/v1/casework/suppression-list/{listed['id']}"
    assert (await client.delete(path, params={"reason": "客户书面撤回"})).status_code == 204
    assert (await client.delete(path, params={"reason": "客户书面撤回"})).status_code == 404
    (entry,) = await remembered(units, agency, "number.released")
    assert entry.facts["number"] == "137****1111"


async def test_a_returned_case_is_gone_for_its_collector(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, boss: UUID
) -> None:
    case = await a_case(units, agency, holder=mei)
    await signed_in_as(client, units, agency, mei)
    assert (await client.post(f"{CASES}/{case.id}/return", json={"reason": "委托期满"})).status_code == 403
    await signed_in_as(client, units, agency, boss)
    assert (await client.post(f"{CASES}/{case.id}/return", json={"reason": "委托期满"})).status_code == 204
    again = await client.post(f"{CASES}/{case.id}/return", json={"reason": "委托期满"})
    assert (again.status_code, again.json()["facts"]["reason"]) == (409, "case_closed")
    row = await row_of(units, agency, case)
    assert (row.state, row.closing_reason) == (State.RETURNED, "returned")
    assert row.closed_at is not None
    await signed_in_as(client, units, agency, mei)
    assert (await client.get(f"{CASES}/{case.id}")).status_code == 404
    assert (await client.get(CASES)).json()["items"] == []


async def test_retention_runs_out_by_night(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, boss: UUID, watch: Any
) -> None:
    case = await a_case(units, agency, holder=mei)
    await signed_in_as(client, units, agency, boss)
    path, body = f"{CASES}/{case.id}/retain", {"until": "2026-03-10", "reason": "协商中"}
    past = await client.post(path, json=body | {"until": "2026-03-03"})
    assert past.json()["code"] == "DAY_IS_PAST"
    seen = (await client.post(path, json=body)).json()
    assert (seen["state"], seen["due_back_on"]) == ("retained", "2026-03-10")
    run = Run(units, the_system(agency.tenant_id), 1)
    watch.pass_by(days=6)
    await END_RETENTIONS.work(run)
    assert (await row_of(units, agency, case)).state is State.RETAINED
    watch.pass_by(days=1)
    await END_RETENTIONS.work(run)
    await END_RETENTIONS.work(run)
    assert (await row_of(units, agency, case)).state is State.IN_COLLECTION


async def test_a_case_comes_back_from_court_to_whoever_holds_it(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, boss: UUID
) -> None:
    held, pooled = await a_case(units, agency, holder=mei), await a_case(units, agency, state=State.IN_COLLECTION)
    await signed_in_as(client, units, agency, boss)
    for case, state in [(held, "in_collection"), (pooled, "awaiting_allocation")]:
        path = f"{CASES}/{case.id}/legal"
        assert (await client.post(path, json={"reason": "起诉"})).json()["state"] == "legal"
        assert (await client.post(f"{path}/end", json={"reason": "撤诉"})).json()["state"] == state


async def test_a_stage_follows_the_products_table_and_every_move_is_kept(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID
) -> None:
    case = await a_case(units, agency, holder=mei, stage="early")
    await signed_in_as(client, units, agency, mei)
    path = f"{CASES}/{case.id}/stage"
    skipped = await client.post(path, json={"stage": "late", "reason": "直接升级"})
    assert (skipped.status_code, skipped.json()["facts"]["known"]) == (422, ["middle"])
    assert (await client.post(path, json={"stage": "middle", "reason": "多次失约"})).json()["stage"] == "middle"
    (entry,) = (await client.get(f"{CASES}/{case.id}/timeline")).json()["items"]
    assert (entry["kind"], entry["facts"], entry["by"]["name"]) == (
        "stage",
        {"before": "early", "after": "middle", "reason": "多次失约"},
        "梅小丽",
    )


async def test_many_cases_are_answered_one_by_one(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, boss: UUID
) -> None:
    placement = await a_placement(units, agency)
    first = await a_case(units, agency, holder=mei, placement=placement)
    closed = await a_case(units, agency, holder=mei, placement=placement, state=State.PAID_IN_FULL)
    unknown = new_id()
    await signed_in_as(client, units, agency, boss)
    ids = [str(first.id), str(closed.id), str(unknown)]
    body = {"case_ids": ids, "action": "return", "reason": "批量退案"}
    answer = (await client.post(f"{CASES}/bulk", json=body)).json()
    assert (answer["done"], answer["refused"]) == (1, 2)
    assert [(item["id"], item["done"], item["code"]) for item in answer["items"]] == [
        (ids[0], True, None),
        (ids[1], False, "CASE_STEP_REFUSED"),
        (ids[2], False, "NOT_FOUND"),
    ]
    assert len(await remembered(units, agency, "case.returned")) == 1
    for wrong in [{"action": "return", "reason": "x y"}, body | {"filter": {}}, {"case_ids": ids, "action": "retain"}]:
        assert (await client.post(f"{CASES}/bulk", json=wrong)).status_code == 422
    await signed_in_as(client, units, agency, mei)
    assert (await client.post(f"{CASES}/bulk", json=body)).status_code == 403


async def test_what_a_filter_shows_can_be_worked_at_once(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID
) -> None:
    placement = await a_placement(units, agency)
    for bucket in ("M1", "M2"):
        await a_case(units, agency, bucket, holder=mei, placement=placement)
    await a_case(units, agency, "M2", placement=placement)
    await signed_in_as(client, units, agency, mei)
    at = units.clock() + timedelta(hours=2)
    body = {"filter": {"bucket": ["M2"]}, "action": "next_action", "next_action_at": at.isoformat()}
    assert (await client.post(f"{CASES}/bulk", json=body)).json()["done"] == 1
    planned = (await client.get(CASES, params={"list": "call_backs"})).json()["items"]
    assert [line["bucket"] for line in planned] == ["M2"]


async def test_the_diary_is_woven_by_time_and_read_page_by_page(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, watch: Any
) -> None:
    case = await a_case(units, agency, holder=mei)
    for number in range(7):
        watch.pass_by(minutes=number % 2)
        async with units.begin(the_system(agency.tenant_id)) as unit:
            row = await Cases(unit).of_system(case.id)
            step = Event.LEGAL_STARTED if row.state is State.IN_COLLECTION else Event.LEGAL_ENDED
            await Cases(unit).step(row, step, f"第 {number} 步")
    await signed_in_as(client, units, agency, mei)
    path = f"{CASES}/{case.id}/timeline"
    whole = (await client.get(path)).json()["items"]
    assert len(whole) == 7
    assert [entry["at"] for entry in whole] == sorted((entry["at"] for entry in whole), reverse=True)
    read: list[str] = []
    after = None
    while True:
        page = (await client.get(path, params={"limit": 2} | ({"after": after} if after else {}))).json()
        read += [entry["id"] for entry in page["items"]]
        if (after := page["next"]) is None:
            break
    assert read == [entry["id"] for entry in whole]
    async with units.begin(the_system(agency.tenant_id)) as unit:
        assert len((await unit.session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id))).all()) == 7


async def test_another_teams_case_does_not_exist(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID
) -> None:
    team = await a_unit(units, agency)
    lan = await a_person(units, agency, "collector", unit_id=team, scope=Scope.OWN)
    case = await a_case(units, agency, holder=lan, unit_id=team)
    await signed_in_as(client, units, agency, mei)
    for method, path, body in [
        ("GET", "", None),
        ("GET", "/timeline", None),
        ("GET", "/linked", None),
        ("POST", "/phones", {"number": "13700001111", "relation": "debtor", "source": "contract"}),
        ("POST", "/stage", {"stage": "middle", "reason": "试探"}),
        ("PUT", "/next-action", {"next_action_at": None}),
    ]:
        answer = await client.request(method, f"{CASES}/{case.id}{path}", json=body)
        assert answer.status_code == 404, path
