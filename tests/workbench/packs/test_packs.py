"""A pack: recordings of many calls and the diaries of their cases, in one file that is made while it is sent."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from python_calamine import load_workbook
from sqlalchemy import select

from anmi.casework.activities.models import Activity
from anmi.casework.cases.models import Case
from anmi.core.permissions import Scope
from anmi.entrypoints.wiring import House
from anmi.kit.audit import AuditEntry
from anmi.kit.caller import the_system
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import Units
from anmi.telephony.calls.models import Call
from anmi.telephony.recordings.models import Recording
from tests.builders.cases import a_case
from tests.builders.house import Watch
from tests.builders.people import Agency, a_person, an_agency, signed_in_as
from tests.builders.phone import a_call, a_recording, an_engine, tones

ROOM = "/api/v1/workbench/packs"


@dataclass(frozen=True, slots=True)
class Morning:
    """Three recorded calls of an agency, two of them about a case, and one that was not recorded."""

    agency: Agency
    owner: UUID
    case: Case
    calls: list[Call]
    recordings: list[UUID]


@pytest.fixture
async def morning(units: Units, house: House, watch: Watch, tmp_path: Path) -> Morning:
    agency = await an_agency(units)
    owner = await a_person(units, agency, "owner")
    case = await a_case(units, agency)
    engine = await an_engine(units, agency)
    calls, recordings = [], []
    for number, subject_id in enumerate((case.id, case.id, None)):
        at = watch.now + timedelta(minutes=number)
        call = await a_call(units, agency, engine, asked_at=at, subject_id=subject_id)
        recordings.append(await a_recording(units, house.vault, agency, call, tmp_path, tones(1.0 + number)))
        calls.append(call)
    await a_call(units, agency, engine, talked=None)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        unit.session.add(
            Activity(
                id=new_id(),
                tenant_id=agency.tenant_id,
                case_id=case.id,
                at=watch.now,
                by=owner,
                action_code="CALL",
                result_code=None,
                call_id=calls[0].id,
                note="客户来电 13812345678 说周五还",
            )
        )
    return Morning(agency, owner, case, calls, recordings)


async def asked(client: httpx.AsyncClient, **wanted: Any) -> httpx.Response:
    return await client.post(ROOM, json={"filter": wanted, "reason": "委托方抽检"})


async def logged(units: Units, morning: Morning, action: str) -> list[dict[str, Any]]:
    async with units.begin(the_system(morning.agency.tenant_id)) as unit:
        entries = await unit.session.scalars(select(AuditEntry.facts).where(AuditEntry.action == action))
        return list(entries)


def sheet(archive: zipfile.ZipFile, name: str) -> list[list[Any]]:
    return load_workbook(io.BytesIO(archive.read(name))).get_sheet_by_index(0).to_python()


async def test_a_pack_holds_every_recording_and_says_what_each_is(
    client: httpx.AsyncClient, units: Units, morning: Morning
) -> None:
    await signed_in_as(client, units, morning.agency, morning.owner)
    handed = (await asked(client, from_on="2026-03-04")).json()
    assert handed["calls"] == 3
    file = await client.get(handed["url"])
    assert (file.status_code, file.headers["content-type"]) == (200, "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(file.content))
    assert archive.testzip() is None
    header, *rows = sheet(archive, "index.xlsx")
    assert header[:4] == ["文件", "说明", "个案序列号", "债务人"]
    assert [row[2] for row in rows] == [morning.case.serial_no, morning.case.serial_no, ""]
    async with units.begin(the_system(morning.agency.tenant_id)) as unit:
        hashes = set(await unit.session.scalars(select(Recording.sha256)))
    assert {hashlib.sha256(archive.read(row[0])).hexdigest() for row in rows} == {row[-1] for row in rows} == hashes
    _, *diary = sheet(archive, "activities.xlsx")
    (entry,) = diary
    assert (entry[0], entry[6], entry[7]) == (
        morning.case.serial_no,
        "客户来电 138******78 说周五还",
        str(morning.calls[0].id),
    )
    assert "张晓明" not in str(rows) + str(diary)


async def test_every_step_of_a_pack_is_on_record(client: httpx.AsyncClient, units: Units, morning: Morning) -> None:
    await signed_in_as(client, units, morning.agency, morning.owner)
    handed = (await asked(client, min_talk=1)).json()
    await client.get(handed["url"])
    assert await logged(units, morning, "pack.asked") == [
        {"calls": 3, "filter": {"min_talk": 1}, "reason": "委托方抽检"}
    ]
    assert await logged(units, morning, "pack.fetched") == [{"calls": 3, "reason": "委托方抽检"}]
    (fetched,) = await logged(units, morning, "recording.downloaded")
    assert set(fetched["recording_ids"]) == {str(each) for each in morning.recordings}


async def test_picked_calls_alone_are_packed(client: httpx.AsyncClient, units: Units, morning: Morning) -> None:
    await signed_in_as(client, units, morning.agency, morning.owner)
    handed = (await asked(client, call_ids=[str(morning.calls[1].id)])).json()
    archive = zipfile.ZipFile(io.BytesIO((await client.get(handed["url"])).content))
    assert len([name for name in archive.namelist() if name.endswith(".wav")]) == 1


async def test_a_recording_that_cannot_be_read_is_told_of_and_spoils_nothing(
    client: httpx.AsyncClient, units: Units, house: House, morning: Morning
) -> None:
    async with units.begin(the_system(morning.agency.tenant_id)) as unit:
        lost = await unit.session.get_one(Recording, morning.recordings[1])
    house.vault.leave_disk(lost.place)
    await signed_in_as(client, units, morning.agency, morning.owner)
    file = await client.get((await asked(client)).json()["url"])
    archive = zipfile.ZipFile(io.BytesIO(file.content))
    _, *rows = sheet(archive, "index.xlsx")
    assert [row[1] for row in rows] == ["", "录音暂时无法读取", ""]
    assert len([name for name in archive.namelist() if name.endswith(".wav")]) == 2


async def test_a_pack_is_for_the_entitled_who_asked_for_it_and_for_an_hour(
    client: httpx.AsyncClient, units: Units, morning: Morning, watch: Watch
) -> None:
    collector = await a_person(units, morning.agency, "collector", scope=Scope.OWN)
    other = await a_person(units, morning.agency, "phone_administrator")
    await signed_in_as(client, units, morning.agency, collector)
    assert (await asked(client)).json()["code"] == "FIELD_RIGHT_MISSING"
    await signed_in_as(client, units, morning.agency, morning.owner)
    url = (await asked(client)).json()["url"]
    await signed_in_as(client, units, morning.agency, other)
    assert (await client.get(url)).status_code == 404
    await signed_in_as(client, units, morning.agency, morning.owner)
    assert (await client.get(str(httpx.URL(url).copy_set_param("key", "x")))).json()["code"] == "ADDRESS_INVALID"
    watch.pass_by(minutes=61)
    assert (await client.get(url)).json()["code"] == "ADDRESS_EXPIRED"


async def test_who_sees_no_cases_is_told_of_none(client: httpx.AsyncClient, units: Units, morning: Morning) -> None:
    administrator = await a_person(units, morning.agency, "phone_administrator")
    await signed_in_as(client, units, morning.agency, administrator)
    archive = zipfile.ZipFile(io.BytesIO((await client.get((await asked(client)).json()["url"])).content))
    _, *rows = sheet(archive, "index.xlsx")
    assert {row[2] for row in rows} == {""}
    assert sheet(archive, "activities.xlsx")[1:] == []


async def test_of_nothing_there_is_no_pack(client: httpx.AsyncClient, units: Units, morning: Morning) -> None:
    await signed_in_as(client, units, morning.agency, morning.owner)
    assert (await asked(client, to_on="2020-01-01")).json()["code"] == "PACK_EMPTY"
    assert (await asked(client, whatever=1)).status_code == 422
