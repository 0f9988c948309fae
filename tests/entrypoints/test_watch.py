"""The live watch over PostgreSQL, an engine and a recogniser that hears text: from a word to an alarm and a release."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from anmi.adapters.rehearsal.sound import RehearsalSound
from anmi.adapters.rehearsal.switch import RehearsalSwitch
from anmi.adapters.speech.rehearsal import RehearsalSpeech
from anmi.casework.holds.models import Hold
from anmi.core.alarms import AlarmKind, AlarmStatus, DebtorSignal, Help
from anmi.core.call_stages import DEBTOR
from anmi.core.call_views import CallPhase
from anmi.core.contact_rules.facts import HoldReason
from anmi.core.inspection_queue import QueuedFor
from anmi.core.live_watch_policy import WatchPolicy
from anmi.core.live_watch_views import CheckState, NotHeard, Side
from anmi.core.rehearsal import Cast, Persona
from anmi.entrypoints.reactions import react
from anmi.entrypoints.watch.watchman import Watchman
from anmi.kit.caller import the_system
from anmi.kit.db import Database
from anmi.kit.ids import new_id
from anmi.kit.keyring import Keyring
from anmi.kit.unit_of_work import UnitOfWork, Units
from anmi.quality.alarms.models import Alarm
from anmi.quality.inspections.models import CallFinding, CallInspection
from anmi.quality.inspections.reading import Reading
from anmi.quality.live_watch.models import LiveLine, WatchedCall
from anmi.quality.live_watch.service import LiveView, LiveWatch, WatchPolicies
from anmi.quality.packs.service import Packs
from anmi.telephony.recordings.models import Recording
from anmi.telephony.transcripts.service import Transcripts
from tests.builders.collectors import Desk, a_desk
from tests.builders.people import Agency, an_agency
from tests.builders.phone_floor import PACE, Playing, a_line, begun, now, the_journal, until
from tests.builders.talk import transcript_of

OPENING = "您好，我是受安信银行委托的安信催收公司，工号一零二七，本次通话将被录音"
THREAT = "再不还就叫人到你家门口堵着你"


@pytest.fixture
def units(database: Database, keyring: Keyring) -> Units:
    """Return units of work that really commit: a watch is no single transaction."""
    return Units(database, keyring, now, react)


@pytest.fixture
async def agency(units: Units) -> Agency:
    agency = await an_agency(units)
    await a_line(units, agency)
    return agency


@pytest.fixture
async def playing(units: Units, tmp_path: Path) -> AsyncGenerator[Playing]:
    patient = Persona("patient", "等候", "Waits", 1, ring_seconds=1.0, patience_seconds=60_000.0)
    async with RehearsalSwitch(Cast(personas=(patient,)), tmp_path / "raw", units.clock, PACE) as switch:
        playing = await begun(units, switch, tmp_path, f"test-{new_id().hex[-8:]}")
        try:
            yield playing
        finally:
            await playing.kill()


async def the_rules(unit: UnitOfWork) -> Any:
    return await Packs(unit).in_force()


@asynccontextmanager
async def a_watchman(units: Units, playing: Playing, sound: RehearsalSound) -> AsyncGenerator[Watchman]:
    """Watch the calls of an engine; leaving ends it as a kill would."""
    watchman = Watchman(playing.engine.who.name, units, sound, RehearsalSpeech(), the_rules)
    task = asyncio.create_task(watchman.run())
    try:
        yield watchman
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def talking(desk: Desk) -> UUID:
    call_id = await desk.call()
    await desk.in_phase(call_id, CallPhase.TALKING)
    return call_id


async def rows(desk: Desk, kind: type[Any]) -> list[Any]:
    async with desk.units.begin(the_system(desk.agency.tenant_id)) as unit:
        return list((await unit.session.scalars(select(kind))).all())


async def seen(desk: Desk, call_id: UUID) -> LiveView:
    async with desk.units.begin(the_system(desk.agency.tenant_id)) as unit:
        return await LiveWatch(unit).of_call(call_id)


async def once(desk: Desk, call_id: UUID, is_so: Callable[[LiveView], Any]) -> LiveView:
    """Wait until what stands of a call is as expected."""

    async def there() -> LiveView | None:
        view = await seen(desk, call_id)
        return view if is_so(view) else None

    found: LiveView = await until(there)
    return found


async def wants(desk: Desk, policy: WatchPolicy) -> None:
    async with desk.units.begin(the_system(desk.agency.tenant_id)) as unit:
        await WatchPolicies(unit).set(policy, 0)


async def test_what_is_said_is_shown_while_the_call_lasts(units: Units, agency: Agency, playing: Playing) -> None:
    desk, sound = await a_desk(units, agency, playing.engine.id), RehearsalSound()
    async with a_watchman(units, playing, sound):
        call_id = await talking(desk)
        sound.say(call_id, Side.AGENT, OPENING)
        sound.begin_to_say(call_id, Side.DEBTOR, "喂")
        view = await once(desk, call_id, lambda view: view.lines and view.so_far and view.checklist)
        assert (view.is_heard, view.why_not) == (True, None)
        assert [(line.side, line.text) for line in view.lines] == [(Side.AGENT, OPENING)]
        assert view.so_far["debtor"]["text"] == "喂"
        assert {check["code"]: check["state"] for check in view.checklist}["P03"] == CheckState.MET
        assert view.warnings == []


async def test_a_threat_raises_an_alarm_and_the_rule_ends_the_call(
    units: Units, agency: Agency, playing: Playing
) -> None:
    desk, sound = await a_desk(units, agency, playing.engine.id), RehearsalSound()
    await wants(desk, WatchPolicy(force_release={"V01": 1}))
    async with a_watchman(units, playing, sound):
        call_id = await talking(desk)
        sound.say(call_id, Side.AGENT, THREAT)
        call = await desk.in_phase(call_id, CallPhase.ENDED)
        assert call.ended_by == "rule"
    (alarm,) = [alarm for alarm in await rows(desk, Alarm) if alarm.code == "V01"]
    assert (alarm.kind, alarm.status, alarm.has_released) == (AlarmKind.VIOLATION, AlarmStatus.OPEN, True)
    assert (alarm.person_id, alarm.words) == (desk.person_id, THREAT)
    events = [line.event for line in await the_journal(units, agency, call_id)]
    (asked,) = [event for event in events if event["kind"] == "ForceReleaseAsked"]
    assert asked["by"] is None
    assert "V01 威胁恐吓" in asked["reason"]


async def test_without_the_agencys_word_no_call_is_ended(units: Units, agency: Agency, playing: Playing) -> None:
    desk, sound = await a_desk(units, agency, playing.engine.id), RehearsalSound()
    async with a_watchman(units, playing, sound):
        call_id = await talking(desk)
        sound.say(call_id, Side.AGENT, THREAT)
        view = await once(desk, call_id, lambda view: view.warnings)
        assert [warning["code"] for warning in view.warnings] == ["V01"]
        assert (await desk.in_phase(call_id, CallPhase.TALKING)).ended_at is None


async def test_a_killed_watch_goes_on_with_the_call_and_says_nothing_twice(
    units: Units, agency: Agency, playing: Playing
) -> None:
    desk, sound = await a_desk(units, agency, playing.engine.id), RehearsalSound()
    await wants(desk, WatchPolicy(force_release={"V01": 2}))
    async with a_watchman(units, playing, sound):
        call_id = await talking(desk)
        sound.say(call_id, Side.AGENT, THREAT)
        await once(desk, call_id, lambda view: view.warnings)
    async with a_watchman(units, playing, sound):
        sound.say(call_id, Side.DEBTOR, "你什么意思")
        await once(desk, call_id, lambda view: len(view.lines) == 2)
        assert len(await rows(desk, Alarm)) == 1
        # The count goes on, too.
        sound.say(call_id, Side.AGENT, "我知道你住哪，打断你的腿")
        assert (await desk.in_phase(call_id, CallPhase.ENDED)).ended_by == "rule"


async def test_a_sick_debtor_is_helped_at_once_where_the_agency_wants_it(
    units: Units, agency: Agency, playing: Playing
) -> None:
    desk, sound = await a_desk(units, agency, playing.engine.id), RehearsalSound()
    await wants(desk, WatchPolicy(automatic_help=frozenset({DebtorSignal.ILLNESS})))
    async with a_watchman(units, playing, sound):
        call_id = await talking(desk)
        sound.say(call_id, Side.DEBTOR, "我得了癌症，正在住院化疗")
        view = await once(desk, call_id, lambda view: view.signals and view.signals[0]["is_given"])
    assert (view.signals[0]["code"], view.signals[0]["help"]) == (DebtorSignal.ILLNESS, Help.PAUSE_CASE)
    (hold,) = await rows(desk, Hold)
    assert (hold.case_id, hold.reason) == (desk.case.id, HoldReason.HARDSHIP)
    assert (await rows(desk, Alarm))[0].kind is AlarmKind.SIGNAL


async def test_nothing_is_heard_where_nobody_watches(units: Units, agency: Agency, playing: Playing) -> None:
    desk = await a_desk(units, agency, playing.engine.id)
    call_id = await talking(desk)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        view = await LiveWatch(unit).of_call(call_id)
    assert view.is_heard is False
    assert view.why_not in {NotHeard.OFF, NotHeard.NOT_YET}
    assert await rows(desk, LiveLine) == []


async def test_a_call_that_is_over_is_watched_no_longer(units: Units, agency: Agency, playing: Playing) -> None:
    desk, sound = await a_desk(units, agency, playing.engine.id), RehearsalSound()
    async with a_watchman(units, playing, sound) as watchman:
        call_id = await talking(desk)
        sound.say(call_id, Side.DEBTOR, "喂")
        await once(desk, call_id, lambda view: view.lines)
        sound.end(call_id)
        playing.switch.leave(call_id, DEBTOR)
        await desk.in_phase(call_id, CallPhase.ENDED)

        async def is_forgotten() -> bool:
            return call_id not in watchman.watches

        await until(is_forgotten)
    (kept,) = await rows(desk, WatchedCall)
    assert kept.ended_at is not None


async def test_what_was_alarmed_is_told_to_the_inspector_and_live_text_gives_way_to_the_transcript(
    units: Units, agency: Agency, playing: Playing
) -> None:
    desk, sound = await a_desk(units, agency, playing.engine.id), RehearsalSound()
    await wants(desk, WatchPolicy(force_release={"V01": 1}))
    async with a_watchman(units, playing, sound):
        call_id = await talking(desk)
        sound.say(call_id, Side.DEBTOR, "喂")
        await once(desk, call_id, lambda view: view.lines)
        sound.say(call_id, Side.AGENT, THREAT)
        call = await desk.in_phase(call_id, CallPhase.ENDED)
    await until(lambda: rows(desk, Recording))
    async with units.begin(the_system(agency.tenant_id)) as unit:
        (recording,) = (await unit.session.scalars(select(Recording))).all()
        await Transcripts(unit).ask(recording.id, call_id)
        await unit.session.flush()
        await Transcripts(unit).write(call_id, transcript_of("d:喂", f"a:{THREAT}"))
    assert await rows(desk, LiveLine) == []
    async with units.begin(the_system(agency.tenant_id)) as unit:
        await Reading(unit, 0).read(call_id, await Packs(unit).in_force())
    (inspection,) = await rows(desk, CallInspection)
    assert (inspection.call_id, inspection.queued_for) == (call.id, QueuedFor.ALARM)
    assert [finding.is_live for finding in await rows(desk, CallFinding) if finding.code == "V01"] == [True]
