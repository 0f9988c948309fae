"""Call records: lists by filter, figures, one call told in words, and the list as a file."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from anmi.core.call_legs import Ending
from anmi.core.number_state import NumberState
from anmi.core.permissions import Scope
from anmi.entrypoints.wiring import House
from anmi.kit.audit import AuditEntry
from anmi.kit.caller import the_system
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import Units
from anmi.telephony.calls.models import Call, Direction
from tests.builders.house import Watch
from tests.builders.people import Agency, a_person, a_unit, an_agency, signed_in_as
from tests.builders.phone import a_call, a_caller_id, a_journal, a_recording, a_trunk, an_agent, an_engine, tones

ROOM = "/api/v1/telephony/records"


@dataclass(frozen=True, slots=True)
class Day:
    """A morning's calls of a team, and one of another team's."""

    agency: Agency
    mei: UUID
    boss: UUID
    owner: UUID
    agent_id: UUID
    trunk_id: UUID
    long: Call
    short: Call
    busy: Call
    inbound: Call
    elsewhere: Call


@pytest.fixture
async def day(units: Units, watch: Watch) -> Day:
    agency = await an_agency(units)
    team, other = await a_unit(units, agency), await a_unit(units, agency, "二组")
    mei = await a_person(units, agency, "collector", unit_id=team, scope=Scope.OWN, name="梅小丽")
    boss = await a_person(units, agency, "supervisor", unit_id=team, scope=Scope.TEAM)
    owner = await a_person(units, agency, "owner")
    agent = await an_agent(units, agency, mei, team, "8001")
    trunk, engine = await a_trunk(units, agency, "电信一线"), await an_engine(units, agency)
    number = await a_caller_id(units, agency, trunk, "057100000001")

    async def made(minutes: int, **facts: Any) -> Call:
        usual: dict[str, Any] = {
            "person_id": mei,
            "agent_id": agent.id,
            "unit_id": team,
            "engine": engine,
            "trunk_id": trunk.id,
            "caller_id_id": number.id,
            "asked_at": watch.now + timedelta(minutes=minutes),
        }
        return await a_call(units, agency, **(usual | facts))

    return Day(
        agency,
        mei,
        boss,
        owner,
        agent.id,
        trunk.id,
        await made(0, talked=125),
        await made(5, talked=9, subject_id=new_id()),
        await made(9, talked=None, ending=Ending.BUSY, number_state=NumberState.BUSY),
        await made(12, talked=30, direction=Direction.INBOUND, caller_id_id=None),
        await made(20, talked=60, person_id=None, agent_id=None, unit_id=other),
    )


async def ids(client: httpx.AsyncClient, **query: Any) -> list[str]:
    answer = await client.get(ROOM, params=query)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["items"]]


def names(*calls: Call) -> list[str]:
    return [str(call.id) for call in calls]


async def test_each_sees_the_calls_within_her_reach_the_latest_first(
    client: httpx.AsyncClient, units: Units, day: Day
) -> None:
    own = names(day.inbound, day.busy, day.short, day.long)
    for person in (day.mei, day.boss):
        await signed_in_as(client, units, day.agency, person)
        assert await ids(client) == own
        assert (await client.get(f"{ROOM}/{day.elsewhere.id}")).status_code == 404
    await signed_in_as(client, units, day.agency, day.owner)
    assert await ids(client) == [str(day.elsewhere.id), *own]


async def test_a_list_is_narrowed_by_what_is_known_of_calls(client: httpx.AsyncClient, units: Units, day: Day) -> None:
    await signed_in_as(client, units, day.agency, day.boss)
    narrowed = [
        ({"direction": "inbound"}, [day.inbound]),
        ({"ending": "busy"}, [day.busy]),
        ({"number_state": "busy"}, [day.busy]),
        ({"ending": ["busy", "hung_up"], "answered": False}, [day.busy]),
        ({"min_talk": 30}, [day.inbound, day.long]),
        ({"subject_id": str(day.short.subject_id)}, [day.short]),
        ({"agent_id": str(day.agent_id), "answered": True, "direction": "outbound"}, [day.short, day.long]),
        ({"trunk_id": str(day.trunk_id), "from_on": "2026-03-05"}, []),
        ({"from_on": "2026-03-04", "to_on": "2026-03-04", "min_talk": 100}, [day.long]),
        ({"to_on": "2026-03-03"}, []),
        ({"caller_id_id": str(day.long.caller_id_id), "answered": True}, [day.short, day.long]),
        ({"recorded": True}, []),
        ({"recorded": False, "min_talk": 100}, [day.long]),
    ]
    for query, calls in narrowed:
        assert await ids(client, **query) == names(*calls), query


async def test_pages_follow_one_another_in_either_order(client: httpx.AsyncClient, units: Units, day: Day) -> None:
    await signed_in_as(client, units, day.agency, day.boss)
    for sort, order in {
        "asked_at": [day.long, day.short, day.busy, day.inbound],
        "-talk_seconds": [day.long, day.inbound, day.short, day.busy],
        "talk_seconds": [day.busy, day.short, day.inbound, day.long],
    }.items():
        found: list[str] = []
        query: dict[str, Any] = {"sort": sort, "limit": 1}
        while True:
            page = (await client.get(ROOM, params=query)).json()
            found += [each["id"] for each in page["items"]]
            if page["next"] is None:
                break
            query["after"] = page["next"]
        assert found == names(*order)
    assert (await client.get(ROOM, params={"sort": "number"})).json()["code"] == "UNKNOWN_SORT"


async def test_a_record_names_who_and_what_took_part_and_masks_the_number(
    client: httpx.AsyncClient, units: Units, day: Day
) -> None:
    await signed_in_as(client, units, day.agency, day.owner)
    (seen,) = (await client.get(ROOM, params={"min_talk": 100})).json()["items"]
    shown = {key: seen[key] for key in ("agent_name", "extension", "unit_name", "trunk_name", "caller_id")}
    assert shown == {
        "agent_name": "梅小丽",
        "extension": "8001",
        "unit_name": "一组",
        "trunk_name": "电信一线",
        "caller_id": "057100000001",
    }
    assert (seen["talk_seconds"], seen["number_masked"]) == (125, "138****5678")


async def test_figures_are_those_of_the_same_filter(client: httpx.AsyncClient, units: Units, day: Day) -> None:
    await signed_in_as(client, units, day.agency, day.boss)
    figures = (await client.get(f"{ROOM}/figures")).json()
    assert figures == {"calls": 4, "answered": 3, "talk_seconds": 164, "endings": {"hung_up": 3, "busy": 1}}
    inbound = (await client.get(f"{ROOM}/figures", params={"direction": "inbound"})).json()
    assert (inbound["calls"], inbound["talk_seconds"]) == (1, 30)
    assert (await client.get(f"{ROOM}/figures", params={"to_on": "2020-01-01"})).json()["calls"] == 0


async def test_a_call_is_told_line_by_line_with_its_recording(
    client: httpx.AsyncClient, units: Units, house: House, day: Day, tmp_path: Path
) -> None:
    journal = [
        {"kind": "CallAsked", "agent_id": str(day.agent_id)},
        {"kind": "DialPermitted", "permit_id": None},
        {"kind": "LegAnswered", "leg": "debtor.1"},
        {"kind": "LegEnded", "leg": "debtor.1", "ending": "hung_up", "evidence": None},
    ]
    await a_journal(units, day.agency, day.long, journal)
    recording_id = await a_recording(units, house.vault, day.agency, day.long, tmp_path, tones(0.2))
    await signed_in_as(client, units, day.agency, day.mei)
    seen = (await client.get(f"{ROOM}/{day.long.id}")).json()
    assert [line["zh"] for line in seen["journal"]] == [
        "坐席发起呼叫",
        "合规闸放行，准许拨打",
        "客户应答",
        "客户一路结束：挂机",
    ]
    assert (seen["recording_id"], seen["recording_state"]) == (str(recording_id), "waiting")
    assert await ids(client, recorded=True) == names(day.long)


async def test_the_list_leaves_as_a_file_for_those_entitled_and_the_log_has_it(
    client: httpx.AsyncClient, units: Units, day: Day
) -> None:
    await signed_in_as(client, units, day.agency, day.boss)
    assert (await client.get(f"{ROOM}/export")).json()["code"] == "FIELD_RIGHT_MISSING"
    await signed_in_as(client, units, day.agency, day.owner)
    file = await client.get(f"{ROOM}/export", params={"format": "csv", "direction": "outbound"})
    assert file.headers["content-type"].startswith("text/csv")
    header, *rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert (header[0], len(rows)) == ("呼叫时间", 4)
    assert {row[5] for row in rows} == {"138****5678"}
    assert sorted(row[12] for row in rows) == sorted(["忙线", "挂机", "挂机", "挂机"])
    book = await client.get(f"{ROOM}/export")
    assert book.content.startswith(b"PK")
    async with units.begin(the_system(day.agency.tenant_id)) as unit:
        entries = await unit.session.scalars(select(AuditEntry.facts).where(AuditEntry.action == "list.exported"))
        facts = [(each["list"], each["format"], each["rows"]) for each in entries]
    assert facts == [("call_records", "csv", 4), ("call_records", "xlsx", 5)]
