"""Work orders: opened, taken, done, cancelled, late."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest

from anmi.core.permissions import Scope
from anmi.kit.unit_of_work import Units
from tests.builders.cases import a_case
from tests.builders.people import Agency, a_person, a_unit, an_agency, signed_in_as

ORDERS = "/api/v1/workbench/work-orders"


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


@pytest.fixture
async def team(units: Units, agency: Agency) -> UUID:
    return await a_unit(units, agency)


@pytest.fixture
async def mei(units: Units, agency: Agency, team: UUID) -> UUID:
    return await a_person(units, agency, "collector", unit_id=team, scope=Scope.OWN, name="梅小丽")


@pytest.fixture
async def boss(units: Units, agency: Agency, team: UUID) -> UUID:
    return await a_person(units, agency, "supervisor", unit_id=team, scope=Scope.TEAM, name="马主管")


async def test_an_order_passes_from_open_to_done(
    client: httpx.AsyncClient, units: Units, agency: Agency, team: UUID, mei: UUID, boss: UUID
) -> None:
    case = await a_case(units, agency, holder=mei, unit_id=team)
    await signed_in_as(client, units, agency, mei)
    body = {"kind": "proof_request", "title": "调取放款凭证", "case_id": str(case.id)}
    order = (await client.post(ORDERS, json=body)).json()
    assert (order["state"], order["serial_no"], order["due_at"]) == ("open", case.serial_no, "2026-03-11T10:00:00Z")
    await signed_in_as(client, units, agency, boss)
    taken = (await client.post(f"{ORDERS}/{order['id']}/take")).json()
    assert (taken["state"], taken["assignee_name"]) == ("taken", "马主管")
    assert (await client.post(f"{ORDERS}/{order['id']}/take")).json()["code"] == "WORK_ORDER_STATE"
    assert [each["id"] for each in (await client.get(ORDERS, params={"mine": True})).json()["items"]] == [order["id"]]
    done = (await client.post(f"{ORDERS}/{order['id']}/done", json={"answer": "凭证已上传"})).json()
    assert (done["state"], done["answer"]) == ("done", "凭证已上传")
    assert (await client.post(f"{ORDERS}/{order['id']}/cancel", json={"reason": "不需要"})).status_code == 409
    await signed_in_as(client, units, agency, mei)
    assert (await client.get(f"{ORDERS}/{order['id']}")).json()["state"] == "done"


async def test_an_order_that_is_late_says_so_until_it_is_done(
    client: httpx.AsyncClient, units: Units, agency: Agency, boss: UUID, watch: Any
) -> None:
    await signed_in_as(client, units, agency, boss)
    order = (await client.post(ORDERS, json={"kind": "call_back", "title": "客户要求回拨"})).json()
    assert (order["is_overdue"], (await client.get(ORDERS, params={"overdue": True})).json()["items"]) == (False, [])
    watch.pass_by(days=2)
    (late,) = (await client.get(ORDERS, params={"overdue": True})).json()["items"]
    assert late["is_overdue"]
    assert (await client.get("/api/v1/workbench/today")).json()["overdue_orders"] == 1
    await client.post(f"{ORDERS}/{order['id']}/cancel", json={"reason": "客户已联系"})
    assert (await client.get(ORDERS, params={"overdue": True})).json()["items"] == []


async def test_nobody_sees_another_teams_orders(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, boss: UUID
) -> None:
    other = await a_unit(units, agency, "二组")
    lan = await a_person(units, agency, "supervisor", unit_id=other, scope=Scope.TEAM)
    await signed_in_as(client, units, agency, boss)
    order = (await client.post(ORDERS, json={"kind": "other", "title": "本组事项"})).json()
    for stranger in (lan, mei):
        await signed_in_as(client, units, agency, stranger)
        assert (await client.get(ORDERS)).json()["items"] == []
        assert (await client.get(f"{ORDERS}/{order['id']}")).status_code == 404
        assert (await client.post(f"{ORDERS}/{order['id']}/take")).status_code == 404


async def test_an_order_for_yesterday_or_a_strangers_case_is_refused(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID
) -> None:
    case = await a_case(units, agency)
    await signed_in_as(client, units, agency, mei)
    body = {"kind": "other", "title": "x", "due_at": "2026-03-03T10:00:00+08:00"}
    assert (await client.post(ORDERS, json=body)).json()["code"] == "DUE_IN_PAST"
    strange = await client.post(ORDERS, json={"kind": "other", "title": "x", "case_id": str(case.id)})
    assert strange.status_code == 404


async def test_every_kind_has_words(client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID) -> None:
    await signed_in_as(client, units, agency, mei)
    kinds = (await client.get(f"{ORDERS}/kinds")).json()
    assert {"code": "complaint", "zh": "投诉处理", "en": "Complaint"} in kinds
