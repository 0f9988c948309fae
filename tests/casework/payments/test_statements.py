"""A statement is taken once, what is certain is booked, and the rest waits for a human. All persons are made up."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from anmi.casework.cases.models import Case
from anmi.casework.creditors.models import Creditor
from anmi.casework.payments.tasks import RECONCILE
from anmi.core.permissions import Scope
from anmi.kit.caller import the_system
from anmi.kit.jobs import Run
from anmi.kit.unit_of_work import Units
from tests.builders.cases import a_case, a_creditor, a_debtor, a_placement, a_product
from tests.builders.house import Watch
from tests.builders.money import the_book
from tests.builders.people import Agency, a_person, an_agency, comes_in, signed_in_as, somebody

STATEMENTS = "/api/v1/casework/statements"
LINES = "/api/v1/casework/statement-lines"
HEADER = "交易日期,贷方金额,对方户名,卡号,个案序列号,交易流水号"


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


@pytest.fixture
async def desk(client: httpx.AsyncClient, agency: Agency) -> httpx.AsyncClient:
    comes_in(client, somebody(agency))
    return client


@pytest.fixture
async def creditor(units: Units, agency: Agency) -> Creditor:
    return await a_creditor(units, agency)


@pytest.fixture
async def cases(units: Units, agency: Agency, creditor: Creditor) -> dict[str, Case]:
    placement = await a_placement(units, agency, await a_product(units, agency, creditor))
    people = {"张晓明": "622200001111", "李小红": "622200002222", "王大力": "622200002222"}
    return {
        name: await a_case(
            units,
            agency,
            owing="1000",
            placement=placement,
            debtor=await a_debtor(units, agency, name),
            account_no=number,
            serial_no=f"SN-{name}",
        )
        for name, number in people.items()
    }


async def upload(desk: httpx.AsyncClient, creditor: Creditor, *rows: str, name: str = "回款.csv") -> httpx.Response:
    content = "\n".join(["演示银行回款明细", HEADER, *rows]).encode("gb18030")
    return await desk.post(
        f"{STATEMENTS}/uploads", files={"file": (name, content)}, data={"creditor_id": str(creditor.id)}
    )


async def reconciled(desk: httpx.AsyncClient, units: Units, agency: Agency, answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 201, answer.text
    statement_id = answer.json()["statement"]["id"]
    await RECONCILE.work(Run(units, the_system(agency.tenant_id), 1), statement_id=statement_id)
    return (await desk.get(f"{STATEMENTS}/{statement_id}")).json()


async def lines_of(desk: httpx.AsyncClient, **query: Any) -> dict[int, dict[str, Any]]:
    answer = await desk.get(LINES, params=query)
    return {line["row"]: line for line in answer.json()["items"]}


async def test_what_is_certain_is_booked_and_the_rest_waits_for_a_human(
    desk: httpx.AsyncClient, units: Units, agency: Agency, creditor: Creditor, cases: dict[str, Case]
) -> None:
    claim = {"case_id": str(cases["李小红"].id), "amount_fen": 20_000, "paid_on": "2026-03-02"}
    claimed = (await desk.post("/api/v1/casework/payments", json=claim)).json()
    answer = await upload(
        desk,
        creditor,
        "2026-03-03,100.00,张*明,尾号1111,,F1",
        "2026-03-03,200,李小红,,,F2",
        "2026-03-03,300,,,SN-王大力,F3",
        "2026-03-03,50,,2222,,F4",
        "2026-03-03,60,赵不识,9999,,F5",
        "2026-03-99,70,赵不识,9999,,F6",
        "合计,710,,,,",
    )
    taken = answer.json()
    assert taken["rejected"] == [{"row": 8, "reason": "BAD_DATE"}]
    assert (taken["statement"]["lines_count"], taken["statement"]["total_fen"]) == (5, 71_000)
    done = await reconciled(desk, units, agency, answer)
    assert (done["waiting"], done["matched"], done["left"]) == (0, 3, 2)
    assert (done["waiting_fen"], done["matched_fen"], done["left_fen"], done["set_aside_fen"]) == (0, 60_000, 11_000, 0)
    owing = {name: (await the_book(units, agency, case)).case.owing_fen for name, case in cases.items()}
    assert owing == {"张晓明": 90_000, "李小红": 80_000, "王大力": 70_000}
    lines = await lines_of(desk)
    assert lines[4]["payment_id"] == claimed["id"]
    assert (await desk.get(f"/api/v1/casework/payments/{claimed['id']}")).json()["state"] == "posted"
    assert (lines[6]["state"], lines[6]["doubt"]) == ("proposed", "several_fit")
    assert {one["debtor_name_masked"] for one in lines[6]["candidates"]} == {"李*红", "王*力"}
    assert (lines[7]["state"], lines[7]["doubt"], lines[7]["payer_masked"]) == ("unmatched", "nobody_fits", "赵*识")
    assert set(await lines_of(desk, state=["proposed", "unmatched"])) == {6, 7}


async def test_a_human_books_what_the_house_is_not_sure_of(
    desk: httpx.AsyncClient, units: Units, agency: Agency, creditor: Creditor, cases: dict[str, Case]
) -> None:
    await reconciled(
        desk, units, agency, await upload(desk, creditor, "2026-03-03,50,,2222,,F4", "2026-03-03,60,赵不识,,,F5")
    )
    lines = await lines_of(desk)
    case = cases["王大力"]
    matched = await desk.post(f"{LINES}/{lines[3]['id']}/match", json={"case_id": str(case.id)})
    assert (matched.json()["state"], matched.json()["candidates"]) == ("matched", [])
    assert (await the_book(units, agency, case)).case.owing_fen == 95_000
    twice = await desk.post(f"{LINES}/{lines[3]['id']}/match", json={"case_id": str(case.id)})
    assert (twice.status_code, twice.json()["code"]) == (409, "STATEMENT_LINE_DONE")
    aside = await desk.post(f"{LINES}/{lines[4]['id']}/set-aside", json={"reason": "非本机构案件"})
    assert (aside.json()["state"], aside.json()["doubt"]) == ("set_aside", "非本机构案件")
    nothing = await desk.post(f"{LINES}/{lines[4]['id']}/match", json={})
    assert nothing.status_code == 422


async def test_a_reversed_payment_puts_its_line_back_on_the_worklist(
    desk: httpx.AsyncClient, units: Units, agency: Agency, creditor: Creditor, cases: dict[str, Case]
) -> None:
    await reconciled(desk, units, agency, await upload(desk, creditor, "2026-03-03,100,张晓明,1111,,F1"))
    line = (await lines_of(desk))[3]
    address = f"/api/v1/casework/payments/{line['payment_id']}/reverse"
    assert (await desk.post(address, json={"reason": "匹配错误"})).status_code == 200
    line = (await lines_of(desk))[3]
    assert (line["state"], line["doubt"], line["payment_id"]) == ("unmatched", "payment_reversed", None)
    assert (await the_book(units, agency, cases["张晓明"])).adds_up()


async def test_the_same_statement_is_taken_once_and_the_same_line_booked_once(
    desk: httpx.AsyncClient, units: Units, agency: Agency, creditor: Creditor, cases: dict[str, Case], watch: Watch
) -> None:
    row = "2026-03-03,100,张晓明,1111,,F1"
    await reconciled(desk, units, agency, await upload(desk, creditor, row))
    again = await upload(desk, creditor, row, name="回款(1).csv")
    assert (again.status_code, again.json()["code"]) == (409, "STATEMENT_IMPORTED")
    watch.pass_by(minutes=1)
    longer = await reconciled(desk, units, agency, await upload(desk, creditor, row, "2026-03-04,10,张晓明,1111,,F9"))
    assert (longer["matched"], longer["left"]) == (1, 1)
    (left,) = (await lines_of(desk, state="unmatched")).values()
    assert left["doubt"] == "seen_before"
    assert (await the_book(units, agency, cases["张晓明"])).case.paid_fen == 11_000
    page = (await desk.get(STATEMENTS)).json()["items"]
    assert [one["lines_count"] for one in page] == [2, 1]


async def test_a_job_that_runs_twice_books_once(
    desk: httpx.AsyncClient, units: Units, agency: Agency, creditor: Creditor, cases: dict[str, Case]
) -> None:
    answer = await upload(desk, creditor, "2026-03-03,100,张晓明,1111,,F1")
    await reconciled(desk, units, agency, answer)
    await reconciled(desk, units, agency, answer)
    assert (await the_book(units, agency, cases["张晓明"])).case.paid_fen == 10_000


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("空.csv", b""),
        ("坏.xlsx", b"PK\x03\x04 not a workbook"),
        ("无列.csv", "姓名,备注\n张三,无".encode()),
        ("无数据.csv", "交易日期,金额\n".encode()),
        ("图.png", b"\x89PNG"),
    ],
)
async def test_what_is_no_statement_gets_one_clear_sentence(
    desk: httpx.AsyncClient, creditor: Creditor, name: str, content: bytes
) -> None:
    answer = await desk.post(
        f"{STATEMENTS}/uploads", files={"file": (name, content)}, data={"creditor_id": str(creditor.id)}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "STATEMENT_REFUSED")
    assert answer.json()["message"].startswith("对账单无法导入：")
    assert (await desk.get(STATEMENTS)).json()["items"] == []


async def test_statements_are_for_those_who_book_money(
    client: httpx.AsyncClient, units: Units, agency: Agency, creditor: Creditor
) -> None:
    await signed_in_as(client, units, agency, await a_person(units, agency, "collector", scope=Scope.OWN))
    for path in (STATEMENTS, LINES):
        assert (await client.get(path)).status_code == 403
    assert (await upload(client, creditor, "2026-03-03,100,张晓明,1111,,F1")).status_code == 403
