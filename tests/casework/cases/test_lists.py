"""Case lists: what is found, counted and paged, and what it costs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import event

from anmi.casework.cases import listing
from anmi.casework.cases.service import CaseList, day_of, visible
from anmi.core.case_life import State
from anmi.core.permissions import Permission, Scope
from anmi.core.rights import Reach, Rights
from anmi.entrypoints.wiring import House
from anmi.kit.unit_of_work import Units
from tests.builders.cases import a_case, a_creditor, a_debtor, a_phone, a_placement, a_product
from tests.builders.people import Agency, a_person, a_unit, an_agency, comes_in, signed_in_as, somebody

CASES = "/api/v1/casework/cases"


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


async def serials(client: httpx.AsyncClient, **query: Any) -> list[str]:
    answer = await client.get(CASES, params={"sort": "created"} | query)
    assert answer.status_code == 200, answer.text
    return [case["serial_no"] for case in answer.json()["items"]]


async def test_a_line_says_what_the_collector_needs_and_her_supervisor_sees_the_holder(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    product = await a_product(units, agency, await a_creditor(units, agency, name="演示银行"), name="信用卡")
    placement = await a_placement(units, agency, product, code="B1")
    mei = await a_person(units, agency, "collector", scope=Scope.OWN, name="梅小丽")
    debtor = await a_debtor(units, agency, "张晓明")
    await a_case(units, agency, "M2", "3200.50", mei, placement=placement, debtor=debtor, serial_no="S1")
    await signed_in_as(client, units, agency, mei)
    (line,) = (await client.get(CASES)).json()["items"]
    assert line["debtor"] == {"id": str(debtor.id), "name": "张晓明"}
    assert (line["creditor"]["name"], line["product"]["name"], line["placement"]["name"]) == (
        "演示银行",
        "信用卡",
        "B1",
    )
    assert (line["bucket"], line["dpd"], line["owing_fen"]) == ("M2", 35, 320_050)
    assert line["holder"] == {"id": str(mei), "name": "梅小丽"}
    assert (line["is_held"], line["is_special"], line["state"]) == (False, False, "in_collection")


async def test_who_does_not_work_a_case_sees_the_debtors_name_masked(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    await a_case(units, agency, debtor=await a_debtor(units, agency, "张晓明"))
    await signed_in_as(client, units, agency, await a_person(units, agency, "inspector"))
    answer = await client.get(CASES)
    assert answer.json()["items"][0]["debtor"]["name"] == "张*明"
    assert "张晓明" not in answer.text


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("张晓明", ["S1"]),
        ("张", []),
        ("13700001111", ["S1"]),
        ("+86 137-0000-1111", ["S1"]),
        ("1111", ["S1"]),
        ("330106199005170019", ["S1"]),
        ("330106199005170027", []),
        ("S2", ["S2"]),
        ("HT-2026-8", ["S2"]),
        ("6222000011112222", ["S2"]),
        ("2222", ["S2"]),
        ("%", []),
        ("", ["S1", "S2"]),
    ],
)
async def test_a_case_is_found_by_what_people_type(
    client: httpx.AsyncClient, units: Units, agency: Agency, q: str, found: list[str]
) -> None:
    placement = await a_placement(units, agency)
    zhang = await a_debtor(units, agency, "张晓明", "330106199005170019")
    await a_phone(units, agency, zhang, "13700001111")
    wang = await a_debtor(units, agency, "王芳", "330106199005170360")
    await a_case(units, agency, placement=placement, debtor=zhang, serial_no="S1", account_no="6222000033334444")
    await a_case(
        units,
        agency,
        placement=placement,
        debtor=wang,
        serial_no="S2",
        account_no="6222000011112222",
        contract_no="HT-2026-8",
    )
    comes_in(client, somebody(agency))
    assert await serials(client, q=q) == found


async def test_filters_narrow_and_add_up(client: httpx.AsyncClient, units: Units, agency: Agency) -> None:
    one, other = await a_placement(units, agency), await a_placement(units, agency)
    branch = await a_unit(units, agency, "华东")
    team = await a_unit(units, agency, "一组", branch)
    mei = await a_person(units, agency, "collector", unit_id=team)
    now = units.clock()
    await a_case(units, agency, "M1", "100", placement=one, serial_no="A", last_result="NA")
    await a_case(units, agency, "M3", "900", mei, team, placement=one, serial_no="B", next_action_at=now)
    await a_case(
        units,
        agency,
        "M7+",
        "5000",
        placement=other,
        serial_no="C",
        state=State.ON_HOLD,
        stage="late",
        last_activity_at=now - timedelta(days=10),
    )
    comes_in(client, somebody(agency))
    for query, found in [
        ({"state": ["on_hold", "in_collection"]}, ["B", "C"]),
        ({"bucket": "M1"}, ["A"]),
        ({"bucket": ["M3", "M7+"]}, ["B", "C"]),
        ({"bucket": "X9"}, []),
        ({"stage": "late"}, ["C"]),
        ({"creditor_id": str(one.creditor_id)}, ["A", "B"]),
        ({"placement_id": str(other.id)}, ["C"]),
        ({"product_id": str(one.product_id)}, ["A", "B"]),
        ({"holder_id": str(mei)}, ["B"]),
        ({"unit_id": str(branch)}, ["B"]),
        ({"pool": "true"}, ["A", "C"]),
        ({"pool": "false"}, ["B"]),
        ({"owing_from": 10_000, "owing_to": 90_000}, ["A", "B"]),
        ({"dpd_from": 61}, ["B", "C"]),
        ({"dpd_to": 5}, ["A"]),
        ({"next_action_before": (now + timedelta(hours=1)).isoformat()}, ["B"]),
        ({"last_result": "NA"}, ["A"]),
        ({"no_activity_days": 7}, ["A", "B", "C"]),
        ({"hold": "true"}, []),
        ({"special": "false", "bucket": "M1"}, ["A"]),
        ({"reach": "dead"}, []),
    ]:
        assert await serials(client, **query) == found, query
        figures = (await client.get(f"{CASES}/figures", params=query)).json()
        assert figures["count"] == len(found), query


async def test_a_bucket_is_todays_and_moves_with_the_days(
    client: httpx.AsyncClient, units: Units, agency: Agency, watch: Any
) -> None:
    await a_case(units, agency, "M1", serial_no="A")
    comes_in(client, somebody(agency))
    assert await serials(client, bucket="M1") == ["A"]
    watch.pass_by(days=26)
    assert (await serials(client, bucket="M1"), await serials(client, bucket="M2")) == ([], ["A"])
    figures = (await client.get(f"{CASES}/figures")).json()
    assert figures["by_bucket"] == {"M2": {"count": 1, "owing_fen": 320_000}}


async def test_figures_are_the_sum_of_what_the_list_shows(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    placement = await a_placement(units, agency)
    for number, bucket in enumerate(["M1", "M1", "M2"]):
        await a_case(units, agency, bucket, f"{100 + number}.25", placement=placement)
    comes_in(client, somebody(agency))
    figures = (await client.get(f"{CASES}/figures")).json()
    assert (figures["count"], figures["owing_fen"]) == (3, 30_375)
    assert figures["by_bucket"] == {"M1": {"count": 2, "owing_fen": 20_150}, "M2": {"count": 1, "owing_fen": 10_225}}
    assert figures["by_state"] == {"awaiting_allocation": {"count": 3, "owing_fen": 30_375}}


async def test_who_is_in_a_hurry_counts_no_further_than_asked(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    placement = await a_placement(units, agency)
    for _ in range(3):
        await a_case(units, agency, "M1", "100", placement=placement)
    comes_in(client, somebody(agency))
    few = (await client.get(f"{CASES}/figures", params={"most": 2})).json()
    assert few == {"count": 2, "is_more": True, "owing_fen": 0, "by_state": {}, "by_bucket": {}}
    all_of_them = (await client.get(f"{CASES}/figures", params={"most": 3})).json()
    assert (all_of_them["count"], all_of_them["is_more"], all_of_them["owing_fen"]) == (3, False, 30_000)


async def test_a_list_of_the_day_is_counted_up_to_an_end(units: Units, agency: Agency) -> None:
    mei = await a_person(units, agency, "collector")
    placement = await a_placement(units, agency)
    for _ in range(3):
        await a_case(units, agency, "M1", "100", mei, placement=placement)
    async with units.begin(somebody(agency)) as unit:
        counted = await listing.counts(unit.session, [visible(unit)], day_of(unit), 2)
    assert (counted[CaseList.ALL], counted[CaseList.NEW_CASES], counted[CaseList.CALL_BACKS]) == (2, 2, 0)


@pytest.mark.parametrize(
    "sort",
    ["created", "-created", "owing", "-owing", "dpd", "-dpd", "next_action_at", "-last_activity_at", "-priority"],
)
@pytest.mark.parametrize("is_own", [True, False])
async def test_paging_shows_every_case_once_in_any_order(
    client: httpx.AsyncClient, units: Units, agency: Agency, sort: str, is_own: bool
) -> None:
    mei = await a_person(units, agency, "collector")
    rights = Rights({Permission.CASES_READ: Reach(own=True, everything=not is_own)})
    placement = await a_placement(units, agency)
    start = datetime(2026, 3, 1, tzinfo=UTC)
    for number in range(7):
        at = start + timedelta(hours=number // 2) if number % 3 else None
        await a_case(
            units,
            agency,
            ["M1", "M2", "M3"][number % 3],
            f"{number // 2}.00",
            mei,
            placement=placement,
            next_action_at=at,
            last_activity_at=at,
            priority=number % 2,
        )
    comes_in(client, somebody(agency, rights, mei))
    whole = [case["id"] for case in (await client.get(CASES, params={"sort": sort})).json()["items"]]
    pages: list[str] = []
    after: str | None = None
    while True:
        page = (await client.get(CASES, params={"sort": sort, "limit": 2} | ({"after": after} if after else {}))).json()
        pages += [case["id"] for case in page["items"]]
        if (after := page["next"]) is None:
            break
    assert pages == whole
    assert len(set(pages)) == 7


async def test_the_longest_overdue_come_first_and_no_date_comes_last(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    placement = await a_placement(units, agency)
    now = units.clock()
    await a_case(units, agency, "M1", placement=placement, serial_no="A")
    await a_case(units, agency, "M3", placement=placement, serial_no="B", next_action_at=now)
    await a_case(units, agency, "M2", placement=placement, serial_no="C", next_action_at=now - timedelta(days=1))
    comes_in(client, somebody(agency))
    assert await serials(client, sort="-dpd") == ["B", "C", "A"]
    assert await serials(client, sort="dpd") == ["A", "C", "B"]
    assert await serials(client, sort="next_action_at") == ["C", "B", "A"]
    assert await serials(client, sort="-next_action_at") == ["B", "C", "A"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"sort": "name"}, 422),
        ({"after": "nonsense"}, 422),
        ({"state": "sleeping"}, 422),
        ({"owing_from": -1}, 422),
        ({"next_action_before": "2026-03-04T10:00:00"}, 422),
        ({"list": "everything"}, 422),
        ({"limit": 201}, 422),
    ],
)
async def test_a_question_that_makes_no_sense_is_refused_with_a_sentence(
    client: httpx.AsyncClient, agency: Agency, query: dict[str, Any], status: int
) -> None:
    comes_in(client, somebody(agency))
    answer = await client.get(CASES, params=query)
    assert answer.status_code == status
    assert answer.json()["message"]


async def test_a_long_list_costs_no_more_statements_than_a_short_one(
    client: httpx.AsyncClient, units: Units, agency: Agency, house: House
) -> None:
    comes_in(client, somebody(agency))
    placement = await a_placement(units, agency)

    async def statements() -> int:
        seen: list[str] = []

        def note(*arguments: object) -> None:
            seen.append(str(arguments[2]))

        event.listen(house.database.engine.sync_engine, "before_cursor_execute", note)
        await client.get(CASES)
        event.remove(house.database.engine.sync_engine, "before_cursor_execute", note)
        return len(seen)

    await a_case(units, agency, placement=placement)
    few = await statements()
    for _ in range(12):
        await a_case(units, agency, placement=placement)
    assert await statements() == few <= 6


async def test_saved_views_are_hers_alone(client: httpx.AsyncClient, units: Units, agency: Agency) -> None:
    mei = await a_person(units, agency, "collector", scope=Scope.OWN)
    lan = await a_person(units, agency, "collector", scope=Scope.OWN)
    views, body = "/api/v1/casework/views", {"name": "大额", "body": {"owing_from": 500_000}}
    await signed_in_as(client, units, agency, mei)
    made = (await client.post(views, params={"list": "cases"}, json=body)).json()
    assert made["body"] == {"owing_from": 500_000}
    again = await client.post(views, params={"list": "cases"}, json=body)
    assert (again.status_code, again.json()["code"]) == (409, "VIEW_NAME_TAKEN")
    changed = await client.put(f"{views}/{made['id']}", json={"version": 1, "name": "大额案件", "body": {}})
    assert (changed.json()["name"], changed.json()["version"]) == ("大额案件", 2)
    stale = await client.put(f"{views}/{made['id']}", json={"version": 1, "name": "x", "body": {}})
    assert stale.json()["code"] == "STALE_VERSION"
    await signed_in_as(client, units, agency, lan)
    assert (await client.get(views, params={"list": "cases"})).json() == []
    assert (await client.delete(f"{views}/{made['id']}")).status_code == 404
    await signed_in_as(client, units, agency, mei)
    assert (await client.delete(f"{views}/{made['id']}")).status_code == 204
    assert (await client.get(views, params={"list": "cases"})).json() == []
    assert isinstance(UUID(made["id"]), UUID)
