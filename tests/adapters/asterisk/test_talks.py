"""Who hears whom: measured in tones at every end of the line, in the recording and on the live tap."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from anmi.adapters.asterisk.instance import Instance
from anmi.adapters.asterisk.listening import Listener
from anmi.core.call_commands import Connect, HangUp, Monitor, PlayMusic, Record
from anmi.core.call_events import LegsConnected, Monitoring, RecordingBegan
from anmi.core.call_legs import Ending
from anmi.core.ports.switch import RecordingKept, ToNumber, TrunkAccount
from tests.adapters.asterisk.conftest import CARRIER
from tests.adapters.asterisk.far_end import FarEnd
from tests.adapters.asterisk.stages import AGENT, CALLER_ID, DEBTOR, GUEST, SUPERVISOR, Ear, TestCall, kept_of
from tests.adapters.asterisk.tones import (
    AGENT_TONE,
    DEBTOR_TONE,
    SUPERVISOR_TONE,
    loudness,
    samples_of,
    strength,
    tones_in,
)

DEBTOR_NUMBER = "13900000001"


@pytest.fixture
async def talk(ear: Ear, line: Instance) -> AsyncIterator[TestCall]:
    """Return a call in which a debtor and an agent talk, recorded from the first moment."""
    call = TestCall(ear)
    await call.reach(AGENT, ToNumber(CARRIER, "agent1", ""))
    await call.make(DEBTOR, ToNumber(CARRIER, DEBTOR_NUMBER, CALLER_ID))
    await call.do(Record(DEBTOR))
    await call.told(RecordingBegan)
    await call.reach(DEBTOR, ToNumber(CARRIER, DEBTOR_NUMBER, CALLER_ID))
    await call.do(Connect((AGENT, DEBTOR)))
    await call.told(LegsConnected)
    yield call
    for leg in (DEBTOR, AGENT, SUPERVISOR, GUEST):
        await call.do(HangUp(leg))
    await call.end_of(DEBTOR)


def tracks(kept: RecordingKept) -> tuple[list[int], list[int]]:
    both = samples_of(Path(kept.path).read_bytes())
    return both[0::2], both[1::2]


async def test_both_sides_hear_one_another_and_both_are_kept(ear: Ear, far_end: FarEnd, talk: TestCall) -> None:
    at_debtor, at_agent = await far_end.at(DEBTOR_NUMBER), await far_end.at("agent1")
    assert await at_debtor.hears(AGENT_TONE)
    assert await at_agent.hears(DEBTOR_TONE)
    await talk.do(HangUp(DEBTOR))
    assert (await talk.end_of(DEBTOR)).ending is Ending.RELEASED
    kept = await kept_of(ear, talk)
    left, right = tracks(kept)
    assert len(left) == len(right) > kept.rate // 8
    assert tones_in(left[-1000:-200]) == {DEBTOR_TONE}
    assert tones_in(right[-1000:-200]) == {AGENT_TONE}
    assert kept in await ear.switch.kept_recordings()
    await ear.switch.take_away(kept)
    assert kept not in await ear.switch.kept_recordings()


async def test_a_held_debtor_hears_music_and_nobody_hears_her(far_end: FarEnd, talk: TestCall) -> None:
    at_debtor, at_agent = await far_end.at(DEBTOR_NUMBER), await far_end.at("agent1")
    assert await at_agent.hears(DEBTOR_TONE)
    await talk.do(PlayMusic(DEBTOR))
    assert await at_agent.hears()
    music = await at_debtor.samples()
    assert loudness(music) > 100
    assert strength(music, AGENT_TONE, 16_000) < 100
    await talk.do(Connect((AGENT, DEBTOR)))
    assert await at_debtor.hears(AGENT_TONE)
    assert await at_agent.hears(DEBTOR_TONE)


async def test_a_supervisor_listens_whispers_and_barges_in(far_end: FarEnd, talk: TestCall) -> None:
    await talk.reach(SUPERVISOR, ToNumber(CARRIER, "boss1", ""))
    ears = [await far_end.at(name) for name in (DEBTOR_NUMBER, "agent1", "boss1")]

    async def everybody(*expected: set[int]) -> bool:
        return all(await asyncio.gather(*(ear.hears(*tones) for ear, tones in zip(ears, expected, strict=True))))

    both = {DEBTOR_TONE, AGENT_TONE}
    await talk.do(Monitor(SUPERVISOR, AGENT, Monitoring.LISTEN))
    assert await everybody({AGENT_TONE}, {DEBTOR_TONE}, both)
    await talk.do(Monitor(SUPERVISOR, AGENT, Monitoring.WHISPER))
    assert await everybody({AGENT_TONE}, {DEBTOR_TONE, SUPERVISOR_TONE}, both)
    await talk.do(Connect((AGENT, DEBTOR, SUPERVISOR)), Monitor(SUPERVISOR, AGENT, Monitoring.BARGE))
    assert await everybody({AGENT_TONE, SUPERVISOR_TONE}, {DEBTOR_TONE, SUPERVISOR_TONE}, both)
    await talk.do(Connect((AGENT, DEBTOR)), Monitor(SUPERVISOR, AGENT, Monitoring.LISTEN))
    assert await everybody({AGENT_TONE}, {DEBTOR_TONE}, both)
    await talk.do(HangUp(SUPERVISOR))
    await talk.end_of(SUPERVISOR)
    assert await ears[0].hears(AGENT_TONE)


async def test_a_supervisor_changes_between_listening_and_whispering_as_often_as_she_likes(
    far_end: FarEnd, talk: TestCall
) -> None:
    await talk.reach(SUPERVISOR, ToNumber(CARRIER, "boss1", ""))
    at_agent = await far_end.at("agent1")
    for _ in range(10):
        await talk.do(Monitor(SUPERVISOR, AGENT, Monitoring.WHISPER))
        assert await at_agent.hears(DEBTOR_TONE, SUPERVISOR_TONE)
        await talk.do(Monitor(SUPERVISOR, AGENT, Monitoring.LISTEN))
        assert await at_agent.hears(DEBTOR_TONE)


async def test_a_whisper_is_never_on_the_recording(ear: Ear, far_end: FarEnd, talk: TestCall) -> None:
    await talk.reach(SUPERVISOR, ToNumber(CARRIER, "boss1", ""))
    await talk.do(Monitor(SUPERVISOR, AGENT, Monitoring.WHISPER))
    at_agent = await far_end.at("agent1")
    assert await at_agent.hears(DEBTOR_TONE, SUPERVISOR_TONE)
    await talk.do(HangUp(DEBTOR))
    left, right = tracks(await kept_of(ear, talk))
    assert SUPERVISOR_TONE not in tones_in(left[-2000:]) | tones_in(right[-2000:])


async def test_a_guest_is_asked_and_the_talk_handed_over(far_end: FarEnd, talk: TestCall) -> None:
    await talk.do(PlayMusic(DEBTOR))
    await talk.reach(GUEST, ToNumber(CARRIER, "boss2", ""))
    at_debtor, at_agent, at_guest = [await far_end.at(name) for name in (DEBTOR_NUMBER, "agent1", "boss2")]
    # A word among colleagues, while the debtor waits.
    await talk.do(Connect((AGENT, GUEST)))
    assert await at_agent.hears(SUPERVISOR_TONE)
    assert await at_guest.hears(AGENT_TONE)
    assert strength(await at_debtor.samples(), AGENT_TONE, 16_000) < 100
    # All three; and then without the one who called.
    await talk.do(Connect((AGENT, DEBTOR, GUEST)))
    assert await at_debtor.hears(AGENT_TONE, SUPERVISOR_TONE)
    await talk.do(Connect((DEBTOR, GUEST)), HangUp(AGENT))
    assert await at_debtor.hears(SUPERVISOR_TONE)
    assert await at_guest.hears(DEBTOR_TONE)
    await talk.do(HangUp(GUEST))
    await talk.end_of(GUEST)


async def test_a_guest_is_sent_away_and_the_debtor_taken_back_at_once(far_end: FarEnd, talk: TestCall) -> None:
    await talk.reach(GUEST, ToNumber(CARRIER, "boss1", ""))
    at_debtor, at_agent = await far_end.at(DEBTOR_NUMBER), await far_end.at("agent1")
    await talk.do(PlayMusic(DEBTOR), Connect((AGENT, GUEST)))
    assert await at_agent.hears(SUPERVISOR_TONE)
    # As `core.call_life` orders it: in one breath, so that the guest is still on her way out.
    await talk.do(HangUp(GUEST), Connect((AGENT, DEBTOR)))
    assert await at_agent.hears(DEBTOR_TONE)
    assert await at_debtor.hears(AGENT_TONE)


async def test_who_takes_the_agents_place_is_heard_by_the_debtor(far_end: FarEnd, talk: TestCall) -> None:
    await talk.reach(SUPERVISOR, ToNumber(CARRIER, "boss1", ""))
    at_debtor, at_boss = await far_end.at(DEBTOR_NUMBER), await far_end.at("boss1")
    assert await at_debtor.hears(AGENT_TONE)
    await talk.do(HangUp(AGENT), Connect((SUPERVISOR, DEBTOR)))
    assert await at_boss.hears(DEBTOR_TONE)
    assert await at_debtor.hears(SUPERVISOR_TONE)


async def test_who_takes_a_call_that_waited_is_heard_by_the_debtor(far_end: FarEnd, talk: TestCall) -> None:
    at_debtor = await far_end.at(DEBTOR_NUMBER)
    assert await at_debtor.hears(AGENT_TONE)
    await talk.do(PlayMusic(DEBTOR), HangUp(AGENT))
    await talk.reach(GUEST, ToNumber(CARRIER, "boss1", ""))
    at_guest = await far_end.at("boss1")
    await talk.do(Connect((GUEST, DEBTOR)))
    assert await at_guest.hears(DEBTOR_TONE)
    assert await at_debtor.hears(SUPERVISOR_TONE)


async def test_a_leg_can_be_heard_as_it_speaks(ear: Ear, talk: TestCall) -> None:
    async with aclosing(ear.switch.listen(talk.id, DEBTOR)) as listening, asyncio.timeout(3):
        heard: list[bytes] = []
        async for frame in listening:
            assert len(frame) == 640
            heard.append(frame)
            if tones_in(samples_of(b"".join(heard[-8:])), 16_000) == {DEBTOR_TONE}:
                break


async def test_listening_ends_with_the_leg(ear: Ear, talk: TestCall) -> None:
    async def listen() -> int:
        return sum([len(frame) async for frame in ear.switch.listen(talk.id, AGENT)])

    listening = asyncio.create_task(listen())
    await asyncio.sleep(0.3)
    await talk.do(HangUp(AGENT))
    assert await asyncio.wait_for(listening, 5) > 640


async def test_the_call_leaves_nothing_behind(ear: Ear, line: Instance) -> None:
    await ear.switch.open_trunk(TrunkAccount(CARRIER, line.places.sip_host))
    call = TestCall(ear)
    await call.reach(DEBTOR, ToNumber(CARRIER, "13900000002", CALLER_ID))
    await call.reach(AGENT, ToNumber(CARRIER, "agent2", ""))
    await call.do(Connect((AGENT, DEBTOR)), HangUp(DEBTOR), HangUp(AGENT))
    await call.end_of(DEBTOR)
    await call.end_of(AGENT)
    assert await ear.switch.live_legs() == []


async def tone_of(sound: AsyncGenerator[bytes]) -> set[int]:
    """Return what a live sound holds, once it holds anything."""
    heard: list[bytes] = []
    async with aclosing(sound), asyncio.timeout(3):
        async for frame in sound:
            heard.append(frame)
            if len(heard) > 8 and (tones := tones_in(samples_of(b"".join(heard[-8:])), 16_000)):
                return tones
    return set()


async def test_the_live_watch_hears_both_sides_beside_the_engine(pbx: Instance, talk: TestCall) -> None:
    async with Listener.at(pbx) as listener:
        said, heard = listener.said_by(talk.id, DEBTOR), listener.heard_by(talk.id, DEBTOR)
        assert await asyncio.gather(tone_of(said), tone_of(heard)) == [{DEBTOR_TONE}, {AGENT_TONE}]


async def test_a_listener_that_was_killed_leaves_nothing_behind_that_keeps_the_next_from_hearing(
    pbx: Instance, talk: TestCall
) -> None:
    async with Listener.at(pbx) as listener:
        sound = listener.said_by(talk.id, DEBTOR)
        assert len(await anext(sound)) == 640
    # As after a kill: nobody can take the taps away any more.
    with pytest.raises(RuntimeError):
        await sound.aclose()
    async with Listener.at(pbx) as successor:
        assert await tone_of(successor.said_by(talk.id, DEBTOR)) == {DEBTOR_TONE}


async def test_what_is_watched_ends_with_the_leg(pbx: Instance, talk: TestCall) -> None:
    async with Listener.at(pbx) as listener, asyncio.timeout(5):
        frames = 0
        async for _ in listener.heard_by(talk.id, DEBTOR):
            frames += 1
            if frames == 5:
                await talk.do(HangUp(DEBTOR))
        assert frames < 50
