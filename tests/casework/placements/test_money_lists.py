"""Sheets of payments, and of creditors' answers to concessions: what they book, and what they refuse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from anmi.casework.cases.models import Case
from anmi.casework.payments.models import Payment, PaymentMethod, PaymentState
from anmi.casework.placements.models import Placement
from anmi.core.permissions import Permission
from anmi.core.rights import EVERYTHING, Reach, Rights
from anmi.entrypoints.wiring import House
from anmi.kit.caller import the_system
from anmi.kit.unit_of_work import Units
from tests.builders.cases import a_case, a_placement
from tests.builders.concessions import Floor
from tests.builders.money import a_payment, the_book
from tests.builders.people import Agency, an_agency, comes_in, somebody
from tests.casework.placements.importing import API, carried_over, checked, sent
from tests.casework.placements.sheets import a_csv

HEADER = ["个案序列号", "还款金额", "还款日期", "还款人", "还款方式", "流水号"]


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


@pytest.fixture
async def placement(units: Units, agency: Agency) -> Placement:
    return await a_placement(units, agency)


@pytest.fixture
async def cases(units: Units, agency: Agency, placement: Placement) -> list[Case]:
    return [await a_case(units, agency, placement=placement, serial_no=number) for number in ("A1", "A2", "A3")]


@pytest.fixture
async def operator(client: httpx.AsyncClient, agency: Agency) -> httpx.AsyncClient:
    comes_in(client, somebody(agency))
    return client


async def payments_of(units: Units, agency: Agency, case: Case) -> list[Payment]:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        query = select(Payment).where(Payment.case_id == case.id).order_by(Payment.id)
        return list(await unit.session.scalars(query.execution_options(populate_existing=True)))


def codes(found: list[dict[str, Any]]) -> dict[int, list[str]]:
    return {row["row"]: [reason["code"] for reason in row["reasons"]] for row in found}


async def test_payments_of_a_sheet_are_booked_to_the_fen_and_a_paid_case_closes(
    operator: httpx.AsyncClient,
    house: House,
    units: Units,
    agency: Agency,
    placement: Placement,
    cases: list[Case],
    tmp_path: Path,
) -> None:
    rows = [
        HEADER,
        ["A1", "￥1,200.50", "2026-03-03", "测试甲", "银行代扣", "F001"],
        ["A1", "100", "2026/3/4", "", "", "F002"],
        ["A2", "3200.00", "20260302", "测试乙", "柜台", ""],
        ["A2", "-5", "2026-03-02", "", "", ""],
        ["A3", "50", "2026-03-05", "", "", ""],
        ["A3", "", "", "", "", ""],
        ["A1", "100", "2026-03-04", "", "", "F002"],
        ["Z9", "1", "2026-03-01", "", "", ""],
        ["合计", "4500.50", "", "", "", ""],
    ]
    seen = await checked(operator, house, agency, placement.id, a_csv(tmp_path / "a.csv", rows), sheet="payments")
    assert (seen["state"], seen["accepted"], seen["rejected"], seen["report"]["skipped"]) == ("checked", 3, 5, 1)
    assert seen["report"]["total_fen"] == 450050
    assert seen["preview"]["rows"][0]["cells"][3:] == ["测*甲", "银行代扣", "****"]
    found = (await operator.get(f"{API}/imports/{seen['id']}/findings")).json()["items"]
    assert codes(found) == {
        5: ["AMOUNT_NOT_POSITIVE"],
        6: ["PAID_IN_FUTURE"],
        7: ["MISSING_REQUIRED", "MISSING_REQUIRED"],
        8: ["DUPLICATE_ROW"],
        9: ["CASE_UNKNOWN"],
    }
    done = await carried_over(operator, house, agency, seen["id"])
    assert (done["state"], done["figures"]) == ("committed", {"done": 3, "already_there": 0})
    one, two = await the_book(units, agency, cases[0]), await the_book(units, agency, cases[1])
    assert (one.case.paid_fen, one.case.owing_fen, one.adds_up()) == (130050, 189950, True)
    assert (two.case.owing_fen, two.case.state) == (0, "paid_in_full")
    first, second = await payments_of(units, agency, cases[0])
    assert (first.state, first.method, first.reference) == (PaymentState.POSTED, PaymentMethod.AUTO_DEBIT, "F001")
    assert (second.method, str(second.paid_on)) == (PaymentMethod.BANK_TRANSFER, "2026-03-04")


async def test_the_same_payments_in_another_file_are_booked_once(
    operator: httpx.AsyncClient,
    house: House,
    units: Units,
    agency: Agency,
    placement: Placement,
    cases: list[Case],
    tmp_path: Path,
) -> None:
    rows = [HEADER, ["A1", "100", "2026-03-03", "", "", "F001"], ["A2", "3200", "2026-03-03", "", "", ""]]
    path = a_csv(tmp_path / "a.csv", rows)
    seen = await checked(operator, house, agency, placement.id, path, sheet="payments")
    await carried_over(operator, house, agency, seen["id"])
    again = await sent(operator, placement.id, path, sheet="payments")
    assert (again.status_code, again.json()["code"]) == (409, "SAME_FILE_AGAIN")
    rows.append(["A1", "100", "2026-03-03", "", "", "F002"])
    seen = await checked(operator, house, agency, placement.id, a_csv(tmp_path / "b.csv", rows), sheet="payments")
    assert (seen["accepted"], seen["rejected"]) == (3, 0)
    done = await carried_over(operator, house, agency, seen["id"])
    assert done["figures"] == {"done": 1, "already_there": 2}
    assert [payment.reference for payment in await payments_of(units, agency, cases[0])] == ["F001", "F002"]
    assert len(await payments_of(units, agency, cases[1])) == 1


async def test_a_claim_is_booked_by_the_row_that_brings_its_money(
    operator: httpx.AsyncClient,
    house: House,
    units: Units,
    agency: Agency,
    placement: Placement,
    cases: list[Case],
    tmp_path: Path,
) -> None:
    body = {"case_id": str(cases[0].id), "amount_fen": 5000, "paid_on": "2026-03-01", "method": "app", "note": ""}
    claim = await operator.post(f"{API}/payments", json=body)
    assert claim.status_code == 201, claim.text
    await a_payment(units, agency, cases[0], "70")
    rows = [HEADER, ["A1", "50", "2026-03-03", "", "", ""], ["A1", "70", "2026-03-04", "", "", "F9"]]
    seen = await checked(operator, house, agency, placement.id, a_csv(tmp_path / "a.csv", rows), sheet="payments")
    done = await carried_over(operator, house, agency, seen["id"])
    assert done["figures"] == {"done": 1, "already_there": 1}
    payments = await payments_of(units, agency, cases[0])
    assert [(one.amount_fen, one.state) for one in payments] == [(5000, "posted"), (7000, "posted")]


async def test_whoever_may_not_post_payments_brings_no_sheet_of_them(
    operator: httpx.AsyncClient, agency: Agency, placement: Placement, cases: list[Case], tmp_path: Path
) -> None:
    reach = {**EVERYTHING.reach, Permission.PAYMENTS_POST: Reach(own=True)}
    comes_in(operator, somebody(agency, Rights(reach)))
    path = a_csv(tmp_path / "a.csv", [HEADER, ["A1", "1", "2026-03-03", "", "", ""]])
    refused = await sent(operator, placement.id, path, sheet="payments")
    assert (refused.status_code, refused.json()["code"]) == (403, "SHEET_NOT_YOURS")
    assert cases


class TestAnswers:
    """A floor where concessions wait for the creditor, who answers by a sheet."""

    @pytest.fixture
    async def floor(self, client: httpx.AsyncClient, units: Units, agency: Agency) -> Floor:
        return await Floor(client, units, agency).open()

    async def waiting(self, floor: Floor) -> dict[str, Any]:
        """Bring a settlement to where the creditor has to answer."""
        one = await floor.asked("lump_sum_settlement", to_pay_fen=100000)
        for person_id in (floor.supervisor, floor.operations):
            if one["state"] != "creditor_review":
                one = await floor.done(person_id, f"/{one['id']}/approve", version=one["version"])
        assert one["state"] == "creditor_review"
        return one

    async def brought(self, floor: Floor, house: House, path: Path) -> dict[str, Any]:
        client = await floor.by(floor.operations)
        return await checked(client, house, floor.agency, floor.case.placement_id, path, sheet="concessions")

    async def test_a_grant_for_another_sum_is_written_down_until_its_day(
        self, floor: Floor, house: House, agency: Agency, tmp_path: Path
    ) -> None:
        one = await self.waiting(floor)
        header = ["个案序列号", "减免结果", "批复还款金额", "有效期", "备注"]
        rows = [header, [floor.case.serial_no, "同意", "900", "2026-03-20", "总行批复"]]
        seen = await self.brought(floor, house, a_csv(tmp_path / "a.csv", rows))
        assert (seen["accepted"], seen["rejected"]) == (1, 0), seen
        done = await carried_over(floor.client, house, agency, seen["id"])
        assert done["figures"] == {"done": 1, "already_there": 0}
        now = await floor.now(one["id"])
        assert (now["state"], now["payable_fen"], now["valid_until"]) == ("approved", 90000, "2026-03-20")
        assert now["steps"][-1]["note"] == "总行批复"
        rows[1][4] = "再次"
        seen = await self.brought(floor, house, a_csv(tmp_path / "b.csv", rows))
        found = (await floor.client.get(f"{API}/imports/{seen['id']}/findings")).json()["items"]
        assert codes(found) == {2: ["NO_CONCESSION_WAITING"]}

    async def test_a_refusal_needs_neither_sum_nor_day(
        self, floor: Floor, house: House, agency: Agency, tmp_path: Path
    ) -> None:
        one = await self.waiting(floor)
        rows = [["案件号", "结果", "批复金额", "有效期至"], [floor.case.serial_no, "不同意", "", ""]]
        seen = await self.brought(floor, house, a_csv(tmp_path / "a.csv", rows))
        await carried_over(floor.client, house, agency, seen["id"])
        assert (await floor.now(one["id"]))["state"] == "rejected"

    @pytest.mark.parametrize(
        ("cells", "reason"),
        [
            (["看情况", "900", "2026-03-20"], "BAD_ANSWER"),
            (["", "", "2026-03-20"], "MISSING_REQUIRED"),
            (["同意", "900", ""], "MISSING_REQUIRED"),
            (["同意", "900", "2026-03-01"], "VALID_UNTIL_PAST"),
            (["同意", "99999", "2026-03-20"], "APPROVED_OUT_OF_RANGE"),
        ],
    )
    async def test_an_answer_that_cannot_be_is_a_finding(
        self, floor: Floor, house: House, tmp_path: Path, cells: list[str], reason: str
    ) -> None:
        await self.waiting(floor)
        rows = [["个案序列号", "减免结果", "批复还款金额", "有效期"], [floor.case.serial_no, *cells]]
        seen = await self.brought(floor, house, a_csv(tmp_path / "a.csv", rows))
        found = (await floor.client.get(f"{API}/imports/{seen['id']}/findings")).json()["items"]
        assert codes(found) == {2: [reason]}

    async def test_a_debt_that_has_changed_is_asked_anew(
        self, floor: Floor, house: House, units: Units, agency: Agency, tmp_path: Path
    ) -> None:
        await self.waiting(floor)
        await a_payment(units, agency, floor.case, "10")
        rows = [["个案序列号", "批复还款金额", "有效期"], [floor.case.serial_no, "900", "2026-03-20"]]
        seen = await self.brought(floor, house, a_csv(tmp_path / "a.csv", rows))
        found = (await floor.client.get(f"{API}/imports/{seen['id']}/findings")).json()["items"]
        assert codes(found) == {2: ["DEBT_CHANGED"]}
