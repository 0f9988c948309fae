"""Speaking on a line: what is sent at once is heard in its own time, and silence falls when it is told to."""

from __future__ import annotations

import asyncio
import math
import struct
import time
from collections.abc import AsyncIterator

import pytest

from anmi.adapters.asterisk.media import RATE, Sound, external_media
from anmi.adapters.asterisk.naming import channel_of, talk_of
from anmi.adapters.asterisk.switch import AsteriskSwitch
from anmi.core.call_commands import Connect, HangUp
from anmi.core.call_events import LegsConnected
from anmi.core.ports.switch import ToNumber
from tests.adapters.asterisk.conftest import CARRIER
from tests.adapters.asterisk.far_end import FarEnd, Heard
from tests.adapters.asterisk.stages import AGENT, CALLER_ID, DEBTOR, Ear, TestCall
from tests.adapters.asterisk.tones import AGENT_TONE, SUPERVISOR_TONE

NUMBER = "13900000005"


def tone(seconds: float) -> bytes:
    count = int(seconds * RATE)
    return struct.pack(
        f"<{count}h", *(int(6000 * math.sin(2 * math.pi * SUPERVISOR_TONE * n / RATE)) for n in range(count))
    )


@pytest.fixture
async def spoken(ear: Ear, far_end: FarEnd, line: object) -> AsyncIterator[tuple[Sound, Heard]]:
    """Return a voice within a talk, and the ear of the debtor."""
    switch = ear.switch
    assert isinstance(switch, AsteriskSwitch)
    call = TestCall(ear)
    await call.reach(AGENT, ToNumber(CARRIER, "agent1", ""))
    await call.reach(DEBTOR, ToNumber(CARRIER, NUMBER, CALLER_ID))
    await call.do(Connect((AGENT, DEBTOR)))
    await call.told(LegsConnected)
    key = f"{channel_of(call.id, DEBTOR)}.voice"
    sound = switch._media.expect(key)
    async with switch._hands.entering(key):
        await switch._ari.post("channels/externalMedia", None, channelId=key, app="anmi", **external_media(key))
    await switch._ari.post(f"bridges/{talk_of(call.id)}/addChannel", channel=key)
    yield sound, await far_end.at(NUMBER)
    await sound.close()
    await call.do(HangUp(AGENT), HangUp(DEBTOR))
    await call.end_of(DEBTOR)


async def test_a_sentence_is_heard_and_its_end_is_known(spoken: tuple[Sound, Heard]) -> None:
    sound, at_debtor = spoken
    began = time.monotonic()
    speaking = asyncio.create_task(sound.play(tone(1.5)))
    assert await at_debtor.hears(AGENT_TONE, SUPERVISOR_TONE)
    async with asyncio.timeout(5):
        await speaking
    assert time.monotonic() - began > 1.3
    assert await at_debtor.hears(AGENT_TONE)


async def test_a_voice_falls_silent_when_it_is_told_to(spoken: tuple[Sound, Heard]) -> None:
    sound, at_debtor = spoken
    speaking = asyncio.create_task(sound.play(tone(12)))
    assert await at_debtor.hears(AGENT_TONE, SUPERVISOR_TONE)
    await sound.stop()
    async with asyncio.timeout(1):
        await speaking
    assert await at_debtor.hears(AGENT_TONE)
