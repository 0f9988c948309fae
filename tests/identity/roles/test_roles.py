"""Roles of an agency's own making, behind the wall between its three administrators."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from anmi.core.permissions import FieldRight, Permission
from anmi.core.rights import EVERYTHING
from anmi.core.roles import BUILT_IN_ROLES
from anmi.kit.unit_of_work import Units
from tests.builders.audit import remembered
from tests.builders.people import Agency, a_person, an_agency, as_caller, comes_in, somebody, the_platform

ROLES = "/api/v1/identity/roles"


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


@pytest.fixture
def administrator(client: httpx.AsyncClient, agency: Agency) -> httpx.AsyncClient:
    comes_in(client, somebody(agency))
    return client


def a_role(code: str = "night_lead", **changes: Any) -> dict[str, Any]:
    return {
        "code": code,
        "name_zh": "夜班组长",
        "name_en": "Night lead",
        "permissions": ["people.read"],
        "field_rights": ["recording.play"],
    } | changes


async def roles(client: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    return {role["code"]: role for role in (await client.get(ROLES)).json()["items"]}


async def test_every_agency_has_the_built_in_roles_but_not_the_platforms(
    administrator: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    await a_person(units, agency, "collector")
    found = await roles(administrator)
    assert found.keys() == BUILT_IN_ROLES.keys() - {"platform_operator"}
    assert (found["collector"]["people_count"], found["collector"]["built_in"]) == (1, True)
    assert [code for code, role in found.items() if role["totp_required"]] == [
        "system_administrator",
        "security_administrator",
        "auditor",
    ]
    assert (await administrator.get(f"{ROLES}/collector")).json() == found["collector"]


async def test_the_platform_has_its_operator(client: httpx.AsyncClient, units: Units) -> None:
    platform = await the_platform(units)
    comes_in(client, somebody(platform))
    assert "platform_operator" in await roles(client)


async def test_an_agency_makes_changes_and_removes_a_role(
    administrator: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    added = await administrator.post(ROLES, json=a_role())
    assert (added.status_code, added.json()["version"], added.json()["built_in"]) == (201, 1, False)
    person_id = await a_person(units, agency, "night_lead")
    change = {"version": 1, "permissions": ["jobs.read"], "field_rights": []}
    changed = await administrator.patch(f"{ROLES}/night_lead", json=change)
    assert (changed.json()["permissions"], changed.json()["name_zh"]) == (["jobs.read"], "夜班组长")
    assert (changed.json()["people_count"], changed.json()["version"]) == (1, 2)
    rights = (await as_caller(units, agency, person_id)).rights
    assert rights.may(Permission.JOBS_READ)
    assert not rights.may(Permission.PEOPLE_READ)
    assert FieldRight.RECORDING_PLAY not in rights.field_rights
    stale = await administrator.patch(f"{ROLES}/night_lead", json={"version": 1, "name_zh": "甲"})
    assert stale.json()["code"] == "STALE_VERSION"
    held = await administrator.delete(f"{ROLES}/night_lead")
    assert (held.status_code, held.json()["code"], held.json()["facts"]) == (409, "ROLE_IN_USE", {"people": 1})
    await administrator.post(ROLES, json=a_role("nobodys"))
    assert (await administrator.delete(f"{ROLES}/nobodys")).status_code == 204
    assert "nobodys" not in await roles(administrator)
    (entry,) = await remembered(units, agency, "role.changed")
    assert entry.facts == {
        "before": {"permissions": ["people.read"], "field_rights": ["recording.play"]},
        "after": {"permissions": ["jobs.read"], "field_rights": []},
    }
    assert [len(await remembered(units, agency, f"role.{verb}")) for verb in ("added", "removed")] == [2, 1]


@pytest.mark.parametrize(
    ("role", "status", "code"),
    [
        (a_role("collector"), 409, "ROLE_CODE_TAKEN"),
        (a_role("taken"), 409, "ROLE_CODE_TAKEN"),
        (a_role("Night"), 422, "INVALID"),
        (a_role("夜班"), 422, "INVALID"),
        (a_role(permissions=["moon.read"]), 422, "INVALID"),
        (a_role(permissions=["people.write", "audit.read"]), 409, "PERMISSIONS_EXCLUDE_EACH_OTHER"),
        (a_role(permissions=["people.write", "grants.write"]), 409, "PERMISSIONS_EXCLUDE_EACH_OTHER"),
        (a_role(permissions=["grants.write", "cases.read"]), 409, "PERMISSIONS_EXCLUDE_EACH_OTHER"),
        (a_role(permissions=["tenants.read"]), 403, "PLATFORM_ONLY"),
    ],
)
async def test_a_role_that_cannot_be_is_refused_by_name(
    administrator: httpx.AsyncClient, role: dict[str, Any], status: int, code: str
) -> None:
    await administrator.post(ROLES, json=a_role("taken"))
    answer = await administrator.post(ROLES, json=role)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_built_in_roles_stay_as_they_are(administrator: httpx.AsyncClient) -> None:
    changed = await administrator.patch(f"{ROLES}/collector", json={"version": 1, "name_zh": "甲"})
    removed = await administrator.delete(f"{ROLES}/collector")
    assert (changed.json()["code"], removed.json()["code"]) == ("BUILT_IN_ROLE", "BUILT_IN_ROLE")


async def test_a_change_that_would_make_somebody_two_administrators_is_refused(
    administrator: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    await administrator.post(ROLES, json=a_role())
    await a_person(units, agency, "auditor", "night_lead")
    answer = await administrator.patch(f"{ROLES}/night_lead", json={"version": 1, "permissions": ["people.write"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "ROLES_EXCLUDE_EACH_OTHER")
    assert {answer.json()["facts"]["one"], answer.json()["facts"]["other"]} == {"auditor", "night_lead"}


async def test_nobody_changes_a_role_of_her_own(client: httpx.AsyncClient, units: Units, agency: Agency) -> None:
    comes_in(client, somebody(agency))
    await client.post(ROLES, json=a_role())
    me = await a_person(units, agency, "night_lead")
    comes_in(client, somebody(agency, EVERYTHING, me))
    answer = await client.patch(f"{ROLES}/night_lead", json={"version": 1, "permissions": ["people.write"]})
    assert (answer.status_code, answer.json()["code"]) == (403, "OWN_ROLE")


async def test_the_role_of_another_agency_does_not_exist(client: httpx.AsyncClient, units: Units) -> None:
    theirs, ours = await an_agency(units), await an_agency(units)
    comes_in(client, somebody(theirs))
    await client.post(ROLES, json=a_role())
    comes_in(client, somebody(ours))
    assert "night_lead" not in await roles(client)
    for method, body in (("GET", None), ("PATCH", {"version": 1, "name_zh": "甲"}), ("DELETE", None)):
        assert (await client.request(method, f"{ROLES}/night_lead", json=body)).status_code == 404
    assert (await client.post(ROLES, json=a_role())).status_code == 201


async def test_the_catalogue_has_words_for_everything(administrator: httpx.AsyncClient) -> None:
    catalogue = (await administrator.get("/api/v1/identity/permissions")).json()
    assert [each["code"] for each in catalogue["permissions"]] == list(Permission)
    things = {each["code"] for each in catalogue["things"]}
    verbs = {each["code"] for each in catalogue["verbs"]}
    for permission in catalogue["permissions"]:
        assert permission["thing"] in things
        assert permission["verb"] in verbs
    by_code = {each["code"]: each for each in catalogue["permissions"]}
    assert by_code["people.read"] == {
        "code": "people.read",
        "zh": "查看人员",
        "en": "See people",
        "thing": "people",
        "verb": "read",
        "scoped": True,
        "platform": False,
    }
    assert (by_code["roles.read"]["scoped"], by_code["tenants.write"]["platform"]) == (False, True)
    assert catalogue["exclusive"] == [["system_administrator", "security_administrator", "auditor"]]
    assert [len(wall) for wall in catalogue["walls"]] == [2, 5, 2]
    assert [scope["code"] for scope in catalogue["scopes"]] == ["own", "team", "subtree", "tenant"]
