"""Lists that leave the house: what stands in them, what stays masked, and what the log keeps of it."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from anmi.casework import words
from anmi.casework.cases.models import Case
from anmi.casework.payments.models import PaymentMethod, PaymentState
from anmi.core.audit_actions import AuditAction
from anmi.core.case_life import State
from anmi.core.permissions import FieldRight, Permission
from anmi.core.promises import PromiseState
from anmi.core.rights import EVERYTHING, Reach, Rights
from anmi.kit import exports
from anmi.kit.audit import AuditEntry
from anmi.kit.caller import the_system
from anmi.kit.unit_of_work import Units
from tests.builders.cases import a_case, a_debtor, a_phone, a_placement, an_id_number
from tests.builders.money import a_payment
from tests.builders.people import Agency, a_person, an_agency, comes_in, somebody

API = "/api/v1/casework"
NUMBER = "13712345678"


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


@pytest.fixture
async def operator(client: httpx.AsyncClient, agency: Agency) -> httpx.AsyncClient:
    comes_in(client, somebody(agency))
    return client


def rows_of(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def remembered(units: Units, agency: Agency) -> list[dict[str, Any]]:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        query = select(AuditEntry).where(AuditEntry.action == AuditAction.LIST_EXPORTED).order_by(AuditEntry.seq)
        return [entry.facts for entry in await unit.session.scalars(query)]


async def test_a_case_list_leaves_masked_and_the_log_knows_its_filter_and_length(
    operator: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    identity = an_id_number()
    debtor = await a_debtor(units, agency, name="=王小明", id_number=identity)
    await a_phone(units, agency, debtor, NUMBER)
    await a_case(units, agency, debtor=debtor, owing="1234.50", serial_no="X1")
    await a_case(units, agency, owing="10", serial_no="X2")
    answer = await operator.get(f"{API}/cases/export", params={"format": "csv", "owing_from": 2000, "q": "X1"})
    (row,) = rows_of(answer)
    assert (row["个案序列号"], row["当前欠款"], row["状态"]) == ("X1", "1234.50", "待分案")
    assert (row["本人手机"], row["证件号"]) == ("137****5678", f"{identity[:3]}***********{identity[-4:]}")
    assert row["姓名"].startswith("'=")
    assert "attachment" in answer.headers["content-disposition"]
    (facts,) = await remembered(units, agency)
    assert (facts["list"], facts["rows"], facts["format"]) == ("cases", 1, "csv")
    assert facts["filter"] == {"q": "***", "owing_from": 2000}


async def test_fields_go_out_in_full_only_with_the_right_and_a_reason(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    identity = an_id_number()
    debtor = await a_debtor(units, agency, id_number=identity)
    await a_phone(units, agency, debtor, NUMBER)
    await a_case(units, agency, debtor=debtor)
    comes_in(client, somebody(agency, Rights(EVERYTHING.reach, frozenset({FieldRight.EXPORT, FieldRight.PHONE_FULL}))))
    url = f"{API}/cases/export"
    (row,) = rows_of(await client.get(url, params={"format": "csv", "reason": "委托方核对 13800001111"}))
    assert row["本人手机"] == "137-1234-5678".replace("-", "")
    assert "*" in row["证件号"]
    (facts,) = await remembered(units, agency)
    assert facts["reason"] == "委托方核对 138******11"


async def test_without_the_right_nothing_leaves(client: httpx.AsyncClient, units: Units, agency: Agency) -> None:
    comes_in(client, somebody(agency, Rights(EVERYTHING.reach, frozenset())))
    for path in ("cases", "payments", "promises", "activities"):
        answer = await client.get(f"{API}/{path}/export")
        assert (answer.status_code, answer.json()["code"]) == (403, "FIELD_RIGHT_MISSING"), path
    assert await remembered(units, agency) == []


async def test_nobody_exports_beyond_her_own_cases(client: httpx.AsyncClient, units: Units, agency: Agency) -> None:
    person_id = await a_person(units, agency)
    await a_case(units, agency, holder=person_id, serial_no="MINE")
    await a_case(units, agency, serial_no="OTHERS")
    rights = Rights({Permission.CASES_READ: Reach(own=True)}, frozenset({FieldRight.EXPORT}))
    comes_in(client, somebody(agency, rights, person_id))
    assert [row["个案序列号"] for row in rows_of(await client.get(f"{API}/cases/export?format=csv"))] == ["MINE"]


async def test_a_list_of_many_pages_leaves_whole_and_once(
    operator: httpx.AsyncClient, units: Units, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "BATCH", 2)
    placement = await a_placement(units, agency)
    cases = [await a_case(units, agency, placement=placement) for _ in range(5)]
    answer = await operator.get(f"{API}/cases/export")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert sorted(row[0] for row in sheet[1:]) == sorted(case.serial_no for case in cases)


async def test_payments_promises_and_the_diary_leave_with_their_amounts(
    operator: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    holder = await a_person(units, agency, name="李雷")
    case: Case = await a_case(units, agency, holder=holder, serial_no="S1")
    await a_payment(units, agency, case, "12.30", reference="F1")
    (paid,) = rows_of(await operator.get(f"{API}/payments/export?format=csv&state=posted"))
    assert (paid["个案序列号"], paid["还款金额"], paid["状态"], paid["回收催收员"]) == ("S1", "12.30", "已入账", "李雷")
    phone = await a_phone(units, agency, case.debtor_id, NUMBER)
    entry = {
        "case_id": str(case.id),
        "action_code": "OB",
        "result_code": "PTP",
        "phone_id": str(phone.id),
        "note": "改打 13912345678",
        "promise": {"amount_fen": 5000, "due_on": str(date(2026, 3, 4) + timedelta(days=2))},
    }
    answer = await operator.post(f"{API}/activities", json=entry)
    assert answer.status_code == 201, answer.text
    (promise,) = rows_of(await operator.get(f"{API}/promises/export?format=csv&state=open"))
    assert (promise["承诺金额"], promise["承诺日期"], promise["状态"]) == ("50.00", "2026-03-06", "待兑现")
    (written,) = rows_of(
        await operator.get(f"{API}/activities/export", params={"format": "csv", "case_id": str(case.id)})
    )
    assert (written["催收结果"], written["联系电话"]) == ("承诺还款", "137****5678")
    assert "13912345678" not in written["催收内容"]
    assert len(await remembered(units, agency)) == 3


def test_every_code_in_a_sheet_has_a_word() -> None:
    for codes, known in (
        (State, words.CASE_STATES),
        (PaymentState, words.PAYMENT_STATES),
        (PaymentMethod, words.PAYMENT_METHODS),
        (PromiseState, words.PROMISE_STATES),
    ):
        assert set(codes) == set(known)
