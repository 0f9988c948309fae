"""From a creditor's file to cases: received sealed, checked, mended, carried over all or nothing."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
from sqlalchemy import func, select, text

from anmi.casework.cases.models import FACTS, Account, Case, CaseEvent
from anmi.casework.creditors.models import ColumnTemplate
from anmi.casework.debtors.models import ADDRESS, NAME, PHONE, Address, Debtor, Phone
from anmi.casework.placements import tasks
from anmi.casework.placements.models import Placement, PlacementState
from anmi.core.case_life import State
from anmi.entrypoints.wiring import House
from anmi.kit.caller import the_system
from anmi.kit.unit_of_work import Units
from tests.builders.cases import a_placement
from tests.builders.people import Agency, an_agency, comes_in, somebody
from tests.casework.placements.importing import API, carried_over, checked, sent, work
from tests.casework.placements.sheets import HEADER, a_case, a_csv, an_id_number, an_xlsx

RICH_HEADER = [
    *HEADER, "卡号", "剩余本金", "逾期利息", "违约金", "逾期天数", "家庭地址",
    "联系人1姓名", "联系人1关系", "联系人1手机", "渠道代码", "QQ",
]  # fmt: skip


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


@pytest.fixture
async def placement(units: Units, agency: Agency) -> Placement:
    return await a_placement(units, agency, state=PlacementState.IMPORTING)


@pytest.fixture
async def operator(client: httpx.AsyncClient, agency: Agency) -> httpx.AsyncClient:
    comes_in(client, somebody(agency))
    return client


def a_rich_case(number: int, **changes: Any) -> list[Any]:
    row = a_case(number, amount="3200.50", **changes)
    phone = f"137{number:08d}"
    more = ["6222000011112222", "3000", "150.25", "50.25", "45", "浙江省杭州市西湖区一号", "测试乙", "朋友", phone]
    return [*row, *more, "甲", "12345"]


async def test_a_file_becomes_cases_with_debtors_accounts_numbers_and_addresses(
    operator: httpx.AsyncClient, house: House, units: Units, agency: Agency, placement: Placement, tmp_path: Path
) -> None:
    path = an_xlsx(tmp_path / "委案.xlsx", [RICH_HEADER, a_rich_case(1), a_rich_case(2)])
    seen = await checked(operator, house, agency, placement.id, path)
    assert (seen["state"], seen["accepted"], seen["rejected"]) == ("checked", 2, 0)
    done = await carried_over(operator, house, agency, seen["id"])
    assert done["state"] == "committed"
    assert done["figures"] == {"cases": 2, "already_there": 0, "debtors": 2, "phones": 4, "addresses": 2}

    async with units.begin(the_system(agency.tenant_id)) as unit:
        case = (await unit.session.scalars(select(Case).order_by(Case.serial_no).limit(1))).one()
        assert (case.state, case.placed_fen, case.owing_fen) == (State.AWAITING_OPENING, 320050, 320050)
        assert (str(case.overdue_on), case.bucket, str(case.limitation_on)) == ("2026-01-19", "M2", "2029-01-19")
        assert case.due_back_on == placement.due_back_on
        assert json.loads(unit.open(FACTS, case.facts_sealed or b"")) == {
            "联系人1姓名": "测试乙",
            "联系人1关系": "朋友",
            "渠道代码": "甲",
        }
        account = (await unit.session.scalars(select(Account).where(Account.case_id == case.id))).one()
        parts = account.principal_fen, account.interest_fen, account.penalty_fen, account.fee_fen
        assert parts == (300000, 15025, 5025, 0)
        assert account.number_tail == "2222"
        debtor = await unit.session.get_one(Debtor, case.debtor_id)
        assert (unit.open(NAME, debtor.name_sealed), str(debtor.born_on)) == ("测试甲", "1990-03-07")
        phones = (await unit.session.scalars(select(Phone).where(Phone.debtor_id == debtor.id))).all()
        assert {(unit.open(PHONE, each.number_sealed), each.relation, each.source) for each in phones} == {
            ("13800000001", "debtor", "contract"),
            ("13700000001", "related_third_party", "contract"),
        }
        address = (await unit.session.scalars(select(Address).where(Address.debtor_id == debtor.id))).one()
        assert unit.open(ADDRESS, address.text_sealed) == "浙江省杭州市西湖区一号"
        event = (await unit.session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id))).one()
        assert (event.event, event.after) == ("validated", State.AWAITING_OPENING)
        batch = await unit.session.get_one(Placement, placement.id, populate_existing=True)
        assert (batch.state, batch.cases_count, batch.placed_fen) == (PlacementState.ACTIVE, 2, 640100)
        left = await unit.session.execute(text("SELECT count(*) FROM staged_cases"))
        assert left.scalar_one() == 0


async def test_parts_that_do_not_add_up_are_not_believed(
    operator: httpx.AsyncClient, house: House, units: Units, agency: Agency, placement: Placement, tmp_path: Path
) -> None:
    row = a_rich_case(1)
    row[RICH_HEADER.index("剩余本金")] = "9000"
    seen = await checked(operator, house, agency, placement.id, a_csv(tmp_path / "a.csv", [RICH_HEADER, row]))
    await carried_over(operator, house, agency, seen["id"])
    async with units.begin(the_system(agency.tenant_id)) as unit:
        account = (await unit.session.scalars(select(Account))).one()
        assert (account.principal_fen, account.interest_fen, account.fee_fen) == (320050, 0, 0)


async def test_one_debtor_with_two_cases_is_one_person_with_each_number_once(
    operator: httpx.AsyncClient, house: House, units: Units, agency: Agency, placement: Placement, tmp_path: Path
) -> None:
    same = an_id_number(7)
    rows = [HEADER, a_case(1, id_number=same), a_case(2, id_number=same, phone="13800000001")]
    seen = await checked(operator, house, agency, placement.id, a_csv(tmp_path / "a.csv", rows))
    done = await carried_over(operator, house, agency, seen["id"])
    assert (done["figures"]["cases"], done["figures"]["debtors"], done["figures"]["phones"]) == (2, 1, 1)


async def test_bad_rows_are_found_without_their_values_and_come_back_as_a_sheet_to_mend(
    operator: httpx.AsyncClient, house: House, units: Units, agency: Agency, placement: Placement, tmp_path: Path
) -> None:
    rows = [HEADER, a_case(1), a_case(2, phone="12", name="=HYPERLINK(1)"), a_case(3, amount="-5")]
    seen = await checked(operator, house, agency, placement.id, a_csv(tmp_path / "a.csv", rows))
    assert (seen["accepted"], seen["rejected"], seen["rows_total"]) == (1, 2, 3)
    ask = {"limit": 1, "is_rejected": True}
    found = (await operator.get(f"{API}/imports/{seen['id']}/findings", params=ask)).json()
    assert found["items"] == [
        {
            "row": 3,
            "is_rejected": True,
            "reasons": [
                {"code": "BAD_NAME", "column": "姓名"},
                {"code": "BAD_PHONE", "column": "本人手机"},
            ],
        }
    ]
    following = await operator.get(f"{API}/imports/{seen['id']}/findings", params=ask | {"after": found["next"]})
    assert [row["row"] for row in following.json()["items"]] == [4]

    answer = await operator.get(f"{API}/imports/{seen['id']}/findings.xlsx")
    assert answer.status_code == 200, answer.text
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    written = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert written[0] == [*HEADER, "原因"]
    assert [row[0] for row in written[1:]] == ["C00002", "C00003"]
    assert written[1][3] == "'=HYPERLINK(1)"
    assert written[2][-1] == "委案金额：金额必须大于零"

    for row in written[1:]:
        row[2], row[3], row[5] = "100", "测试丙", "13911112222"
    mended = await checked(operator, house, agency, placement.id, an_xlsx(tmp_path / "mended.xlsx", written))
    assert (mended["accepted"], mended["rejected"]) == (2, 0)
    await carried_over(operator, house, agency, seen["id"])
    done = await carried_over(operator, house, agency, mended["id"])
    assert done["figures"]["cases"] == 2
    async with units.begin(the_system(agency.tenant_id)) as unit:
        assert (await unit.session.execute(select(func.count()).select_from(Case))).scalar_one() == 3
        assert not (await unit.session.scalars(select(Case).where(Case.facts_sealed.is_not(None)))).all()


async def test_cases_that_stand_already_are_left_as_they_are(
    operator: httpx.AsyncClient, house: House, agency: Agency, placement: Placement, tmp_path: Path
) -> None:
    first = await checked(operator, house, agency, placement.id, a_csv(tmp_path / "a.csv", [HEADER, a_case(1)]))
    await carried_over(operator, house, agency, first["id"])
    rows = [HEADER, a_case(1, amount="9999"), a_case(2)]
    second = await checked(operator, house, agency, placement.id, a_csv(tmp_path / "b.csv", rows))
    done = await carried_over(operator, house, agency, second["id"])
    assert (done["figures"]["cases"], done["figures"]["already_there"]) == (1, 1)
    seen = (await operator.get(f"{API}/placements/{placement.id}")).json()
    assert (seen["cases_count"], seen["figures"]["owing_fen"]) == (2, 640100)


async def test_the_same_file_is_recognised_and_nothing_of_the_second_is_kept(
    operator: httpx.AsyncClient, house: House, agency: Agency, placement: Placement, tmp_path: Path
) -> None:
    path = a_csv(tmp_path / "a.csv", [HEADER, a_case(1)])
    first = await sent(operator, placement.id, path)
    again = await sent(operator, placement.id, path)
    assert (again.status_code, again.json()["code"]) == (409, "SAME_FILE_AGAIN")
    assert again.json()["facts"]["import_id"] == first.json()["id"]
    kept = list((house.sheet_files.folder / str(agency.tenant_id)).iterdir())
    assert [path.name for path in kept] == [f"{first.json()['id']}.sealed"]
    assert (await operator.delete(f"{API}/imports/{first.json()['id']}")).status_code == 204
    assert list((house.sheet_files.folder / str(agency.tenant_id)).iterdir()) == []
    assert (await sent(operator, placement.id, path)).status_code == 201


async def test_a_file_lies_sealed_and_is_never_left_open(
    operator: httpx.AsyncClient, house: House, agency: Agency, placement: Placement, tmp_path: Path
) -> None:
    seen = await checked(operator, house, agency, placement.id, a_csv(tmp_path / "a.csv", [HEADER, a_case(1)]))
    assert seen["preview"]["rows"][0]["cells"][3:6] == ["测*甲", "110***********0011", "138****0001"]
    assert list((house.sheet_files.folder / "reading").iterdir()) == []
    for path in house.sheet_files.folder.rglob("*"):
        assert path.is_dir() or ("测试甲".encode() not in path.read_bytes() and path.stat().st_mode & 0o077 == 0)


async def test_columns_that_were_not_understood_are_named_by_hand_and_remembered(
    operator: httpx.AsyncClient, house: House, units: Units, agency: Agency, placement: Placement, tmp_path: Path
) -> None:
    header = ["户号", *HEADER[1:5], "通讯", "渠道"]
    path = a_csv(tmp_path / "a.csv", [header, a_case(1)])
    seen = await checked(operator, house, agency, placement.id, path)
    assert (seen["state"], seen["report"]["missing_columns"]) == (
        "refused",
        ["个案序列号", "本人手机", "联系方式来源"],
    )
    columns = {"个案序列号": "户号", "本人手机": "通讯"}
    change = {"version": seen["version"], "mapping": {"columns": columns}, "declared_source": "contract"}
    answer = await operator.patch(f"{API}/imports/{seen['id']}", json=change)
    assert answer.json()["state"] == "uploaded"
    stale = await operator.patch(f"{API}/imports/{seen['id']}", json=change)
    assert stale.json()["code"] == "STALE_VERSION"
    await work(house, agency, tasks.CHECK, seen["id"])
    done = await carried_over(operator, house, agency, seen["id"])
    assert done["state"] == "committed"
    async with units.begin(the_system(agency.tenant_id)) as unit:
        template = (await unit.session.scalars(select(ColumnTemplate))).one()
        assert template.name == "cases"
        assert template.body["columns"]["个案序列号"] == "户号"
    other = a_csv(tmp_path / "b.csv", [header, a_case(2)])
    again = await checked(operator, house, agency, placement.id, other, declared_source="合同约定")
    assert (again["state"], again["accepted"]) == ("checked", 1)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", b"", "FILE_EMPTY"),
        ("a.xlsx", b"PK\x03\x04 not a workbook", "FILE_CORRUPT"),
        ("a.xlsx", b"%PDF-1.7", "FILE_TYPE_MISMATCH"),
        ("a.csv", "姓名\n甲\n".encode(), "MISSING_COLUMN"),
    ],
)
async def test_a_bad_file_is_refused_with_one_reason_and_imports_nothing(
    operator: httpx.AsyncClient,
    house: House,
    agency: Agency,
    placement: Placement,
    tmp_path: Path,
    name: str,
    content: bytes,
    reason: str,
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    seen = await checked(operator, house, agency, placement.id, path)
    assert (seen["state"], seen["report"]["file_reason"], seen["preview"]) == ("refused", reason, None)
    assert (await operator.post(f"{API}/imports/{seen['id']}/commit")).json()["code"] == "IMPORT_BUSY"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"sheet": "menus"}, "UNKNOWN_SHEET"),
        ({"declared_source": "路边捡到"}, "UNLAWFUL_SOURCE"),
        ({"template": "没有"}, "UNKNOWN_TEMPLATE"),
    ],
)
async def test_what_comes_with_a_file_is_looked_at(
    operator: httpx.AsyncClient,
    house: House,
    agency: Agency,
    placement: Placement,
    tmp_path: Path,
    fields: dict[str, str],
    code: str,
) -> None:
    answer = await sent(operator, placement.id, a_csv(tmp_path / "a.csv", [HEADER, a_case(1)]), **fields)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert list((house.sheet_files.folder / str(agency.tenant_id)).iterdir()) == []
