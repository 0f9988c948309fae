"""What every body of the switch port keeps to: Asterisk, and the stand-in that plays calls within the process."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from anmi.adapters.asterisk.instance import Instance
from anmi.adapters.asterisk.switch import AsteriskSwitch
from anmi.adapters.rehearsal.switch import RehearsalSwitch
from anmi.core.call_commands import Announce, Connect, CreateLeg, DialLeg, HangUp, PlayMusic, Prompt, Record, SendKeys
from anmi.core.call_events import (
    LegAnswered,
    LegCreated,
    LegEnded,
    LegProgressed,
    LegRinging,
    LegsConnected,
    RecordingBegan,
)
from anmi.core.call_legs import Ending, Source
from anmi.core.ports.switch import (
    LiveLeg,
    PhoneAccount,
    PhoneSeen,
    RecordingKept,
    SwitchBack,
    ToNumber,
    ToPhone,
    TrunkAccount,
)
from anmi.core.rehearsal import Cast
from tests.adapters.asterisk.conftest import CARRIER, NETWORK
from tests.adapters.asterisk.network import Answering, Network
from tests.adapters.asterisk.stages import AGENT, CALLER_ID, DEBTOR, Ear, TestCall

BUSY, EMPTY, REJECTS, RINGS, SPEAKS = (f"1360000000{number}" for number in range(1, 6))
PERSONAS = {BUSY: "busy", EMPTY: "empty", REJECTS: "rejects", RINGS: "no_answer", SPEAKS: "silent"}
ANSWERS = {
    BUSY: Answering(486, 17, (180,)),
    EMPTY: Answering(404, 1),
    REJECTS: Answering(603, 21, (180,)),
    RINGS: Answering(None, None, (180,)),
}


@dataclass(frozen=True, slots=True)
class Body:
    """A switch, and what its numbers are reached by."""

    ear: Ear
    trunks: dict[str, str]

    def number(self, digits: str) -> ToNumber:
        return ToNumber(self.trunks[digits], "13900000001" if self.trunks[digits] == CARRIER else digits, CALLER_ID)


@pytest.fixture(params=["rehearsal", "asterisk"])
async def body(request: pytest.FixtureRequest, network: Network, tmp_path: Path) -> AsyncIterator[Body]:
    async with AsyncExitStack() as opened:
        if request.param == "rehearsal":
            stand_in = RehearsalSwitch(Cast(chosen=PERSONAS), tmp_path, lambda: datetime.now(UTC), pace=0.02)
            body = Body(Ear(await opened.enter_async_context(stand_in)), dict.fromkeys(PERSONAS, "rehearsal"))
        else:
            network.numbers.update(ANSWERS)
            pbx: Instance = request.getfixturevalue("pbx")
            carrier: Instance = request.getfixturevalue("carrier")
            switch = await opened.enter_async_context(AsteriskSwitch.of(pbx))
            body = Body(Ear(switch), dict.fromkeys(ANSWERS, NETWORK) | {SPEAKS: CARRIER})
            await body.ear.news(SwitchBack)
            await switch.open_trunk(TrunkAccount(NETWORK, network.host))
            await switch.open_trunk(TrunkAccount(CARRIER, carrier.places.sip_host))
        opened.push_async_callback(body.ear.close)
        await body.ear.news(SwitchBack)
        yield body


@pytest.fixture
def call(body: Body) -> TestCall:
    return TestCall(body.ear)


@pytest.mark.parametrize(
    ("digits", "ending", "q850"),
    [(BUSY, Ending.BUSY, 17), (EMPTY, Ending.EMPTY_NUMBER, 1), (REJECTS, Ending.REJECTED, 21)],
)
async def test_a_number_that_does_not_answer_says_why(
    body: Body, call: TestCall, digits: str, ending: Ending, q850: int
) -> None:
    await call.dial(DEBTOR, body.number(digits))
    ended = await call.end_of(DEBTOR)
    assert ended.ending is ending
    assert ended.evidence is not None
    assert (ended.evidence.source, ended.evidence.q850) == (Source.Q850, q850)
    assert await body.ear.switch.live_legs() == []


async def test_ringing_ends_when_our_patience_does(body: Body, call: TestCall) -> None:
    await call.dial(DEBTOR, body.number(RINGS), ring_seconds=1)
    ended = await call.end_of(DEBTOR)
    assert ended.ending is Ending.TIMED_OUT
    assert ended.evidence is not None
    assert ended.evidence.source is Source.OURSELVES


async def test_a_call_is_made_rung_answered_connected_kept_and_ended(body: Body, call: TestCall) -> None:
    await call.reach(AGENT, body.number(SPEAKS))
    await call.make(DEBTOR, body.number(SPEAKS))
    await call.do(Record(DEBTOR))
    await call.told(RecordingBegan)
    await call.do(DialLeg(DEBTOR, 20))
    await call.told(LegAnswered, lambda event: event.leg == DEBTOR)
    await call.do(Connect((AGENT, DEBTOR)))
    assert (await call.told(LegsConnected)).legs == (AGENT, DEBTOR)
    living = sorted(await body.ear.switch.live_legs(), key=lambda live: live.leg)
    assert living == [LiveLeg(call.id, AGENT, is_answered=True), LiveLeg(call.id, DEBTOR, is_answered=True)]
    await call.do(PlayMusic(DEBTOR), SendKeys(DEBTOR, "1"), Connect((AGENT, DEBTOR)))
    await call.do(HangUp(DEBTOR), HangUp(AGENT))
    assert (await call.end_of(DEBTOR)).ending is Ending.RELEASED
    assert (await call.end_of(AGENT)).ending is Ending.RELEASED
    kept = await body.ear.news(RecordingKept)
    assert kept.call_id == call.id
    assert math.remainder(Path(kept.path).stat().st_size, 4) == 0  # noqa: ASYNC240 - a test may wait for a disk
    assert [each.path for each in await body.ear.switch.kept_recordings()] == [kept.path]
    await body.ear.switch.take_away(kept)
    assert await body.ear.switch.kept_recordings() == []
    debtors = [event for event in body.ear.events_of(call.id) if getattr(event, "leg", None) == DEBTOR]
    told = [type(event) for event in debtors if isinstance(event, LegCreated | LegAnswered | LegEnded)]
    assert told == [LegCreated, LegAnswered, LegEnded]


async def test_what_is_said_twice_is_done_once(body: Body, call: TestCall) -> None:
    address = body.number(SPEAKS)
    for _ in range(2):
        await call.do_create(DEBTOR, address)
    await call.told(LegCreated)
    for _ in range(2):
        await call.do(DialLeg(DEBTOR, 20))
    await call.told(LegAnswered)
    for _ in range(2):
        await call.do(HangUp(DEBTOR))
    await call.end_of(DEBTOR)
    await call.do(HangUp(DEBTOR), Connect((AGENT, DEBTOR)))
    once = [type(event) for event in body.ear.events_of(call.id)]
    for kind in (LegCreated, LegAnswered, LegEnded):
        assert once.count(kind) == 1
    for kind in (LegRinging, LegProgressed):
        assert once.count(kind) <= 1
    assert LegsConnected not in once


async def test_a_farewell_is_heard_to_its_end(body: Body, call: TestCall) -> None:
    await call.reach(DEBTOR, body.number(SPEAKS))
    await call.do(Announce(DEBTOR, Prompt.NOBODY_FREE), HangUp(DEBTOR))
    assert (await call.end_of(DEBTOR, seconds=12)).ending is Ending.RELEASED


async def test_a_phone_that_was_shut_out_is_offline(body: Body, call: TestCall) -> None:
    switch = body.ear.switch
    await switch.let_in(PhoneAccount("port-phone", "secret", is_browser=True))
    seen = await body.ear.news(PhoneSeen)
    assert seen.phone == "port-phone"
    await switch.shut_out("port-phone")
    await switch.carry_out(call.id, CreateLeg(AGENT), ToPhone("port-phone"))
    assert (await call.end_of(AGENT)).ending is Ending.OFFLINE
