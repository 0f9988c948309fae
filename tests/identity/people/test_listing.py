"""Finding people: within one's reach, by number, name, phone or last four, a page at a time."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import event

from anmi.core.permissions import FieldRight, Permission, Scope
from anmi.core.rights import EVERYTHING, Reach, Rights
from anmi.entrypoints.wiring import House
from anmi.identity.people.models import PersonState
from anmi.kit.unit_of_work import Units
from tests.builders.audit import remembered
from tests.builders.people import Agency, a_person, a_unit, an_agency, comes_in, signed_in_as, somebody

PEOPLE = "/api/v1/identity/people"


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


async def numbers(client: httpx.AsyncClient, **query: object) -> list[str]:
    answer = await client.get(PEOPLE, params=query)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    return [person["employee_no"] for person in answer.json()["items"]]


async def test_a_person_is_listed_with_her_phone_masked(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    person_id = await a_person(
        units, agency, "collector", name="欧阳晓", phone="13800138000", employee_no="A001", scope=Scope.OWN
    )
    comes_in(client, somebody(agency))
    body = (await client.get(PEOPLE)).json()
    assert body["total"] == 1
    (person,) = body["items"]
    assert person["id"] == str(person_id)
    assert (person["name"], person["phone_masked"]) == ("欧阳晓", "138****8000")
    assert person["roles"] == [{"code": "collector", "name_zh": "催收员", "name_en": "Collector"}]
    assert person["unit"] == {"id": str(agency.root_id), "name": "演示催收公司"}
    assert (person["state"], person["totp_enrolled"], person["grants"]) == ("active", False, None)
    assert "13800138000" not in str(body)


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("A0", ["A001", "A002"]),
        ("a001", ["A001"]),
        ("李四", ["A002"]),
        ("李", []),
        ("138 0013 8000", ["A001"]),
        ("8000", ["A001"]),
        ("0138", []),
        ("%", []),
        ("_001", []),
        ("", ["A001", "A002"]),
    ],
)
async def test_people_are_found_by_number_name_phone_or_last_four(
    client: httpx.AsyncClient, units: Units, agency: Agency, q: str, found: list[str]
) -> None:
    await a_person(units, agency, employee_no="A001", name="张三", phone="13800138000")
    await a_person(units, agency, employee_no="A002", name="李四", phone="13900139001")
    comes_in(client, somebody(agency))
    assert await numbers(client, q=q) == found


async def test_a_list_can_be_narrowed_to_a_branch_a_role_or_a_state(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    branch = await a_unit(units, agency, "华东分部")
    team = await a_unit(units, agency, "一组", branch)
    await a_person(units, agency, "owner", employee_no="R1")
    await a_person(units, agency, "supervisor", "collector", unit_id=branch, employee_no="B1")
    await a_person(units, agency, "collector", unit_id=team, employee_no="C1", state=PersonState.DISABLED)
    comes_in(client, somebody(agency))
    assert await numbers(client, unit_id=branch) == ["B1", "C1"]
    assert await numbers(client, role="collector") == ["B1", "C1"]
    assert await numbers(client, state="disabled") == ["C1"]
    assert await numbers(client, state="active") == ["B1", "R1"]
    assert await numbers(client, state="locked") == []


async def test_a_supervisor_sees_only_her_subtree(client: httpx.AsyncClient, units: Units, agency: Agency) -> None:
    branch = await a_unit(units, agency, "华东分部")
    team = await a_unit(units, agency, "一组", branch)
    await a_person(units, agency, "owner", employee_no="R1")
    boss = await a_person(units, agency, "supervisor", unit_id=branch, scope=Scope.SUBTREE, employee_no="B1")
    hers = await a_person(units, agency, "collector", unit_id=team, employee_no="C1")
    foreign = await a_person(units, agency, "collector", employee_no="D1")
    await signed_in_as(client, units, agency, boss)
    assert await numbers(client) == ["B1", "C1"]
    assert (await client.get(f"{PEOPLE}/{hers}")).status_code == 200
    hidden = await client.get(f"{PEOPLE}/{foreign}")
    assert (hidden.status_code, hidden.json()["code"]) == (404, "NOT_FOUND")


async def test_whoever_reaches_only_her_own_sees_herself(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    me = await a_person(units, agency, employee_no="A1")
    await a_person(units, agency, employee_no="A2")
    comes_in(client, somebody(agency, Rights({Permission.PEOPLE_READ: Reach(own=True)}), me))
    assert await numbers(client) == ["A1"]


async def test_pages_follow_each_other_without_gap_or_repetition(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    for number in range(7):
        await a_person(units, agency, employee_no=f"P{number}")
    comes_in(client, somebody(agency))
    for sort, expected in (("employee_no", 1), ("-employee_no", -1), ("created_at", 1), ("-created_at", -1)):
        seen: list[str] = []
        after: str | None = None
        while True:
            query = {"limit": 3, "sort": sort} | ({"after": after} if after else {})
            body = (await client.get(PEOPLE, params=query)).json()
            assert body["total"] == 7
            seen += [person["employee_no"] for person in body["items"]]
            after = body["next"]
            if after is None:
                break
        assert seen == [f"P{number}" for number in range(7)][::expected]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"sort": "name"}, "UNKNOWN_SORT"),
        ({"after": "???"}, "BAD_CURSOR"),
        ({"after": "WyJcdTAwMDAiLCAiMDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwIl0"}, "BAD_CURSOR"),
        ({"limit": 0}, "INVALID"),
        ({"limit": 5000}, "INVALID"),
        ({"q": "\x00"}, "INVALID"),
        ({"unit_id": "x"}, "INVALID"),
    ],
)
async def test_a_senseless_question_is_refused_by_name(
    client: httpx.AsyncClient, agency: Agency, query: dict[str, str], code: str
) -> None:
    comes_in(client, somebody(agency))
    answer = await client.get(PEOPLE, params=query)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_a_longer_list_asks_the_database_no_more_often(
    client: httpx.AsyncClient, units: Units, agency: Agency, house: House
) -> None:
    comes_in(client, somebody(agency))
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    async def count(people: int) -> int:
        for _ in range(people):
            await a_person(units, agency, "collector", "supervisor")
        asked.clear()
        event.listen(house.database.engine.sync_engine, "before_cursor_execute", note)
        try:
            assert len(await numbers(client, limit=200)) >= people
        finally:
            event.remove(house.database.engine.sync_engine, "before_cursor_execute", note)
        return len([statement for statement in asked if "SAVEPOINT" not in statement])

    few = await count(1)
    many = await count(20)
    assert few == many <= 3


async def test_without_the_right_nothing_is_listed(client: httpx.AsyncClient, units: Units, agency: Agency) -> None:
    comes_in(client, somebody(agency, Rights()))
    answer = await client.get(PEOPLE)
    assert (answer.status_code, answer.json()["code"]) == (403, "NOT_PERMITTED")


async def test_a_phone_is_shown_to_a_right_and_a_reason_and_the_reason_is_kept(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    person_id = await a_person(units, agency, phone="13800138000")
    comes_in(client, somebody(agency))
    ask = {"field": "phone", "reason": "核对 13800138000 的登记"}
    answer = await client.post(f"{PEOPLE}/{person_id}/reveal", json=ask)
    assert answer.json() == {"value": "13800138000"}
    (entry,) = await remembered(units, agency, "person.revealed")
    assert (entry.target_id, entry.facts) == (str(person_id), {"field": "phone", "reason": "核对 138******00 的登记"})

    for reason in (" ", "", "x" * 201, "a\nb"):
        asked = {"field": "phone", "reason": reason}
        assert (await client.post(f"{PEOPLE}/{person_id}/reveal", json=asked)).status_code == 422

    without = Rights(EVERYTHING.reach, frozenset({FieldRight.EXPORT}))
    comes_in(client, somebody(agency, without))
    refused = await client.post(f"{PEOPLE}/{person_id}/reveal", json=ask)
    assert (refused.status_code, refused.json()["code"]) == (403, "FIELD_RIGHT_MISSING")
    (entry,) = await remembered(units, agency, "request.refused")
    assert (entry.outcome, entry.facts["field_right"]) == ("refused", "phone.full")
