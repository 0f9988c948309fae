"""Leased numbers over HTTP: added, imported as a list, complained about, rested, given back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest

from anmi.core.caller_id_choice import Place
from anmi.kit.caller import the_system
from anmi.kit.unit_of_work import Units
from anmi.telephony.caller_ids.service import CallerIds
from anmi.telephony.trunks.models import Trunk
from tests.builders.house import Watch
from tests.builders.people import Agency, a_person, a_unit, an_agency, signed_in_as
from tests.builders.phone import a_caller_id, a_trunk

ROOM = "/api/v1/telephony/caller-ids"
HEADER = "号码,城市,省份,线路,部门,授权依据,租用到期,每日上限,冷却秒数\n"


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


@pytest.fixture
async def trunk(units: Units, agency: Agency) -> Trunk:
    return await a_trunk(units, agency, "电信一线")


@pytest.fixture(autouse=True)
async def administrator(client: httpx.AsyncClient, units: Units, agency: Agency) -> UUID:
    person = await a_person(units, agency, "phone_administrator")
    await signed_in_as(client, units, agency, person)
    return person


def body(trunk: Trunk, **facts: Any) -> dict[str, Any]:
    return {"number": "057100000001", "city": "杭州市", "trunk_id": str(trunk.id), "licence": "演示租用合同"} | facts


async def uploaded(client: httpx.AsyncClient, content: bytes) -> httpx.Response:
    return await client.post(f"{ROOM}/uploads", files={"file": ("numbers.csv", content, "text/csv")})


async def test_a_number_is_added_with_the_place_in_our_words(client: httpx.AsyncClient, trunk: Trunk) -> None:
    added = await client.post(ROOM, json=body(trunk))
    assert added.status_code == 201, added.text
    seen = added.json()
    assert (seen["city"], seen["province"], seen["state"], seen["shown_today"]) == ("杭州", "浙江", "active", 0)
    assert (await client.post(ROOM, json=body(trunk))).json()["code"] == "CALLER_ID_TAKEN"
    own = (await client.post(ROOM, json=body(trunk, number="02161230000", city=None))).json()
    assert (own["city"], own["province"]) == ("上海", "上海")
    nationwide = (await client.post(ROOM, json=body(trunk, number="95000001", city=None))).json()
    assert (nationwide["city"], nationwide["province"]) == (None, None)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"city": "无此市"}, "CALLER_ID_PLACE"),
        ({"number": "02161230000", "city": "杭州"}, "CALLER_ID_PLACE"),
        ({"number": "110"}, "INVALID"),
        ({"number": "+8613800000000"}, "INVALID"),
        ({"daily_ceiling": -1}, "INVALID"),
        ({"licence": ""}, "INVALID"),
        ({"trunk_id": "00000000-0000-0000-0000-000000000001"}, "UNKNOWN_TRUNK_OR_UNIT"),
    ],
)
async def test_a_number_that_is_not_plainly_ours_is_not_listed(
    client: httpx.AsyncClient, trunk: Trunk, wrong: dict[str, Any], code: str
) -> None:
    answer = await client.post(ROOM, json=body(trunk, **wrong))
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_a_list_is_taken_whole(client: httpx.AsyncClient, units: Units, agency: Agency, trunk: Trunk) -> None:
    await a_unit(units, agency, "上海一组")
    rows = "0571-0000 0002,杭州,,电信一线,上海一组,合同甲,2027-12-31,150,30\n95000002,,,电信一线,,合同甲,,,\n\n"
    answer = await uploaded(client, (HEADER + rows).encode("gb18030"))
    assert answer.json() == {"added": 2, "findings": []}
    listed = (await client.get(ROOM)).json()
    assert [(each["number"], each["daily_ceiling"]) for each in listed["items"]] == [
        ("057100000002", 150),
        ("95000002", 200),
    ]
    assert listed["total"] == 2
    assert len((await client.get(ROOM, params={"q": "9500"})).json()["items"]) == 1
    assert len((await client.get(ROOM, params={"city": "杭州"})).json()["items"]) == 1


async def test_of_a_list_with_faults_nothing_is_taken_and_each_is_named(
    client: httpx.AsyncClient, units: Units, agency: Agency, trunk: Trunk
) -> None:
    await a_caller_id(units, agency, trunk, "057100000009")
    rows = (
        "057100000003,杭州,,电信一线,,合同甲,,,\n"
        "057100000003,杭州,,电信一线,,合同甲,,,\n"
        "057100000009,杭州,,电信一线,,合同甲,,,\n"
        "110,杭州,,电信一线,,合同甲,,,\n"
        "057100000004,火星,,电信一线,,合同甲,,,\n"
        "057100000005,杭州,,无此线路,,合同甲,,,\n"
        "057100000006,杭州,,电信一线,无此组,合同甲,,,\n"
        "057100000007,杭州,,电信一线,,,,,\n"
        "057100000008,杭州,,电信一线,,合同甲,明年,,\n"
        "057100000010,杭州,,电信一线,,合同甲,,很多,\n"
    )
    answer = (await uploaded(client, (HEADER + rows).encode("utf-8-sig"))).json()
    assert answer["added"] == 0
    assert [(each["row"], each["code"]) for each in answer["findings"]] == [
        (3, "TWICE"),
        (4, "TWICE"),
        (5, "BAD_NUMBER"),
        (6, "UNKNOWN_PLACE"),
        (7, "UNKNOWN_TRUNK"),
        (8, "UNKNOWN_UNIT"),
        (9, "MISSING"),
        (10, "BAD_DATE"),
        (11, "BAD_COUNT"),
    ]
    assert (await client.get(ROOM)).json()["total"] == 1


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00a", "号码,城市\n1,2\n".encode(), b"\x00", b'"' * 200_000])
async def test_what_is_no_list_is_said_to_be_none(client: httpx.AsyncClient, content: bytes) -> None:
    answer = await uploaded(client, content)
    assert (answer.status_code, answer.json()["code"]) == (422, "CALLER_ID_LIST_UNREADABLE")


async def test_complaints_are_counted_until_the_number_is_taken_up_again(
    client: httpx.AsyncClient, units: Units, agency: Agency, trunk: Trunk
) -> None:
    row = await a_caller_id(units, agency, trunk, complaints=2)
    path = f"{ROOM}/{row.id}"
    seen = (await client.post(f"{path}/complaint", json={"reason": "客户 13800001111 投诉骚扰"})).json()
    assert (seen["complaints"], seen["version"]) == (3, 2)
    again = (await client.post(f"{path}/take-up", json={"version": 2, "reason": "已整改"})).json()
    assert (again["complaints"], again["state"]) == (0, "active")


async def test_a_number_rests_is_taken_up_and_is_given_back(
    client: httpx.AsyncClient, units: Units, agency: Agency, trunk: Trunk, watch: Watch
) -> None:
    row = await a_caller_id(units, agency, trunk)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        await CallerIds(unit).choose(Place("浙江", "杭州"), None)
    path = f"{ROOM}/{row.id}"
    rested = (await client.post(f"{path}/rest", json={"version": 1, "reason": "标记骚扰"})).json()
    assert (rested["state"], rested["rests_until"], rested["shown_today"]) == ("resting", None, 1)
    until = "2026-03-05T10:00:00+08:00"
    rested = (await client.post(f"{path}/rest", json={"version": 2, "reason": "标记骚扰", "until": until})).json()
    assert (rested["state"], rested["rests_until"]) == ("active", until)
    assert (await client.post(f"{path}/end", json={"version": 2})).json()["code"] == "STALE_VERSION"
    assert (await client.post(f"{path}/end", json={"version": 3})).json()["state"] == "ended"
    assert (await client.post(f"{path}/rest", json={"version": 4, "reason": "x y"})).json()["code"] == "CALLER_ID_ENDED"


async def test_a_number_is_changed_and_what_is_sent_as_null_is_taken_away(
    client: httpx.AsyncClient, units: Units, agency: Agency, trunk: Trunk
) -> None:
    team = await a_unit(units, agency)
    row = await a_caller_id(units, agency, trunk, unit_id=team)
    change = {"version": 1, "unit_id": None, "daily_ceiling": 9, "city": "杭州市"}
    seen = (await client.patch(f"{ROOM}/{row.id}", json=change)).json()
    assert (seen["unit_id"], seen["daily_ceiling"], seen["city"]) == (None, 9, "杭州")


async def test_operations_look_and_do_not_touch(
    client: httpx.AsyncClient, units: Units, agency: Agency, trunk: Trunk
) -> None:
    await signed_in_as(client, units, agency, await a_person(units, agency, "operations"))
    assert (await client.get(ROOM)).status_code == 200
    assert (await client.post(ROOM, json=body(trunk))).status_code == 403
    assert (await uploaded(client, b"x")).status_code == 403
