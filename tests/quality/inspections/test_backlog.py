"""What waits to be heard or read is counted, and after half an hour somebody is told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import httpx

from anmi.entrypoints.wiring import House
from anmi.kit.caller import the_system
from anmi.kit.unit_of_work import Units
from anmi.telephony.transcripts.service import Transcripts
from tests.builders.house import Watch
from tests.builders.people import as_caller, comes_in
from tests.builders.phone import a_call, a_recording, tones
from tests.builders.talk import GOOD_TALK, a_transcript
from tests.quality.conftest import Floor, Inspect

PATH = "/api/v1/quality/inspections/backlog"


async def test_a_recording_that_waits_half_an_hour_is_an_alarm(
    client: httpx.AsyncClient, units: Units, house: House, floor: Floor, watch: Watch, tmp_path: Path
) -> None:
    call = await a_call(units, floor.agency, person_id=floor.collector, unit_id=floor.team)
    recording_id = await a_recording(units, house.vault, floor.agency, call, tmp_path / "raw", tones(1.0))
    async with units.begin(the_system(floor.agency.tenant_id)) as unit:
        await Transcripts(unit).ask(recording_id, call.id)
    comes_in(client, await as_caller(units, floor.agency, floor.inspector))
    now = (await client.get(PATH)).json()
    assert (now["unheard"], now["unheard_milliseconds"], now["is_late"]) == (1, 1000, False)
    watch.now += timedelta(minutes=31)
    assert (await client.get(PATH)).json()["is_late"]


async def test_a_text_the_rules_have_not_seen_waits_too(
    client: httpx.AsyncClient, units: Units, floor: Floor, watch: Watch, inspected: Inspect
) -> None:
    await inspected(*GOOD_TALK)
    call = await a_call(units, floor.agency, person_id=floor.collector, unit_id=floor.team)
    await a_transcript(units, floor.agency, call, *GOOD_TALK)
    watch.now += timedelta(minutes=31)
    comes_in(client, await as_caller(units, floor.agency, floor.supervisor))
    late = (await client.get(PATH)).json()
    assert (late["unheard"], late["unread"], late["is_late"]) == (0, 1, True)


async def test_where_nothing_waits_nobody_is_told(client: httpx.AsyncClient, units: Units, floor: Floor) -> None:
    comes_in(client, await as_caller(units, floor.agency, floor.owner))
    nothing = (await client.get(PATH)).json()
    assert (nothing["unheard"], nothing["unheard_since"], nothing["unread"], nothing["is_late"]) == (0, None, 0, False)


async def test_a_collector_is_not_told_of_the_whole_agencys_backlog(
    client: httpx.AsyncClient, units: Units, floor: Floor
) -> None:
    comes_in(client, await as_caller(units, floor.agency, floor.collector))
    assert (await client.get(PATH)).status_code == 403
