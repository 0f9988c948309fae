"""Calls outlive the engine: whoever comes after it finds them, tells of them, ends them; and nothing is left over."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from anmi.adapters.asterisk.installation import Installation
from anmi.adapters.asterisk.instance import Instance
from anmi.adapters.asterisk.recordings import debtors_track
from anmi.adapters.asterisk.switch import AsteriskSwitch
from anmi.core.call_commands import Connect, DialLeg, HangUp, Monitor, Record
from anmi.core.call_events import LegAnswered, LegsConnected, Monitoring, RecordingBegan
from anmi.core.call_legs import Ending
from anmi.core.ports.switch import LiveLeg, PhoneAccount, RecordingKept, SwitchBack, ToNumber, TrunkAccount
from anmi.entrypoints.process_tree import Child, ProcessTree
from anmi.kit.errors import Unavailable
from tests.adapters.asterisk.conftest import CARRIER
from tests.adapters.asterisk.far_end import FarEnd
from tests.adapters.asterisk.stages import AGENT, CALLER_ID, DEBTOR, SUPERVISOR, Ear, TestCall
from tests.adapters.asterisk.tones import AGENT_TONE, DEBTOR_TONE

NUMBER = "13900000001"
# The carrier does not hear of a switch's death at once: this line stays up for a while.
LEFT_ALONE = "13900000099"


@asynccontextmanager
async def engine(pbx: Instance) -> AsyncIterator[Ear]:
    """An engine's life."""
    async with AsteriskSwitch.of(pbx) as switch:
        ear = Ear(switch)
        await ear.news(SwitchBack)
        yield ear
        await ear.close()


async def test_a_new_engine_takes_the_live_calls_back(pbx: Instance, carrier: Instance, far_end: FarEnd) -> None:
    call_id = uuid4()
    async with engine(pbx) as first:
        await first.switch.open_trunk(TrunkAccount(CARRIER, carrier.places.sip_host))
        call = TestCall(first, call_id)
        await call.reach(AGENT, ToNumber(CARRIER, "agent1", ""))
        await call.make(DEBTOR, ToNumber(CARRIER, NUMBER, CALLER_ID))
        await call.do(Record(DEBTOR))
        await call.told(RecordingBegan)
        await call.reach(DEBTOR, ToNumber(CARRIER, NUMBER, CALLER_ID))
        await call.do(Connect((AGENT, DEBTOR)))
    at_agent = await far_end.at("agent1")
    assert await at_agent.hears(DEBTOR_TONE)
    async with engine(pbx) as second:
        legs = sorted(await second.switch.live_legs(), key=lambda live: live.leg)
        assert legs == [LiveLeg(call_id, AGENT, is_answered=True), LiveLeg(call_id, DEBTOR, is_answered=True)]
        call = TestCall(second, call_id)
        # Told once more what is to be, it changes nothing.
        await call.do(Record(DEBTOR), Connect((AGENT, DEBTOR)))
        await call.told(RecordingBegan)
        await call.told(LegsConnected)
        assert await at_agent.hears(DEBTOR_TONE)
        assert call_id not in {kept.call_id for kept in await second.switch.kept_recordings()}
        await call.do(HangUp(DEBTOR), HangUp(AGENT))
        assert (await call.end_of(DEBTOR)).ending is Ending.RELEASED
        kept = await second.news(RecordingKept)
        assert kept.call_id == call_id
        await call.end_of(AGENT)
        assert call_id not in {live.call_id for live in await second.switch.live_legs()}
        await second.switch.take_away(kept)


async def test_an_engine_in_a_hurry_does_not_part_those_who_talk(
    pbx: Instance, carrier: Instance, far_end: FarEnd
) -> None:
    async with engine(pbx) as first:
        await first.switch.open_trunk(TrunkAccount(CARRIER, carrier.places.sip_host))
        call = TestCall(first)
        await call.reach(AGENT, ToNumber(CARRIER, "agent3", ""))
        await call.reach(DEBTOR, ToNumber(CARRIER, "13900000003", CALLER_ID))
        await call.do(Connect((AGENT, DEBTOR)))
    async with AsteriskSwitch.of(pbx) as switch:
        # Before the switch has said anything.
        await switch.carry_out(call.id, Connect((AGENT, DEBTOR)))
        assert await (await far_end.at("agent3")).hears(DEBTOR_TONE)
        for leg in (AGENT, DEBTOR):
            await switch.carry_out(call.id, HangUp(leg))


async def test_a_switch_that_is_not_there_is_unavailable(installation: Installation, tmp_path: Path) -> None:
    instance = Instance(installation, tmp_path / "asterisk" / "pbx")
    instance.prepare()
    async with AsteriskSwitch.of(instance) as switch:
        for asking in (switch.live_legs(), switch.let_in(PhoneAccount("p", "s", is_browser=True))):
            with pytest.raises(Unavailable):
                await asking
        with pytest.raises(Unavailable):
            await switch.carry_out(uuid4(), HangUp(DEBTOR))


async def test_a_switch_that_is_killed_comes_back_and_keeps_what_it_had_written(
    installation: Installation, carrier: Instance, tmp_path: Path
) -> None:
    instance = Instance(installation, tmp_path / "asterisk" / "pbx")
    said = Said()
    child = Child("pbx", instance.command, {}, prepare=instance.prepare, is_ready=instance.is_ready)
    async with ProcessTree(said) as tree:
        await tree.start(child)
        async with engine(instance) as ear:
            await ear.switch.open_trunk(TrunkAccount(CARRIER, carrier.places.sip_host))
            await ear.switch.let_in(PhoneAccount("page9", "secret", is_browser=True))
            call = TestCall(ear)
            await call.make(DEBTOR, ToNumber(CARRIER, LEFT_ALONE, CALLER_ID))
            await call.do(Record(DEBTOR), DialLeg(DEBTOR, 20))
            await call.told(LegAnswered)
            await call.reach(AGENT, ToNumber(CARRIER, "agent9", ""))
            await call.do(Connect((AGENT, DEBTOR)))
            await asyncio.sleep(2.5)
            ear.heard.clear()
            os.kill(said.pid, signal.SIGKILL)
            with pytest.raises(Unavailable):
                await asks_for_ever(ear)
            await ear.news(SwitchBack, seconds=20)
            assert await ear.switch.live_legs() == []
            told = await ear.switch._ari.get("endpoints/PJSIP/page9")  # type: ignore[attr-defined]
            assert told["state"] == "offline"
            [kept] = await ear.switch.kept_recordings()
            assert kept.call_id == call.id
            # Its buffer holds a second of both tracks.
            assert len(debtors_track(kept)) / 2 / kept.rate > 0.9
            with pytest.raises(AssertionError):
                await call.end_of(DEBTOR, seconds=0.1)


async def asks_for_ever(ear: Ear) -> None:
    while True:
        await ear.switch.live_legs()


class Said:
    """Hears from the process tree which process is the switch."""

    pid = 0

    def line(self, name: str, text: str) -> None:
        pass

    def event(self, name: str, text: str, *, trouble: bool = False) -> None:
        if text.startswith("runs as process"):
            self.pid = int(text.rpartition(" ")[2])


async def test_what_served_a_call_that_is_over_is_swept_away(pbx: Instance, carrier: Instance) -> None:
    async with engine(pbx) as first:
        await first.switch.open_trunk(TrunkAccount(CARRIER, carrier.places.sip_host))
        call = TestCall(first)
        for leg, number in ((AGENT, "agent1"), (DEBTOR, NUMBER), (SUPERVISOR, "boss1")):
            await call.reach(leg, ToNumber(CARRIER, number, CALLER_ID))
        await call.do(Connect((AGENT, DEBTOR)), Monitor(SUPERVISOR, AGENT, Monitoring.WHISPER))
    ari = first.switch._ari  # type: ignore[attr-defined]
    async with ari:
        for live in await ari.get("channels"):
            await ari.delete(f"channels/{live['id']}")
    async with engine(pbx) as second:
        assert await second.switch.live_legs() == []
        ari = second.switch._ari  # type: ignore[attr-defined]
        assert (await ari.get("bridges"), await ari.get("channels")) == ([], [])


async def test_the_supervisor_leaves_nothing_behind(ear: Ear, line: Instance, far_end: FarEnd) -> None:
    call = TestCall(ear)
    for leg, number in ((AGENT, "agent1"), (DEBTOR, NUMBER), (SUPERVISOR, "boss1")):
        await call.reach(leg, ToNumber(CARRIER, number, CALLER_ID))
    await call.do(Connect((AGENT, DEBTOR)), Monitor(SUPERVISOR, AGENT, Monitoring.LISTEN))
    assert await (await far_end.at("boss1")).hears(AGENT_TONE, DEBTOR_TONE)
    await call.do(HangUp(SUPERVISOR), HangUp(AGENT), HangUp(DEBTOR))
    for leg in (SUPERVISOR, AGENT, DEBTOR):
        await call.end_of(leg)
    await ear.close()
    await ear.switch._ears.finish()  # type: ignore[attr-defined]
    ari = ear.switch._ari  # type: ignore[attr-defined]
    assert (await ari.get("bridges"), await ari.get("channels")) == ([], [])
