"""Creditors are taken on, their terms are versions never edited in force, and products have tables that fit."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

import httpx
import pytest

from anmi.casework.creditors.service import Creditors
from anmi.core.permissions import Permission
from anmi.core.rights import Reach, Rights
from anmi.kit.caller import the_system
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import Units
from tests.builders.audit import remembered
from tests.builders.house import Watch
from tests.builders.people import Agency, a_person, an_agency, comes_in, signed_in_as, somebody

CREDITORS = "/api/v1/casework/creditors"
PACT = {"effective_from": "2026-01-01", "body": {"promise": {"days": 2}}}


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


@pytest.fixture
async def desk(client: httpx.AsyncClient, agency: Agency) -> httpx.AsyncClient:
    comes_in(client, somebody(agency))
    return client


async def added(desk: httpx.AsyncClient, code: str = "CMB", name: str = "演示银行") -> str:
    answer = await desk.post(CREDITORS, json={"code": code, "name": name, "kind": "bank"})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def test_a_creditor_is_taken_on_found_and_changed(desk: httpx.AsyncClient, units: Units, agency: Agency) -> None:
    creditor_id = await added(desk)
    await added(desk, "XJ", "示例消费金融")
    page = (await desk.get(CREDITORS, params={"q": "消费"})).json()
    assert [row["code"] for row in page["items"]] == ["XJ"]
    seen = (await desk.get(f"{CREDITORS}/{creditor_id}")).json()
    changed = await desk.patch(f"{CREDITORS}/{creditor_id}", json={"version": seen["version"], "state": "ended"})
    assert changed.json()["state"] == "ended"
    stale = await desk.patch(f"{CREDITORS}/{creditor_id}", json={"version": seen["version"], "name": "别的"})
    assert (stale.status_code, stale.json()["code"]) == (409, "STALE_VERSION")
    assert [row["code"] for row in (await desk.get(CREDITORS, params={"state": "active"})).json()["items"]] == ["XJ"]
    assert len(await remembered(units, agency, "creditor.changed")) == 1


async def test_no_two_creditors_share_a_code(desk: httpx.AsyncClient) -> None:
    await added(desk)
    again = await desk.post(CREDITORS, json={"code": "CMB", "name": "另一家", "kind": "private"})
    assert (again.status_code, again.json()["code"]) == (409, "CREDITOR_CODE_TAKEN")


async def test_each_day_has_the_terms_agreed_for_it(desk: httpx.AsyncClient, units: Units, agency: Agency) -> None:
    creditor_id = await added(desk)
    assert (await desk.put(f"{CREDITORS}/{creditor_id}/terms", json=PACT)).status_code == 200
    later = {"effective_from": "2026-04-01", "body": {"promise": {"days": 5, "share": "0.9"}}}
    assert (await desk.put(f"{CREDITORS}/{creditor_id}/terms", json=later)).status_code == 200
    async with units.begin(the_system(agency.tenant_id)) as unit:
        creditors = Creditors(unit)
        assert (await creditors.terms_on(UUID(creditor_id), date(2025, 12, 31))).promise.days == 0
        assert (await creditors.terms_on(UUID(creditor_id), date(2026, 3, 31))).promise.days == 2
        assert (await creditors.terms_on(UUID(creditor_id), date(2026, 4, 1))).promise.share == Fraction(9, 10)
    listed = (await desk.get(f"{CREDITORS}/{creditor_id}/terms")).json()
    assert [row["effective_from"] for row in listed] == ["2026-04-01", "2026-01-01"]


async def test_terms_in_force_are_never_edited_but_coming_ones_may_be(desk: httpx.AsyncClient, watch: Watch) -> None:
    creditor_id = await added(desk)
    address = f"{CREDITORS}/{creditor_id}/terms"
    await desk.put(address, json=PACT)
    again = await desk.put(address, json=PACT)
    assert (again.status_code, again.json()["code"]) == (409, "TERMS_IN_FORCE")
    before = await desk.put(address, json=PACT | {"effective_from": "2026-02-01"})
    assert before.status_code == 409
    coming = PACT | {"effective_from": "2026-05-01"}
    assert (await desk.put(address, json=coming)).json()["version"] == 1
    assert (await desk.put(address, json=coming | {"body": {"promise": {"days": 9}}})).json()["version"] == 2
    watch.pass_by(days=90)
    assert (await desk.put(address, json=coming)).status_code == 409


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"allocation_order": ["principal"]}, "INVALID"),
        ({"allocation_order": ["principal", "principal", "interest", "fee", "late_charge"]}, "INVALID"),
        ({"concessions": {"kinds": ["case_withdrawal"]}}, "TERMS_UNREADABLE"),
        ({"concessions": {"delegated": {"fee_waiver": "1.5"}}}, "INVALID"),
        ({"concessions": {"most_instalments": 61}}, "INVALID"),
        ({"commission": [{"mode": "slice", "steps": [{"from": "5", "rate": "0.1"}]}]}, "TERMS_UNREADABLE"),
        ({"commission": [{"mode": "slice", "steps": [{"from": "0", "rate": 0.1}]}]}, "INVALID"),
        ({"contact_rules": [{"rule_id": "NONE"}]}, "TERMS_UNREADABLE"),
        ({"surprise": 1}, "INVALID"),
    ],
)
async def test_terms_that_cannot_be_read_are_refused(desk: httpx.AsyncClient, body: dict[str, Any], code: str) -> None:
    creditor_id = await added(desk)
    answer = await desk.put(f"{CREDITORS}/{creditor_id}/terms", json={"effective_from": "2026-01-01", "body": body})
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def call_cap(most: int) -> dict[str, Any]:
    return {
        "contact_rules": [
            {
                "rule_id": "CALL_MIN_GAP",
                "value": {"minutes": most},
                "source": "合同第八条",
                "effective_from": "2026-01-01",
                "scope": ["voice_interactive"],
                "severity": "contract",
            }
        ]
    }


async def test_a_creditor_may_only_tighten_contact_rules(desk: httpx.AsyncClient) -> None:
    address = f"{CREDITORS}/{await added(desk)}/terms"
    loose = await desk.put(address, json={"effective_from": "2026-01-01", "body": call_cap(1)})
    assert (loose.status_code, loose.json()["code"]) == (422, "TERMS_LOOSEN_RULES"), loose.text
    assert loose.json()["facts"] == {"rules": "CALL_MIN_GAP"}
    strict = await desk.put(address, json={"effective_from": "2026-01-01", "body": call_cap(600)})
    assert strict.status_code == 200


async def test_a_product_has_the_usual_tables_or_its_own(desk: httpx.AsyncClient) -> None:
    address = f"{CREDITORS}/{await added(desk)}/products"
    usual = (await desk.post(address, json={"code": "CARD", "name": "信用卡"})).json()
    assert [row["code"] for row in usual["buckets"]][:2] == ["M0", "M1"]
    assert [row["code"] for row in usual["stages"]] == ["early", "middle", "late"]
    own = [{"code": "A", "min_dpd": 0, "max_dpd": 90}, {"code": "B", "min_dpd": 91}]
    changed = await desk.patch(f"{CREDITORS}/products/{usual['id']}", json={"version": 1, "buckets": own})
    assert changed.json()["buckets"] == own
    gap = [{"code": "A", "min_dpd": 0, "max_dpd": 90}, {"code": "B", "min_dpd": 95}]
    refused = await desk.patch(f"{CREDITORS}/products/{usual['id']}", json={"version": 2, "buckets": gap})
    assert (refused.status_code, refused.json()["code"]) == (422, "PRODUCT_TABLE_UNREADABLE")
    twice = await desk.post(address, json={"code": "CARD", "name": "信用卡"})
    assert (twice.status_code, twice.json()["code"]) == (409, "PRODUCT_CODE_TAKEN")
    assert [row["code"] for row in (await desk.get(address)).json()] == ["CARD"]


async def test_who_may_only_look_changes_nothing(desk: httpx.AsyncClient, agency: Agency) -> None:
    creditor_id = await added(desk)
    comes_in(desk, somebody(agency, Rights({Permission.CREDITORS_READ: Reach(everything=True)})))
    assert (await desk.get(f"{CREDITORS}/{creditor_id}")).status_code == 200
    assert (await desk.put(f"{CREDITORS}/{creditor_id}/terms", json=PACT)).status_code == 403
    assert (await desk.post(CREDITORS, json={"code": "N", "name": "新", "kind": "bank"})).status_code == 403


async def test_another_agency_sees_none_of_it(client: httpx.AsyncClient, units: Units, agency: Agency) -> None:
    comes_in(client, somebody(agency))
    creditor_id = await added(client)
    other = await an_agency(units)
    await signed_in_as(client, units, other, await a_person(units, other, "operations"))
    assert (await client.get(CREDITORS)).json()["items"] == []
    for path in (creditor_id, f"{creditor_id}/terms", f"{creditor_id}/products", str(new_id())):
        assert (await client.get(f"{CREDITORS}/{path}")).status_code == 404
