"""The tree of an agency: it grows, moves and falls, and nobody sees beyond her branch."""

from __future__ import annotations

import httpx
import pytest

from anmi.core.permissions import Permission, Scope
from anmi.core.rights import Reach, Rights
from anmi.identity.people.models import PersonState
from anmi.kit.unit_of_work import Units
from tests.builders.audit import remembered
from tests.builders.people import Agency, a_person, a_unit, an_agency, as_caller, comes_in, somebody

UNITS = "/api/v1/identity/org-units"


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units, name="演示机构")


@pytest.fixture
def administrator(client: httpx.AsyncClient, agency: Agency) -> httpx.AsyncClient:
    comes_in(client, somebody(agency))
    return client


async def tree(client: httpx.AsyncClient) -> dict[str, tuple[str | None, int]]:
    items = (await client.get(UNITS)).json()["items"]
    names = {item["id"]: item["name"] for item in items}
    return {item["name"]: (names.get(item["parent_id"]), item["people_count"]) for item in items}


async def test_a_tree_grows_to_any_depth(administrator: httpx.AsyncClient, units: Units, agency: Agency) -> None:
    above = str(agency.root_id)
    for depth in range(6):
        answer = await administrator.post(UNITS, json={"parent_id": above, "name": f"{depth} 层", "kind": "department"})
        assert answer.status_code == 201, answer.text
        assert (answer.json()["parent_id"], answer.json()["people_count"]) == (above, 0)
        above = answer.json()["id"]
    await a_person(units, agency, unit_id=answer.json()["id"])
    await a_person(units, agency, unit_id=answer.json()["id"], state=PersonState.DISABLED)
    seen = await tree(administrator)
    assert seen["演示机构"] == (None, 0)
    assert seen["5 层"] == ("4 层", 1)
    assert len(await remembered(units, agency, "org_unit.added")) == 6


async def test_sisters_have_different_names(administrator: httpx.AsyncClient, units: Units, agency: Agency) -> None:
    branch = await a_unit(units, agency, "华东")
    other = await a_unit(units, agency, "华南")
    team = await a_unit(units, agency, "华东", other)
    twin = await administrator.post(UNITS, json={"parent_id": str(agency.root_id), "name": "华东", "kind": "team"})
    assert (twin.status_code, twin.json()["code"]) == (409, "UNIT_NAME_TAKEN")
    renamed = await administrator.patch(f"{UNITS}/{other}", json={"version": 1, "name": "华东"})
    assert renamed.json()["code"] == "UNIT_NAME_TAKEN"
    moved = await administrator.post(f"{UNITS}/{team}/move", json={"version": 1, "parent_id": str(agency.root_id)})
    assert moved.json()["code"] == "UNIT_NAME_TAKEN"
    fine = await administrator.patch(f"{UNITS}/{branch}", json={"version": 1, "name": "华东大区", "kind": "branch"})
    assert (fine.json()["name"], fine.json()["kind"], fine.json()["version"]) == ("华东大区", "branch", 2)
    (entry,) = await remembered(units, agency, "org_unit.changed")
    assert entry.facts == {
        "before": {"name": "华东", "kind": "team"},
        "after": {"name": "华东大区", "kind": "branch"},
    }


async def test_a_unit_moves_with_all_beneath_it_and_rights_follow(
    administrator: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    east, south = await a_unit(units, agency, "华东"), await a_unit(units, agency, "华南")
    team = await a_unit(units, agency, "一组", east)
    boss = await a_person(units, agency, "supervisor", unit_id=south, scope=Scope.SUBTREE)
    assert not (await as_caller(units, agency, boss)).rights.of(Permission.PEOPLE_READ).covers(team)
    answer = await administrator.post(f"{UNITS}/{east}/move", json={"version": 1, "parent_id": str(south)})
    assert answer.status_code == 200, answer.text
    assert (await as_caller(units, agency, boss)).rights.of(Permission.PEOPLE_READ).covers(team)
    (entry,) = await remembered(units, agency, "org_unit.moved")
    assert entry.facts == {"before": {"parent_id": str(agency.root_id)}, "after": {"parent_id": str(south)}}


async def test_a_unit_never_hangs_beneath_itself(
    administrator: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    east = await a_unit(units, agency, "华东")
    team = await a_unit(units, agency, "一组", east)
    for below in (east, team):
        answer = await administrator.post(f"{UNITS}/{east}/move", json={"version": 1, "parent_id": str(below)})
        assert (answer.status_code, answer.json()["code"]) == (409, "UNIT_BELOW_ITSELF")


async def test_the_root_is_neither_moved_nor_removed(
    administrator: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    east = await a_unit(units, agency, "华东")
    moved = await administrator.post(f"{UNITS}/{agency.root_id}/move", json={"version": 1, "parent_id": str(east)})
    removed = await administrator.delete(f"{UNITS}/{agency.root_id}")
    assert (moved.json()["code"], removed.json()["code"]) == ("ROOT_UNIT_STAYS", "ROOT_UNIT_STAYS")


async def test_only_an_empty_unit_is_removed(administrator: httpx.AsyncClient, units: Units, agency: Agency) -> None:
    holding_people, holding_units, empty = [await a_unit(units, agency, name) for name in ("甲", "乙", "丙")]
    await a_person(units, agency, unit_id=holding_people, state=PersonState.DISABLED)
    await a_unit(units, agency, "一组", holding_units)
    for unit_id in (holding_people, holding_units):
        answer = await administrator.delete(f"{UNITS}/{unit_id}")
        assert (answer.status_code, answer.json()["code"]) == (409, "UNIT_NOT_EMPTY")
    assert (await administrator.delete(f"{UNITS}/{empty}")).status_code == 204
    assert "丙" not in await tree(administrator)
    assert len(await remembered(units, agency, "org_unit.removed")) == 1


async def test_an_edit_of_an_old_version_is_refused(
    administrator: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    east, south = await a_unit(units, agency, "华东"), await a_unit(units, agency, "华南")
    for method, path, body in (
        ("PATCH", f"{UNITS}/{east}", {"name": "华北"}),
        ("POST", f"{UNITS}/{east}/move", {"parent_id": str(south)}),
    ):
        answer = await administrator.request(method, path, json={"version": 7} | body)
        assert (answer.status_code, answer.json()["code"]) == (409, "STALE_VERSION")


async def test_a_branch_is_all_that_its_head_sees(client: httpx.AsyncClient, units: Units, agency: Agency) -> None:
    east = await a_unit(units, agency, "华东")
    await a_unit(units, agency, "一组", east)
    await a_unit(units, agency, "华南")
    head = await a_person(units, agency, "supervisor", unit_id=east, scope=Scope.SUBTREE)
    comes_in(client, await as_caller(units, agency, head))
    assert await tree(client) == {"华东": (None, 1), "一组": ("华东", 0)}


async def test_whoever_reaches_only_her_own_sees_her_own_unit(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    await a_unit(units, agency, "华东")
    comes_in(client, somebody(agency, Rights({Permission.ORG_UNITS_READ: Reach(own=True)})))
    assert list(await tree(client)) == ["演示机构"]


async def test_nobody_builds_beyond_her_branch(client: httpx.AsyncClient, units: Units, agency: Agency) -> None:
    east, south = await a_unit(units, agency, "华东"), await a_unit(units, agency, "华南")
    team = await a_unit(units, agency, "一组", east)
    reach = Reach(unit_ids=frozenset({east, team}))
    comes_in(client, somebody(agency, Rights({Permission.ORG_UNITS_WRITE: reach})))
    added = await client.post(UNITS, json={"parent_id": str(south), "name": "二组", "kind": "team"})
    assert (added.status_code, added.json()["code"]) == (422, "UNKNOWN_UNIT")
    moved = await client.post(f"{UNITS}/{team}/move", json={"version": 1, "parent_id": str(south)})
    assert moved.json()["code"] == "UNKNOWN_UNIT"
    assert (await client.delete(f"{UNITS}/{south}")).status_code == 404
    assert (await client.patch(f"{UNITS}/{south}", json={"version": 1, "name": "x"})).status_code == 404
    assert (await client.post(f"{UNITS}/{south}/move", json={"version": 1, "parent_id": str(east)})).status_code == 404


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\tb", "a\nb"])
async def test_a_name_is_one_line_of_text(administrator: httpx.AsyncClient, agency: Agency, name: str) -> None:
    answer = await administrator.post(UNITS, json={"parent_id": str(agency.root_id), "name": name, "kind": "team"})
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID")
