"""Recordings over HTTP: who may hear and fetch what, under which address, and what the log has of it."""

from __future__ import annotations

import io
import wave
from array import array
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from anmi.core.permissions import Scope
from anmi.entrypoints.wiring import House
from anmi.kit.audit import AuditEntry
from anmi.kit.caller import the_system
from anmi.kit.unit_of_work import Units
from tests.builders.house import Watch
from tests.builders.people import a_person, a_unit, signed_in_as
from tests.builders.phone import a_call, a_recording, tones
from tests.telephony.recordings.conftest import Floor, Work

ROOM = "/api/v1/telephony/recordings"


async def logged(units: Units, floor: Floor, *actions: str) -> list[dict[str, Any]]:
    async with units.begin(the_system(floor.agency.tenant_id)) as unit:
        query = select(AuditEntry).where(AuditEntry.action.in_(actions)).order_by(AuditEntry.seq)
        return [entry.facts for entry in await unit.session.scalars(query)]


async def address(client: httpx.AsyncClient, recording_id: UUID, **query: str) -> str:
    handed = await client.post(f"{ROOM}/{recording_id}/address")
    assert handed.status_code == 201, handed.text
    return str(httpx.URL(handed.json()["url"]).copy_merge_params(query))


async def test_a_collector_hears_her_own_call_and_the_log_has_it_once(
    client: httpx.AsyncClient, units: Units, floor: Floor
) -> None:
    await signed_in_as(client, units, floor.agency, floor.collector)
    seen = (await client.get(f"{ROOM}/{floor.recording_id}")).json()
    assert (seen["milliseconds"], seen["state"], len(seen["waveform"]["left"])) == (3000, "waiting", 1000)
    url = await address(client, floor.recording_id)
    assert await logged(units, floor, "recording.played") == []
    whole = await client.get(url)
    assert (whole.status_code, whole.headers["content-type"]) == (200, "audio/wav")
    assert whole.headers["accept-ranges"] == "bytes"
    with wave.open(io.BytesIO(whole.content)) as wav:
        assert wav.readframes(wav.getnframes()) == floor.sound
    await client.get(url, headers={"range": "bytes=0-99"})
    assert await logged(units, floor, "recording.played") == [{"call_id": str(floor.call.id)}]
    assert (await client.get(await address(client, floor.recording_id))).status_code == 200
    assert len(await logged(units, floor, "recording.played")) == 2


async def test_whoever_jumps_is_sent_that_part_alone(client: httpx.AsyncClient, units: Units, floor: Floor) -> None:
    await signed_in_as(client, units, floor.agency, floor.collector)
    url = await address(client, floor.recording_id)
    whole = (await client.get(url)).content
    for asked, start, end in [("bytes=0-", 0, None), ("bytes=70000-70009", 70000, 70010), ("bytes=-4", -4, None)]:
        part = await client.get(url, headers={"range": asked})
        assert (part.status_code, part.content) == (206, whole[start:end])
        assert part.headers["content-range"].endswith(f"/{len(whole)}")
        assert part.headers["content-length"] == str(len(part.content))
    beyond = await client.get(url, headers={"range": f"bytes={len(whole)}-"})
    assert (beyond.status_code, beyond.json()["code"]) == (416, "RANGE_OUTSIDE")


async def test_one_track_or_both_as_one_can_be_heard(client: httpx.AsyncClient, units: Units, floor: Floor) -> None:
    await signed_in_as(client, units, floor.agency, floor.collector)
    samples = array("h", floor.sound)
    for track, sound in {"left": samples[0::2], "right": samples[1::2]}.items():
        answer = await client.get(await address(client, floor.recording_id, track=track))
        with wave.open(io.BytesIO(answer.content)) as wav:
            assert (wav.getnchannels(), wav.readframes(wav.getnframes())) == (1, sound.tobytes())
    url = await address(client, floor.recording_id, track="mix")
    mixed = (await client.get(url)).content
    assert len(mixed) == 44 + len(floor.sound) // 2
    assert (await client.get(url, headers={"range": "bytes=1001-1006"})).content == mixed[1001:1007]


async def test_an_address_opens_one_recording_for_one_person_for_an_hour(
    client: httpx.AsyncClient, units: Units, house: House, floor: Floor, watch: Watch, tmp_path: Path
) -> None:
    other_call = await a_call(units, floor.agency, person_id=floor.collector, unit_id=floor.team)
    other = await a_recording(units, house.vault, floor.agency, other_call, tmp_path, tones(0.1))
    await signed_in_as(client, units, floor.agency, floor.collector)
    url = httpx.URL(await address(client, floor.recording_id))
    wrong = [
        url.copy_with(path=f"{ROOM}/{other}/sound"),
        url.copy_set_param("until", "4000000000"),
        url.copy_set_param("key", "x" * 43),
        url.copy_set_param("key", "é"),
        url.copy_remove_param("key"),
        url.copy_set_param("address", str(other)),
    ]
    for each in wrong:
        answer = await client.get(each)
        assert (answer.status_code, answer.json()["code"]) == (403, "ADDRESS_INVALID"), each
    await signed_in_as(client, units, floor.agency, floor.owner)
    assert (await client.get(url)).json()["code"] == "ADDRESS_INVALID"
    as_download = url.copy_set_param("use", "download")
    assert (await client.get(as_download)).json()["code"] == "ADDRESS_INVALID"
    await signed_in_as(client, units, floor.agency, floor.collector)
    assert (await client.get(url)).status_code == 200
    watch.pass_by(minutes=61)
    assert (await client.get(url)).json()["code"] == "ADDRESS_EXPIRED"


async def test_nobody_hears_what_is_out_of_her_reach(client: httpx.AsyncClient, units: Units, floor: Floor) -> None:
    elsewhere = await a_unit(units, floor.agency, "二组")
    colleague = await a_person(units, floor.agency, "collector", unit_id=floor.team, scope=Scope.OWN)
    neighbour = await a_person(units, floor.agency, "supervisor", unit_id=elsewhere, scope=Scope.TEAM)
    boss = await a_person(units, floor.agency, "supervisor", unit_id=floor.team, scope=Scope.TEAM)
    for person in (colleague, neighbour):
        await signed_in_as(client, units, floor.agency, person)
        assert (await client.get(f"{ROOM}/{floor.recording_id}")).status_code == 404
        assert (await client.post(f"{ROOM}/{floor.recording_id}/address")).status_code == 404
    await signed_in_as(client, units, floor.agency, boss)
    assert (await client.get(await address(client, floor.recording_id))).status_code == 200


async def test_a_collector_is_refused_the_download_and_the_owner_gets_it_for_a_reason(
    client: httpx.AsyncClient, units: Units, floor: Floor
) -> None:
    path, why = f"{ROOM}/{floor.recording_id}/download", {"reason": "客户 13800001234 投诉取证"}
    await signed_in_as(client, units, floor.agency, floor.collector)
    refused = await client.post(path, json=why)
    assert (refused.status_code, refused.json()["code"]) == (403, "FIELD_RIGHT_MISSING")
    assert len(await logged(units, floor, "request.refused")) == 1
    await signed_in_as(client, units, floor.agency, floor.owner)
    assert (await client.post(path, json={"reason": ""})).status_code == 422
    url = (await client.post(path, json=why)).json()["url"]
    file = await client.get(url)
    assert file.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert len(file.content) == 44 + len(floor.sound)
    (fact,) = await logged(units, floor, "recording.downloaded")
    assert fact == {"call_id": str(floor.call.id), "reason": "客户 138******34 投诉取证"}
    assert await logged(units, floor, "recording.played") == []


async def test_who_loses_the_right_hears_no_more_under_an_old_address(
    client: httpx.AsyncClient, units: Units, floor: Floor
) -> None:
    await signed_in_as(client, units, floor.agency, floor.owner)
    url = await address(client, floor.recording_id)
    operations = await a_person(units, floor.agency, "operations")
    await signed_in_as(client, units, floor.agency, operations)
    assert (await client.get(url)).json()["code"] == "FIELD_RIGHT_MISSING"


async def test_a_hold_is_placed_once_lifted_once_and_both_are_on_record(
    client: httpx.AsyncClient, units: Units, floor: Floor
) -> None:
    path, why = f"{ROOM}/{floor.recording_id}/hold", {"reason": "监管调查"}
    await signed_in_as(client, units, floor.agency, floor.collector)
    assert (await client.post(path, json=why)).status_code == 403
    await signed_in_as(client, units, floor.agency, floor.owner)
    assert (await client.post(path, json=why)).json()["hold"]["reason"] == "监管调查"
    assert (await client.post(path, json=why)).json()["code"] == "RECORDING_HELD"
    assert (await client.post(f"{path}/lift", json={"reason": "调查结束"})).json()["hold"] is None
    assert (await client.post(f"{path}/lift", json={"reason": "调查结束"})).json()["code"] == "RECORDING_NOT_HELD"
    assert await logged(units, floor, "recording.held", "recording.freed") == [
        {"reason": "监管调查"},
        {"reason": "调查结束"},
    ]


@pytest.mark.parametrize("is_held", [True, False])
async def test_a_recording_whose_time_is_over_is_deleted_unless_it_is_held(
    client: httpx.AsyncClient, units: Units, house: House, floor: Floor, watch: Watch, work: Work, *, is_held: bool
) -> None:
    await work("recordings.store", floor.agency, recording_id=str(floor.recording_id))
    await signed_in_as(client, units, floor.agency, floor.owner)
    if is_held:
        await client.post(f"{ROOM}/{floor.recording_id}/hold", json={"reason": "监管调查"})
    url = await address(client, floor.recording_id)
    text = f"/api/v1/telephony/transcripts/{floor.call.id}"
    assert (await client.get(text)).status_code == 200
    await work("recordings.delete", floor.agency)
    assert (await client.get(f"{ROOM}/{floor.recording_id}")).json()["keep_until"] == "2031-03-04"
    watch.pass_by(days=5 * 366)
    await work("recordings.delete", floor.agency)
    seen = (await client.get(f"{ROOM}/{floor.recording_id}")).json()
    # What was said is kept as long as its sound, and no longer.
    assert (await client.get(text)).status_code == (200 if is_held else 404)
    if is_held:
        assert seen["state"] == "kept"
        return
    assert (seen["state"], len(seen["sha256"])) == ("deleted", 64)
    assert list((house.vault.waiting.parent / "kept").rglob("*.*")) == []
    (fact,) = await logged(units, floor, "recording.deleted")
    assert fact["sha256"] == seen["sha256"]
    assert (await client.post(f"{ROOM}/{floor.recording_id}/address")).json()["code"] == "RECORDING_GONE"
    assert (await client.get(url)).status_code == 403
    await work("recordings.delete", floor.agency)
    assert len(await logged(units, floor, "recording.deleted")) == 1
