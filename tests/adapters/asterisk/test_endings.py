"""Why a call was not answered: every answer of the wire, read off the wire by a real Asterisk."""

from __future__ import annotations

import pytest

from anmi.core.call_commands import DialLeg, HangUp
from anmi.core.call_events import LegAnswered, LegEnded, LegProgressed, LegRinging
from anmi.core.call_legs import Ending, Source
from anmi.core.ports.switch import ToNumber, TrunkAccount
from tests.adapters.asterisk.conftest import NETWORK
from tests.adapters.asterisk.network import Answering, Network
from tests.adapters.asterisk.stages import CALLER_ID, DEBTOR, Ear, TestCall

NUMBER = "13700000001"

WIRE = {
    "486 and 17: busy": (Answering(486, 17, (180,)), Ending.BUSY, Source.Q850),
    "603 and 21: declined": (Answering(603, 21, (180,)), Ending.REJECTED, Source.Q850),
    "404 and 1: empty": (Answering(404, 1), Ending.EMPTY_NUMBER, Source.Q850),
    "404 alone": (Answering(404), Ending.EMPTY_NUMBER, Source.SIP),
    "410 and 22: changed": (Answering(410, 22), Ending.CHANGED, Source.Q850),
    "484 and 28: incomplete": (Answering(484, 28), Ending.INCOMPLETE_NUMBER, Source.Q850),
    "480 and 20: powered off": (Answering(480, 20), Ending.POWERED_OFF, Source.Q850),
    "480 alone": (Answering(480), Ending.UNREACHABLE, Source.SIP),
    "480 alone, after ringing": (Answering(480, None, (180,)), Ending.NO_ANSWER, Source.SIP),
    "480 and 19: not picked up": (Answering(480, 19), Ending.NO_ANSWER, Source.Q850),
    "403 and 21: rejected": (Answering(403, 21), Ending.REJECTED, Source.Q850),
    "403 alone: we may not": (Answering(403), Ending.BARRED, Source.SIP),
    "502 and 27: out of order": (Answering(502, 27), Ending.UNREACHABLE, Source.Q850),
    "503 and 34: no circuit": (Answering(503, 34), Ending.CONGESTED, Source.Q850),
    "500 and 41: failing": (Answering(500, 41), Ending.CONGESTED, Source.Q850),
    "487 and 31, after ringing": (Answering(487, 31, (180,)), Ending.NO_ANSWER, Source.SIP),
    "183, then 480": (Answering(480, None, (183,)), Ending.UNREACHABLE, Source.SIP),
}


@pytest.mark.parametrize(("answering", "ending", "source"), WIRE.values(), ids=WIRE)
async def test_a_refusal_on_the_wire_says_what_the_number_is(
    ear: Ear, network: Network, answering: Answering, ending: Ending, source: Source
) -> None:
    network.numbers[NUMBER] = answering
    call = TestCall(ear)
    await call.dial(DEBTOR, ToNumber(NETWORK, NUMBER, CALLER_ID))
    ended = await call.end_of(DEBTOR)
    assert ended.ending is ending
    assert ended.evidence is not None
    assert (ended.evidence.source, ended.evidence.sip, ended.evidence.q850) == (
        source,
        answering.final,
        answering.q850,
    )
    assert not network.attempt(NUMBER).is_cancelled
    kinds = [type(event) for event in ear.events_of(call.id)]
    assert (LegRinging in kinds, LegProgressed in kinds) == (180 in answering.provisional, 183 in answering.provisional)
    assert kinds.count(LegEnded) == 1


async def test_our_own_patience_is_not_taken_for_the_carriers_word(ear: Ear, network: Network) -> None:
    network.numbers[NUMBER] = Answering(None, None, (180,))
    call = TestCall(ear)
    await call.dial(DEBTOR, ToNumber(NETWORK, NUMBER, CALLER_ID), ring_seconds=1)
    ended = await call.end_of(DEBTOR)
    assert ended.ending is Ending.TIMED_OUT
    assert ended.evidence is not None
    assert ended.evidence.source is Source.OURSELVES
    assert network.attempt(NUMBER).is_cancelled


async def test_a_call_we_withdraw_was_released_by_us(ear: Ear, network: Network) -> None:
    network.numbers[NUMBER] = Answering(None, None, (180,))
    call = TestCall(ear)
    await call.dial(DEBTOR, ToNumber(NETWORK, NUMBER, CALLER_ID))
    await call.told(LegRinging)
    await call.do(HangUp(DEBTOR))
    assert (await call.end_of(DEBTOR)).ending is Ending.RELEASED
    assert network.attempt(NUMBER).is_cancelled


async def test_who_answered_and_hung_up_has_hung_up(ear: Ear, network: Network) -> None:
    network.numbers[NUMBER] = Answering(200, None, (180,), hangs_up_after=0.05)
    call = TestCall(ear)
    await call.dial(DEBTOR, ToNumber(NETWORK, NUMBER, CALLER_ID))
    assert (await call.end_of(DEBTOR)).ending is Ending.HUNG_UP
    assert LegAnswered(DEBTOR) in ear.events_of(call.id)
    assert network.attempt(NUMBER).caller == CALLER_ID


async def test_a_forced_release_reaches_the_wire(ear: Ear, network: Network) -> None:
    network.numbers[NUMBER] = Answering(200)
    call = TestCall(ear)
    await call.reach(DEBTOR, ToNumber(NETWORK, NUMBER, CALLER_ID))
    await call.do(HangUp(DEBTOR), HangUp(DEBTOR))
    assert (await call.end_of(DEBTOR)).ending is Ending.RELEASED
    assert network.attempt(NUMBER).is_released


async def test_a_carrier_may_mean_something_else_by_its_codes(ear: Ear, network: Network) -> None:
    reasons = (("sip:403", "suspended"), ("q850:31", "powered_off"))
    await ear.switch.open_trunk(TrunkAccount(NETWORK, network.host, reasons=reasons))
    for answering, ending in (
        (Answering(403), Ending.SUSPENDED),
        (Answering(487, 31, (180,)), Ending.POWERED_OFF),
        (Answering(403, 1), Ending.EMPTY_NUMBER),
    ):
        network.numbers[NUMBER] = answering
        call = TestCall(ear)
        await call.dial(DEBTOR, ToNumber(NETWORK, NUMBER, CALLER_ID))
        assert (await call.end_of(DEBTOR)).ending is ending


async def test_a_trunk_nobody_opened_leads_nowhere(ear: Ear) -> None:
    call = TestCall(ear)
    await call.do_create(DEBTOR, ToNumber("nowhere", NUMBER, CALLER_ID))
    assert (await call.end_of(DEBTOR)).ending is Ending.FAILED


async def test_a_command_given_twice_is_done_once(ear: Ear, network: Network) -> None:
    network.numbers[NUMBER] = Answering(486, 17)
    before = len(network.attempts)
    call = TestCall(ear)
    address = ToNumber(NETWORK, NUMBER, CALLER_ID)
    await call.do_create(DEBTOR, address)
    await call.make(DEBTOR, address)
    await call.do(DialLeg(DEBTOR, 5), DialLeg(DEBTOR, 5))
    await call.end_of(DEBTOR)
    await call.do(HangUp(DEBTOR))
    assert len(network.attempts) == before + 1
