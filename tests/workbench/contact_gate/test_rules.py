"""Contact rules over HTTP: an agency and its creditors may make them stricter, and nobody makes them looser."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from anmi.core.contact_rules.rule_pack import RULES
from anmi.core.contact_rules.rule_words import RULE_WORDS
from anmi.core.permissions import Permission
from anmi.core.rights import Reach, Rights
from anmi.kit.unit_of_work import Units
from anmi.workbench.contact_gate.gathering import pack_with
from tests.builders.audit import remembered
from tests.builders.cases import a_creditor
from tests.builders.house import Watch
from tests.builders.people import an_agency, comes_in, somebody
from tests.workbench.contact_gate.asking import Desk, a_desk

RULES_PATH = "/api/v1/workbench/contact-rules"


@pytest.fixture
async def desk(units: Units, client: httpx.AsyncClient) -> Desk:
    desk = await a_desk(units)
    comes_in(client, somebody(desk.agency))
    return desk


def two_a_day(**facts: Any) -> dict[str, Any]:
    return {"rule_id": "CALL_EFFECTIVE_CAP", "value": [{"count": 2, "days": 1}], "source": "合同第四条"} | facts


async def test_a_stricter_row_of_the_agency_counts_at_once_and_is_remembered(
    client: httpx.AsyncClient, desk: Desk, watch: Watch
) -> None:
    made = await client.post(RULES_PATH, json=two_a_day())
    assert made.status_code == 201, made.text
    assert (made.json()["layer"], made.json()["severity"], made.json()["effective_from"]) == (
        "tenant",
        "house",
        "2026-03-04",
    )
    for _ in range(2):
        assert (await desk.ask()).allowed
        watch.pass_by(minutes=61)
    assert (await desk.ask()).rule_id == "CALL_EFFECTIVE_CAP"
    (entry,) = await remembered(desk.units, desk.agency, "contact_rule.made")
    assert entry.facts["value"] == [{"count": 2, "days": 1}]
    assert (await client.delete(f"{RULES_PATH}/{made.json()['id']}")).status_code == 204
    assert (await desk.ask()).allowed
    assert (await client.delete(f"{RULES_PATH}/{made.json()['id']}")).status_code == 404
    assert len(await remembered(desk.units, desk.agency, "contact_rule.ended")) == 1


async def test_a_row_of_one_creditor_leaves_the_cases_of_others_alone(
    client: httpx.AsyncClient, desk: Desk, watch: Watch
) -> None:
    other = await a_creditor(desk.units, desk.agency, name="别家银行")
    for creditor_id, rule_id in ((other.id, None), (desk.case.creditor_id, "HOURS_BAN")):
        body = {"rule_id": "HOURS_BAN", "value": {"from": "09:30", "to": "09:00"}, "source": "合同"}
        closed = body | {"value": {"from": "20:00", "to": "12:00"}, "creditor_id": str(creditor_id)}
        made = await client.post(RULES_PATH, json=closed)
        assert made.status_code == 201, made.text
        assert made.json()["layer"] == "creditor"
        assert (await desk.ask()).rule_id == rule_id
        watch.pass_by(minutes=61)
    listed = (await client.get(RULES_PATH)).json()
    assert [row["creditor_name"] for row in listed["rows"] if row["rule_id"] == "HOURS_BAN"] == [
        None,
        "别家银行",
        "演示银行",
    ]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (two_a_day(value=[{"count": 4, "days": 1}]), 409, "CONTACT_RULE_NOT_STRICTER"),
        ({"rule_id": "HOURS_BAN", "value": {"from": "23:00", "to": "08:00"}, "source": "x"}, 409, None),
        ({"rule_id": "CONTACT_SOURCE", "value": ["contract", "bought"], "source": "x"}, 409, None),
        (two_a_day(value=[{"count": "zwei"}]), 422, "CONTACT_RULE_UNREADABLE"),
        (two_a_day(rule_id="NO_SUCH_RULE"), 422, "CONTACT_RULE_UNREADABLE"),
        (two_a_day(effective_from="2026-03-10", effective_to="2026-03-09"), 422, "CONTACT_RULE_UNREADABLE"),
        (two_a_day(scope=[]), 422, "INVALID"),
        (two_a_day(creditor_id="00000000-0000-7000-8000-000000000000"), 404, "NOT_FOUND"),
    ],
)
async def test_a_row_that_loosens_or_cannot_be_read_is_refused_by_name(
    client: httpx.AsyncClient, desk: Desk, body: dict[str, Any], status: int, code: str | None
) -> None:
    answer = await client.post(RULES_PATH, json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code or "CONTACT_RULE_NOT_STRICTER")
    assert len((await client.get(RULES_PATH)).json()["rows"]) == len(RULES)


async def test_one_agency_does_not_see_or_end_the_rows_of_another(client: httpx.AsyncClient, desk: Desk) -> None:
    row_id = (await client.post(RULES_PATH, json=two_a_day())).json()["id"]
    comes_in(client, somebody(await an_agency(desk.units)))
    assert len((await client.get(RULES_PATH)).json()["rows"]) == len(RULES)
    assert (await client.delete(f"{RULES_PATH}/{row_id}")).status_code == 404


async def test_who_may_read_the_rules_does_not_change_them(client: httpx.AsyncClient, desk: Desk) -> None:
    comes_in(client, somebody(desk.agency, Rights({Permission.CONTACT_RULES_READ: Reach(everything=True)})))
    assert (await client.get(RULES_PATH)).status_code == 200
    assert (await client.post(RULES_PATH, json=two_a_day())).json()["code"] == "NOT_PERMITTED"


def test_every_rule_has_words() -> None:
    assert set(RULE_WORDS) == set(RULES)


def test_a_row_that_a_newer_base_pack_has_overtaken_is_passed_over_and_the_others_hold() -> None:
    base, _ = pack_with("[]")
    days = '"effective_from": "2025-02-28", "source": "x", "severity": "house", "scope": ["voice_interactive"]'
    loose = '{"row_id": "1", "rule_id": "CALL_EFFECTIVE_CAP", "value": [{"count": 9, "days": 1}], ' + days + "}"
    strict = '{"row_id": "2", "rule_id": "CALL_EFFECTIVE_CAP", "value": [{"count": 1, "days": 1}], ' + days + "}"
    pack, row_ids = pack_with(f"[{loose}, {strict}]")
    assert len(pack.rows) == len(base.rows) + 1
    assert row_ids == ("1", "2")
