"""Sheets that follow a placement: cases taken back, further numbers and addresses, balances told anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from anmi.casework.cases.models import Account, Case
from anmi.casework.debtors.models import ADDRESS, PHONE, Address, Phone
from anmi.casework.placements.models import Placement
from anmi.core.case_life import State
from anmi.entrypoints.wiring import House
from anmi.kit.caller import the_system
from anmi.kit.live import News
from anmi.kit.unit_of_work import Units
from tests.builders.cases import a_case, a_placement
from tests.builders.people import Agency, a_person, an_agency, comes_in, somebody
from tests.casework.placements.importing import API, carried_over, checked
from tests.casework.placements.sheets import a_csv


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


@pytest.fixture
async def placement(units: Units, agency: Agency) -> Placement:
    return await a_placement(units, agency)


@pytest.fixture
async def cases(units: Units, agency: Agency, placement: Placement) -> list[Case]:
    numbers = ("A1", "A2", "A3")
    return [await a_case(units, agency, placement=placement, serial_no=number) for number in numbers]


@pytest.fixture
async def operator(client: httpx.AsyncClient, agency: Agency) -> httpx.AsyncClient:
    comes_in(client, somebody(agency))
    return client


async def rows_of(units: Units, agency: Agency, table: Any) -> list[Any]:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        found = await unit.session.scalars(select(table).execution_options(populate_existing=True))
        return sorted(found, key=lambda row: row.id)


async def test_a_list_takes_back_the_cases_it_names(
    operator: httpx.AsyncClient,
    house: House,
    units: Units,
    agency: Agency,
    placement: Placement,
    cases: list[Case],
    tmp_path: Path,
) -> None:
    rows = [["个案序列号", "撤案原因"], ["A1", "已和解"], ["A2", ""], ["Z9", ""], ["A1", ""], ["合计", "3"]]
    seen = await checked(operator, house, agency, placement.id, a_csv(tmp_path / "a.csv", rows), sheet="recalls")
    assert (seen["state"], seen["accepted"], seen["rejected"], seen["report"]["skipped"]) == ("checked", 2, 2, 1)
    found = (await operator.get(f"{API}/imports/{seen['id']}/findings")).json()["items"]
    assert [(row["row"], row["reasons"][0]["code"]) for row in found] == [(4, "CASE_UNKNOWN"), (5, "DUPLICATE_ROW")]
    done = await carried_over(operator, house, agency, seen["id"])
    assert (done["state"], done["figures"]) == ("committed", {"done": 2, "already_there": 0})
    states = [case.state for case in await rows_of(units, agency, Case)]
    assert states == [State.RECALLED, State.RECALLED, State.AWAITING_ALLOCATION]


async def test_who_holds_a_case_that_is_taken_back_hears_of_it_at_once(
    operator: httpx.AsyncClient,
    house: House,
    units: Units,
    agency: Agency,
    placement: Placement,
    tmp_path: Path,
) -> None:
    holder = await a_person(units, agency)
    for number in ("B1", "B2", "B3"):
        await a_case(units, agency, placement=placement, serial_no=number, holder=holder)
    told: list[News] = []
    units.ears.append(lambda _, news: told.append(news))
    rows = [["个案序列号", "撤案原因"], ["B1", "已和解"], ["B3", ""]]
    seen = await checked(operator, house, agency, placement.id, a_csv(tmp_path / "b.csv", rows), sheet="recalls")
    await carried_over(operator, house, agency, seen["id"])
    heard = [news.about for news in told if news.topic == "cases" and news.kind == "CasesStepped"]
    assert heard == [{"unit_id": agency.root_id, "holder_id": holder, "count": 2}]


async def test_further_numbers_come_with_their_source_and_are_not_doubled(
    operator: httpx.AsyncClient,
    house: House,
    units: Units,
    agency: Agency,
    placement: Placement,
    cases: list[Case],
    tmp_path: Path,
) -> None:
    rows = [
        ["个案序列号", "联系电话", "联系人姓名", "与本人关系"],
        ["A1", "13800001111", "", "本人"],
        ["A1", "13800001111、13900002222", "测试乙", "担保人"],
        ["A2", "12", "测试丙", "朋友"],
    ]
    path = a_csv(tmp_path / "a.csv", rows)
    seen = await checked(operator, house, agency, placement.id, path, sheet="phones", declared_source="合同约定")
    assert (seen["accepted"], seen["rejected"]) == (2, 1)
    assert seen["preview"]["rows"][1]["cells"][0] == "A1"
    assert "13900002222" not in str(seen)
    done = await carried_over(operator, house, agency, seen["id"])
    assert done["figures"]["done"] == 2
    async with units.begin(the_system(agency.tenant_id)) as unit:
        phones = {unit.open(PHONE, row.number_sealed): row for row in await unit.session.scalars(select(Phone))}
    told = {number: (row.relation, row.source, row.debtor_id) for number, row in phones.items()}
    assert told == {
        "13800001111": ("debtor", "contract", cases[0].debtor_id),
        "13900002222": ("guarantor", "contract", cases[0].debtor_id),
    }


async def test_addresses_are_added_once(
    operator: httpx.AsyncClient,
    house: House,
    units: Units,
    agency: Agency,
    placement: Placement,
    cases: list[Case],
    tmp_path: Path,
) -> None:
    rows = [["案件号", "地址", "地址类型", "来源"], ["A1", "杭州市西湖区一号", "单位", "合同约定"]]
    seen = await checked(operator, house, agency, placement.id, a_csv(tmp_path / "a.csv", rows), sheet="addresses")
    assert seen["accepted"] == 1, seen
    assert seen["preview"]["rows"][0]["cells"][1] == "杭州市西湖区***"
    await carried_over(operator, house, agency, seen["id"])
    async with units.begin(the_system(agency.tenant_id)) as unit:
        address = (await unit.session.scalars(select(Address))).one()
        assert (unit.open(ADDRESS, address.text_sealed), address.kind) == ("杭州市西湖区一号", "work")


async def test_balances_are_told_anew_and_the_case_owes_what_its_parts_add_up_to(
    operator: httpx.AsyncClient,
    house: House,
    units: Units,
    agency: Agency,
    placement: Placement,
    cases: list[Case],
    tmp_path: Path,
) -> None:
    rows = [
        ["个案序列号", "最新欠款金额", "本金", "利息", "违约金", "滞纳金"],
        ["A1", "1,000.00", "900", "50", "30", "20"],
        ["A2", "500", "1", "", "", ""],
        ["A3", "-5", "", "", "", ""],
    ]
    seen = await checked(operator, house, agency, placement.id, a_csv(tmp_path / "a.csv", rows), sheet="balances")
    assert (seen["accepted"], seen["rejected"]) == (2, 1)
    done = await carried_over(operator, house, agency, seen["id"])
    assert done["figures"]["done"] == 2
    owing = [case.owing_fen for case in await rows_of(units, agency, Case)]
    assert owing == [100000, 50000, 320000]
    parts = {
        account.case_id: (account.principal_fen, account.interest_fen, account.penalty_fen, account.fee_fen)
        for account in await rows_of(units, agency, Account)
    }
    assert [parts[case.id] for case in cases] == [(90000, 5000, 5000, 0), (50000, 0, 0, 0), (320000, 0, 0, 0)]


async def test_a_list_without_its_columns_is_refused_and_read_another_way(
    operator: httpx.AsyncClient,
    house: House,
    agency: Agency,
    placement: Placement,
    cases: list[Case],
    tmp_path: Path,
) -> None:
    path = a_csv(tmp_path / "a.csv", [["个案序列号", "通讯"], ["A1", "13800001111"]])
    seen = await checked(operator, house, agency, placement.id, path, sheet="phones")
    assert (seen["state"], seen["report"]["missing_columns"]) == ("refused", ["电话", "联系方式来源"])
    change = {"version": seen["version"], "mapping": {"columns": {"饭菜": "通讯"}}}
    wrong = await operator.patch(f"{API}/imports/{seen['id']}", json=change)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "TEMPLATE_UNREADABLE")
    assert cases
