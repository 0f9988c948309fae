"""Grants: three administrators who exclude each other, and nobody who serves herself."""

from __future__ import annotations

import httpx
import pytest

from anmi.core.permissions import Permission
from anmi.core.rights import EVERYTHING, Reach, Rights
from anmi.identity.roles.models import CustomRole
from anmi.kit.caller import the_system
from anmi.kit.unit_of_work import Units
from tests.builders.audit import remembered
from tests.builders.people import Agency, a_person, a_unit, an_agency, as_caller, comes_in, somebody

PEOPLE = "/api/v1/identity/people"


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


async def grant(
    client: httpx.AsyncClient, person_id: object, *roles: str, version: int = 1, **reach: object
) -> httpx.Response:
    grants = [{"role": role, "scope": "tenant"} | reach for role in roles]
    return await client.put(f"{PEOPLE}/{person_id}/grants", json={"version": version, "grants": grants})


async def test_grants_are_replaced_and_remembered(client: httpx.AsyncClient, units: Units, agency: Agency) -> None:
    team = await a_unit(units, agency, "一组")
    person_id = await a_person(units, agency, "collector")
    comes_in(client, somebody(agency))
    answer = await grant(client, person_id, "supervisor", scope="team", unit_id=str(team))
    assert [(each["role"]["code"], each["scope"], each["unit"]["name"]) for each in answer.json()["grants"]] == [
        ("supervisor", "team", "一组")
    ]
    assert answer.json()["version"] == 2
    (entry,) = await remembered(units, agency, "grants.changed")
    assert entry.facts == {
        "before": [f"collector/tenant/{agency.root_id}"],
        "after": [f"supervisor/team/{team}"],
    }
    caller = await as_caller(units, agency, person_id)
    assert caller.rights.of(Permission.PEOPLE_READ) == Reach(own=True, unit_ids=frozenset({team}))
    assert (await grant(client, person_id, "collector")).json()["code"] == "STALE_VERSION"


@pytest.mark.parametrize(
    ("roles", "one", "other"),
    [
        (["system_administrator", "auditor"], "system_administrator", "auditor"),
        (["system_administrator", "security_administrator"], "system_administrator", "security_administrator"),
        (["auditor", "collector", "security_administrator"], "security_administrator", "auditor"),
    ],
)
async def test_the_three_administrators_exclude_each_other(
    client: httpx.AsyncClient, units: Units, agency: Agency, roles: list[str], one: str, other: str
) -> None:
    person_id = await a_person(units, agency)
    comes_in(client, somebody(agency))
    answer = await grant(client, person_id, *roles)
    assert (answer.status_code, answer.json()["code"]) == (409, "ROLES_EXCLUDE_EACH_OTHER")
    facts = answer.json()["facts"]
    assert {facts["one"], facts["other"]} == {one, other}
    assert "三员分立" in answer.json()["message"]


async def test_a_custom_role_keeps_the_wall_as_well(client: httpx.AsyncClient, units: Units, agency: Agency) -> None:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        unit.session.add(
            CustomRole(
                tenant_id=agency.tenant_id,
                code="clerk",
                name_zh="账号管理员",
                name_en="Clerk",
                permissions=["people.write"],
                field_rights=[],
                version=1,
            )
        )
    person_id = await a_person(units, agency)
    comes_in(client, somebody(agency))
    answer = await grant(client, person_id, "clerk", "auditor")
    assert answer.json()["code"] == "ROLES_EXCLUDE_EACH_OTHER"
    assert "账号管理员" in answer.json()["message"]
    english = await client.put(
        f"{PEOPLE}/{person_id}/grants",
        json={"version": 1, "grants": [{"role": role, "scope": "tenant"} for role in ("clerk", "auditor")]},
        headers={"Accept-Language": "en"},
    )
    assert english.json()["message"] == "Nobody may be both Clerk and Auditor (separation of administrators)"
    assert (await grant(client, person_id, "clerk")).status_code == 200


async def test_nobody_changes_her_own_grants(client: httpx.AsyncClient, units: Units, agency: Agency) -> None:
    me = await a_person(units, agency, "security_administrator")
    comes_in(client, somebody(agency, EVERYTHING, me))
    answer = await grant(client, me, "auditor")
    assert (answer.status_code, answer.json()["code"]) == (403, "OWN_GRANTS")
    assert len(await remembered(units, agency, "request.refused")) == 1


async def test_no_agency_gives_the_rights_of_the_platform(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    person_id = await a_person(units, agency)
    comes_in(client, somebody(agency))
    answer = await grant(client, person_id, "platform_operator")
    assert (answer.status_code, answer.json()["code"]) == (403, "PLATFORM_ONLY")


async def test_a_role_or_a_unit_of_another_agency_is_unknown(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    other = await an_agency(units)
    person_id = await a_person(units, agency)
    comes_in(client, somebody(agency))
    assert (await grant(client, person_id, "astronaut")).json()["code"] == "UNKNOWN_ROLE"
    foreign = await grant(client, person_id, "collector", unit_id=str(other.root_id))
    assert (foreign.status_code, foreign.json()["code"]) == (422, "UNKNOWN_UNIT")


async def test_nobody_gives_or_takes_what_reaches_further_than_she_does(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    branch = await a_unit(units, agency, "华东分部")
    team = await a_unit(units, agency, "一组", branch)
    person_id = await a_person(units, agency, unit_id=team)
    comes_in(client, somebody(agency, Rights({Permission.GRANTS_WRITE: Reach(unit_ids=frozenset({team}))})))
    for scope in ("tenant", "subtree", "team"):
        answer = await grant(client, person_id, "supervisor", scope=scope, unit_id=str(branch))
        assert answer.json()["code"] == "GRANT_BEYOND_REACH", scope
    given = await grant(client, person_id, "supervisor", scope="team", unit_id=str(team))
    assert given.status_code == 200, given.text

    comes_in(client, somebody(agency))
    await grant(client, person_id, "supervisor", version=2)
    comes_in(client, somebody(agency, Rights({Permission.GRANTS_WRITE: Reach(unit_ids=frozenset({team}))})))
    taken = await grant(client, person_id, version=3)
    assert taken.json()["code"] == "GRANT_BEYOND_REACH"
    beside = {"role": "collector", "scope": "own"}
    kept = {"role": "supervisor", "scope": "tenant"}
    both = await client.put(f"{PEOPLE}/{person_id}/grants", json={"version": 3, "grants": [beside, kept]})
    assert both.status_code == 200, both.text


async def test_people_out_of_reach_are_given_nothing(client: httpx.AsyncClient, units: Units, agency: Agency) -> None:
    team = await a_unit(units, agency)
    person_id = await a_person(units, agency)
    comes_in(client, somebody(agency, Rights({Permission.GRANTS_WRITE: Reach(unit_ids=frozenset({team}))})))
    assert (await grant(client, person_id, "collector", scope="own")).status_code == 404
