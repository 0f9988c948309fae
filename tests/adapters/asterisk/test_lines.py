"""Keys, speech and silence, prompts, announcements, and calls that come from outside."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from anmi.adapters.asterisk.announcements import is_spoken
from anmi.adapters.asterisk.instance import Instance, configuration_folder
from anmi.adapters.asterisk.recordings import debtors_track
from anmi.core.call_commands import Announce, AnswerLeg, Connect, DialLeg, HangUp, Prompt, Record, SendKeys
from anmi.core.call_events import (
    KeyPressed,
    LegAnswered,
    LegCreated,
    LegEnded,
    LegProgressed,
    RecordingBegan,
    TalkBegan,
    TalkEnded,
)
from anmi.core.call_legs import Ending, Source
from anmi.core.ports.switch import Arrived, Happened, RecordingKept, ToNumber, TrunkAccount
from tests.adapters.asterisk.conftest import CARRIER
from tests.adapters.asterisk.far_end import FarEnd
from tests.adapters.asterisk.stages import AGENT, CALLER_ID, DEBTOR, PATIENCE, Ear, TestCall, kept_of
from tests.adapters.asterisk.tones import loudness

KEYS, SPEAKER, ANNOUNCED, DEBTOR_NUMBER = "13800000001", "13800000002", "13800000003", "13900000001"
HOTLINE = "95588"


@pytest.mark.usefixtures("line")
async def test_keys_are_heard_and_sent(ear: Ear) -> None:
    call = TestCall(ear)
    await call.reach(DEBTOR, ToNumber(CARRIER, KEYS, CALLER_ID))
    for key in "12#":
        await call.told(KeyPressed, lambda event, key=key: event == KeyPressed(DEBTOR, key))
    await call.do(SendKeys(DEBTOR, "45"))
    for key in "45":
        await call.told(KeyPressed, lambda event, key=key: event == KeyPressed(DEBTOR, key))
    await call.do(HangUp(DEBTOR))
    await call.end_of(DEBTOR)


@pytest.mark.usefixtures("line")
async def test_keys_are_heard_in_the_middle_of_a_talk(ear: Ear) -> None:
    call = TestCall(ear)
    await call.reach(AGENT, ToNumber(CARRIER, "agent1", ""))
    await call.reach(DEBTOR, ToNumber(CARRIER, KEYS, CALLER_ID))
    await call.do(Connect((AGENT, DEBTOR)))
    await call.told(KeyPressed, lambda event: event == KeyPressed(DEBTOR, "#"))
    await call.do(HangUp(DEBTOR), HangUp(AGENT))
    await call.end_of(DEBTOR)


@pytest.mark.usefixtures("line")
async def test_who_speaks_and_who_falls_silent_is_told(ear: Ear) -> None:
    call = TestCall(ear)
    await call.reach(DEBTOR, ToNumber(CARRIER, SPEAKER, CALLER_ID))
    await call.told(TalkBegan)
    await call.told(TalkEnded)
    assert call.when(TalkEnded) - call.when(TalkBegan) > timedelta(seconds=1)
    await call.do(HangUp(DEBTOR))
    await call.end_of(DEBTOR)


@pytest.mark.usefixtures("line")
async def test_a_farewell_is_heard_before_the_line_is_cut(ear: Ear, far_end: FarEnd) -> None:
    call = TestCall(ear)
    await call.reach(DEBTOR, ToNumber(CARRIER, DEBTOR_NUMBER, CALLER_ID))
    at_debtor = await far_end.at(DEBTOR_NUMBER)
    await call.do(Announce(DEBTOR, Prompt.AGENT_GONE), HangUp(DEBTOR))
    async with asyncio.timeout(3):
        while loudness(await at_debtor.samples()) < 500:
            pass
    ended = await call.end_of(DEBTOR, seconds=12)
    assert ended.ending is Ending.RELEASED
    assert call.when(LegEnded) - call.when(LegAnswered) > timedelta(seconds=4)


@pytest.mark.usefixtures("line")
async def test_a_prompt_that_nobody_recorded_is_refused(ear: Ear) -> None:
    with pytest.raises(ValueError, match="no prompt"):
        await TestCall(ear).do(Announce(DEBTOR, "../secrets"))


@pytest.mark.parametrize("prompt", [*Prompt, "engine_away"])
def test_every_prompt_is_recorded(prompt: str) -> None:
    assert (configuration_folder() / "prompts" / f"{prompt}.alaw").stat().st_size > 16_000


@pytest.mark.usefixtures("line")
async def test_an_announcement_before_the_end_says_what_the_code_does_not(ear: Ear) -> None:
    call = TestCall(ear)
    address = ToNumber(CARRIER, ANNOUNCED, CALLER_ID)
    await call.make(DEBTOR, address)
    await call.do(Record(DEBTOR))
    await call.told(RecordingBegan)
    await call.do(DialLeg(DEBTOR, 20))
    await call.told(LegProgressed)
    ended = await call.end_of(DEBTOR, seconds=12)
    assert ended.ending is Ending.SUSPENDED
    assert ended.evidence is not None
    assert (ended.evidence.source, ended.evidence.announcement) == (Source.ANNOUNCEMENT, "network-suspended")


@pytest.mark.usefixtures("line")
@pytest.mark.parametrize(("number", "is_kept"), [("13800000004", True), ("13800000005", False)])
async def test_words_that_are_not_known_by_their_sound_are_kept_for_who_can_read_them(
    ear: Ear, number: str, is_kept: bool
) -> None:
    call = TestCall(ear)
    await call.make(DEBTOR, ToNumber(CARRIER, number, CALLER_ID))
    await call.do(Record(DEBTOR))
    await call.told(RecordingBegan)
    await call.do(DialLeg(DEBTOR, 20))
    ended = await call.end_of(DEBTOR, seconds=12)
    assert ended.evidence is not None
    assert ended.evidence.is_vague
    if is_kept:
        kept = await kept_of(ear, call)
        assert is_spoken(debtors_track(kept), kept.rate)
        return
    async with asyncio.timeout(PATIENCE):
        while call.id in {kept.call_id for kept in await ear.switch.kept_recordings()}:  # noqa: ASYNC110 - nobody rings
            await asyncio.sleep(0.05)
    assert call.id not in {news.call_id for news in ear.heard if isinstance(news, RecordingKept)}


async def test_a_call_from_outside_arrives_and_is_answered(
    ear: Ear, far_end: FarEnd, pbx: Instance, line: Instance
) -> None:
    there = far_end.ear
    await there.switch.open_trunk(TrunkAccount("house", pbx.places.sip_host))
    # A trunk is told of again whenever something of it has changed.
    await ear.switch.open_trunk(TrunkAccount(CARRIER, line.places.sip_host))
    outside = TestCall(there)
    await outside.dial(DEBTOR, ToNumber("house", HOTLINE, DEBTOR_NUMBER))
    arrived = await ear.news(Arrived)
    assert (arrived.trunk, arrived.caller, arrived.called) == (CARRIER, DEBTOR_NUMBER, HOTLINE)
    inside = TestCall(ear, arrived.call_id)
    await inside.told(LegCreated)
    await inside.do(AnswerLeg(DEBTOR), AnswerLeg(DEBTOR))
    await inside.told(LegAnswered)
    await outside.told(LegAnswered)
    await outside.do(HangUp(DEBTOR))
    assert (await inside.end_of(DEBTOR)).ending is Ending.HUNG_UP
    told = [type(news.event) for news in ear.heard if isinstance(news, Happened)]
    assert told == [LegCreated, LegAnswered, LegEnded]


@pytest.mark.usefixtures("line")
async def test_a_caller_who_gives_up_is_over(ear: Ear, far_end: FarEnd, pbx: Instance) -> None:
    there = far_end.ear
    await there.switch.open_trunk(TrunkAccount("house", pbx.places.sip_host))
    outside = TestCall(there)
    await outside.dial(DEBTOR, ToNumber("house", HOTLINE, DEBTOR_NUMBER))
    arrived = await ear.news(Arrived)
    await outside.do(HangUp(DEBTOR))
    ended = await TestCall(ear, arrived.call_id).end_of(DEBTOR)
    assert ended.ending is not Ending.RELEASED
    assert await ear.switch.live_legs() == []


async def test_what_is_asked_of_a_leg_that_is_gone_is_done_already(ear: Ear) -> None:
    nobody = TestCall(ear, uuid4())
    await nobody.do(HangUp(DEBTOR), SendKeys(DEBTOR, "1"), Connect((AGENT, DEBTOR)), AnswerLeg(DEBTOR), Record(DEBTOR))
    assert ear.events_of(nobody.id) == []
