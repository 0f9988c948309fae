"""The engine over PostgreSQL and a switch of virtual debtors: calls live, are written, and survive who owns them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
from sqlalchemy import select
from typing_extensions import override

from anmi.casework.debtors.models import PHONE, Phone
from anmi.core.agent_life import AgentState
from anmi.core.call_events import Monitoring
from anmi.core.call_legs import Ending, Leg, Role
from anmi.core.call_stages import DEBTOR
from anmi.core.call_views import CallPhase, Direction
from anmi.core.contact_rules.facts import Outcome
from anmi.core.number_state import NumberState
from anmi.core.ports.switch import PhoneAccount
from anmi.core.work_orders import WorkOrderKind
from anmi.entrypoints.reactions import react
from anmi.kit.caller import the_system
from anmi.kit.db import Base, Database
from anmi.kit.events import Event
from anmi.kit.keyring import Keyring
from anmi.kit.unit_of_work import UnitOfWork, Units
from anmi.telephony.agents.models import Agent
from anmi.telephony.agents.service import AgentBusy, AgentNotThere, Agents
from anmi.telephony.calls.events import CallEnded
from anmi.telephony.calls.models import Call, CallJournalLine
from anmi.telephony.calls.permits import Permitted, Refused
from anmi.telephony.calls.service import CallFacts, Calls, replayed
from anmi.telephony.recordings.models import Recording
from anmi.telephony.trunks.models import Trunk
from anmi.telephony.trunks.service import switch_name
from anmi.workbench.calling.permits import Workbench
from anmi.workbench.calling.service import Calling
from anmi.workbench.contact_gate.models import ContactAttempt
from anmi.workbench.work_orders.models import WorkOrder
from tests.builders.collectors import Desk, a_desk
from tests.builders.people import Agency, an_agency
from tests.builders.phone_floor import (
    Playing,
    a_line,
    a_switch,
    an_engine,
    begun,
    now,
    the_call,
    the_journal,
    until,
)


@pytest.fixture
def units(database: Database, keyring: Keyring) -> Units:
    """Return units of work that really commit: an engine is no single transaction."""
    return Units(database, keyring, now, react)


@pytest.fixture
async def agency(units: Units) -> Agency:
    agency = await an_agency(units)
    await a_line(units, agency)
    return agency


@pytest.fixture
async def playing(units: Units, tmp_path: Path) -> AsyncGenerator[Playing]:
    async with an_engine(units, tmp_path, promises=1) as playing:
        yield playing


Row = TypeVar("Row", bound=Base)


async def rows(units: Units, agency: Agency, kind: type[Row]) -> list[Row]:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        return list((await unit.session.scalars(select(kind))).all())


async def test_one_click_becomes_a_call_that_is_written_down_recorded_and_told_to_the_gate(
    units: Units, agency: Agency, playing: Playing
) -> None:
    desk = await a_desk(units, agency, playing.engine.id)
    call_id = await desk.call()
    call = await desk.in_phase(call_id, CallPhase.ENDED)
    assert (call.ending, call.ended_by, call.number_state) == (Ending.HUNG_UP, "debtor", NumberState.ACTIVE)
    instants = [call.asked_at, call.agent_up_at, call.dialled_at, call.ringing_at, call.answered_at, call.connected_at]
    assert instants == sorted(instant for instant in instants if instant is not None)
    await desk.in_state(AgentState.WRAP_UP)
    (attempt,) = await rows(units, agency, ContactAttempt)
    assert attempt.confirmed_at is not None
    assert attempt.outcome in {Outcome.ANSWERED, Outcome.EFFECTIVE}
    (recording,) = await until(lambda: rows(units, agency, Recording))
    assert recording.call_id == call_id
    assert recording.milliseconds > 1000


async def test_a_journal_tells_the_row_again(units: Units, agency: Agency, playing: Playing) -> None:
    desk = await a_desk(units, agency, playing.engine.id)
    call = await desk.in_phase(await desk.call(), CallPhase.ENDED)
    kept = replayed(CallFacts.of(call), await the_journal(units, agency, call.id))
    record = kept.record
    assert (record.phase, record.ending, record.ended_by) == (call.phase, call.ending, call.ended_by)
    assert (record.answered_at, record.connected_at, record.ended_at) == (
        call.answered_at,
        call.connected_at,
        call.ended_at,
    )
    assert (record.agent_id, record.held_seconds) == (call.agent_id, call.held_seconds)


@pytest.mark.parametrize(
    ("persona", "ending", "state"),
    [
        ("empty", Ending.EMPTY_NUMBER, NumberState.EMPTY),
        ("powered_off", Ending.POWERED_OFF, NumberState.POWERED_OFF),
        ("busy", Ending.BUSY, NumberState.BUSY),
        ("no_answer", Ending.TIMED_OUT, NumberState.ACTIVE),
    ],
)
async def test_a_number_that_is_not_reached_is_told_to_the_case(
    units: Units, agency: Agency, tmp_path: Path, persona: str, ending: Ending, state: NumberState
) -> None:
    async with an_engine(units, tmp_path, **{persona: 1}) as playing:
        desk = await a_desk(units, agency, playing.engine.id)
        call = await desk.in_phase(await desk.call(), CallPhase.ENDED)
    assert (call.ending, call.number_state, call.connected_at) == (ending, state, None)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        assert (await unit.session.get_one(Phone, desk.phone.id)).state is state
    (attempt,) = await rows(units, agency, ContactAttempt)
    assert attempt.outcome is Outcome.UNANSWERED
    assert await rows(units, agency, Recording) == []


async def test_what_the_gate_refuses_reaches_no_switch(units: Units, agency: Agency, playing: Playing) -> None:
    desk = await a_desk(units, agency, playing.engine.id)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        (await unit.session.get_one(Phone, desk.phone.id)).state = NumberState.EMPTY
    placed = await desk.dial()
    assert placed.call is None
    assert not placed.decision.allowed
    assert list(await playing.switch.live_legs()) == []
    await desk.in_state(AgentState.READY)


async def test_a_contact_that_may_no_more_be_when_it_is_dialled_ends_without_a_ring(
    units: Units, agency: Agency, playing: Playing
) -> None:
    desk = await a_desk(units, agency, playing.engine.id)
    async with units.begin(desk.caller) as unit:
        placed = await Calling(unit).place(desk.case.id, desk.phone.id, None)
        # Between the click and the dial the number turned out to be nobody's.
        (await unit.session.get_one(Phone, desk.phone.id)).state = NumberState.EMPTY
    assert placed.call is not None
    call = await desk.in_phase(placed.call.id, CallPhase.ENDED)
    assert (call.dialled_at, call.ended_by) == (None, "rule")
    assert call.refused_rule
    await desk.in_state(AgentState.READY)
    (attempt,) = await rows(units, agency, ContactAttempt)
    assert not attempt.allowed


async def test_nobody_calls_without_a_phone_or_from_within_a_call(
    units: Units, agency: Agency, playing: Playing
) -> None:
    desk = await a_desk(units, agency, playing.engine.id)
    await desk.in_phase(await desk.call(), CallPhase.TALKING)
    with pytest.raises(AgentBusy):
        await desk.dial()
    other = await a_desk(units, agency, playing.engine.id)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        (await unit.session.get_one(Agent, other.agent.id)).is_there = False
    with pytest.raises(AgentNotThere):
        await other.dial()


async def test_a_call_is_held_resumed_watched_and_released(units: Units, agency: Agency, tmp_path: Path) -> None:
    async with an_engine(units, tmp_path, pace=0.05, promises=1) as playing:
        desk = await a_desk(units, agency, playing.engine.id)
        boss = await a_desk(units, agency, playing.engine.id)
        call_id = await desk.call()
        await desk.in_phase(call_id, CallPhase.TALKING)
        async with units.begin(desk.caller) as unit:
            await Calls(unit).hold(call_id)
        await desk.in_phase(call_id, CallPhase.HELD)
        async with units.begin(desk.caller) as unit:
            await Calls(unit).resume(call_id)
        await desk.in_phase(call_id, CallPhase.TALKING)
        async with units.begin(boss.caller) as unit:
            await Calls(unit).monitor(call_id, Monitoring.LISTEN)

        async def listening() -> bool:
            legs = await playing.switch.live_legs()
            return any(each.leg.role is Role.SUPERVISOR and each.is_answered for each in legs)

        await until(listening)
        async with units.begin(boss.caller) as unit:
            await Calls(unit).release(call_id, "言语失当")
        call = await desk.in_phase(call_id, CallPhase.ENDED)
        assert (call.ended_by, call.ending, call.facts) == ("supervisor", Ending.RELEASED, {"monitors": 1})

        async def silent() -> bool:
            return not await playing.switch.live_legs()

        await until(silent)


async def test_an_attended_transfer_makes_it_the_other_agents_call(
    units: Units, agency: Agency, tmp_path: Path
) -> None:
    async with an_engine(units, tmp_path, pace=0.05, promises=1) as playing:
        desk, other = await a_desk(units, agency, playing.engine.id), await a_desk(units, agency, playing.engine.id)
        call_id = await desk.call()
        await desk.in_phase(call_id, CallPhase.TALKING)
        async with units.begin(desk.caller) as unit:
            await Calls(unit).transfer(call_id, other.agent.id, is_attended=True)
        await other.in_state(AgentState.ON_CALL)
        async with units.begin(desk.caller) as unit:
            guest = await Calls(unit).guest_of(await Calls(unit).seen(call_id))
            assert guest is not None
            assert (guest.agent_id, guest.is_there) == (other.agent.id, True)
            await Calls(unit).confirm_transfer(call_id)
        await desk.in_state(AgentState.WRAP_UP)
        call = await the_call(units, agency, call_id)
        assert (call.agent_id, call.person_id) == (other.agent.id, other.person_id)


async def is_called_back(playing: Playing, desk: Desk) -> UUID:
    """Let the debtor of a desk's case call us."""
    async with desk.units.begin(the_system(desk.agency.tenant_id)) as unit:
        number = unit.open(PHONE, (await unit.session.get_one(Phone, desk.phone.id)).number_sealed)
        (trunk,) = (await unit.session.scalars(select(Trunk))).all()
    return playing.switch.arrive(number, "057188880000", switch_name(trunk.id))


async def test_a_debtor_who_calls_back_is_known_and_comes_to_whoever_works_her_case(
    units: Units, agency: Agency, playing: Playing
) -> None:
    desk = await a_desk(units, agency, playing.engine.id)
    call_id = await is_called_back(playing, desk)
    await desk.in_state(AgentState.ON_CALL)
    call = await desk.in_phase(call_id, CallPhase.TALKING)
    assert (call.direction, call.subject_id, call.person_id) == (Direction.INBOUND, desk.case.id, desk.person_id)
    playing.switch.leave(call_id, DEBTOR)
    call = await desk.in_phase(call_id, CallPhase.ENDED)
    assert call.ended_by == "debtor"


async def test_a_call_from_a_stranger_waits_for_whoever_is_ready(
    units: Units, agency: Agency, playing: Playing
) -> None:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        (trunk,) = (await unit.session.scalars(select(Trunk))).all()
    desk = await a_desk(units, agency, playing.engine.id)
    await stand(units, desk, AgentState.NOT_READY)
    call_id = playing.switch.arrive("13800138000", "057188880000", switch_name(trunk.id))
    await asyncio.sleep(1.5)
    await stand(units, desk, AgentState.READY)
    call = await desk.in_phase(call_id, CallPhase.TALKING)
    assert (call.subject_id, call.agent_id) == (None, desk.agent.id)


async def stand(units: Units, desk: Desk, state: AgentState) -> None:
    async with units.begin(the_system(desk.agency.tenant_id)) as unit:
        (await unit.session.get_one(Agent, desk.agent.id)).state = state


async def test_nobody_is_kept_waiting_before_an_empty_floor_and_is_called_back(
    units: Units, agency: Agency, playing: Playing
) -> None:
    desk = await a_desk(units, agency, playing.engine.id)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        await Agents(unit).phone_seen(desk.agent.id, is_there=False)
    call_id = await is_called_back(playing, desk)
    await until(lambda: rows(units, agency, Call))
    call = await desk.in_phase(call_id, CallPhase.ENDED)
    assert (call.ended_by, call.person_id) == ("rule", None)
    assert call.ended_at is not None
    assert call.ended_at - call.asked_at < timedelta(seconds=15)
    (order,) = await rows(units, agency, WorkOrder)
    assert (order.kind, order.case_id) == (WorkOrderKind.CALL_BACK, desk.case.id)


async def test_a_lost_phone_is_rung_again_and_the_debtor_is_not_left(
    units: Units, agency: Agency, tmp_path: Path
) -> None:
    async with an_engine(units, tmp_path, pace=0.05, promises=1) as playing:
        desk = await a_desk(units, agency, playing.engine.id)
        async with units.begin(desk.caller) as unit:
            lease = await Agents(unit).lease()
        call_id = await desk.call()
        await desk.in_phase(call_id, CallPhase.TALKING)
        playing.switch.lose(call_id, Leg(Role.AGENT))
        await desk.in_phase(call_id, CallPhase.HELD)

        await playing.switch.let_in(PhoneAccount(lease.phone, lease.secret, is_browser=True))
        await desk.in_phase(call_id, CallPhase.TALKING)


async def test_an_engine_killed_in_twenty_calls_takes_them_back_and_loses_nothing(
    units: Units, agency: Agency, tmp_path: Path
) -> None:
    async with a_switch(tmp_path, units.clock, 0.3, promises=1) as switch:
        first = await begun(units, switch, tmp_path, "test-killed")
        desks = [await a_desk(units, agency, first.engine.id) for _ in range(20)]
        call_ids = [await desk.call() for desk in desks]
        await desks[9].in_phase(call_ids[9], CallPhase.TALKING)
        await first.kill()
        living = {each.call_id for each in await switch.live_legs()}
        second = await begun(units, switch, tmp_path, "test-killed")
        try:
            assert second.engine.id == first.engine.id

            async def all_talking() -> bool:
                calls = [await the_call(units, agency, call_id) for call_id in call_ids]
                return all(call.phase in {CallPhase.TALKING, CallPhase.ENDED} for call in calls)

            await until(all_talking, 20)
            calls = [await the_call(units, agency, call_id) for call_id in call_ids]
            assert {call.id for call in calls if call.phase is CallPhase.TALKING} >= living & {
                call.id for call in calls if call.connected_at
            }
            for desk, call_id in zip(desks, call_ids, strict=True):
                async with units.begin(replace(desk.caller)) as unit:
                    if (await unit.session.get_one(Call, call_id)).ended_at is None:
                        await Calls(unit).hang_up(call_id)
            for desk, call_id in zip(desks, call_ids, strict=True):
                call = await desk.in_phase(call_id, CallPhase.ENDED)
                journal = await the_journal(units, agency, call_id)
                assert [line.number for line in journal] == list(range(1, len(journal) + 1))
                assert replayed(CallFacts.of(call), journal).record.phase is CallPhase.ENDED

            async def silent() -> bool:
                return not await switch.live_legs()

            await until(silent)
        finally:
            await second.kill()


class FailsOnce(Workbench):
    """A workbench with a fault of ours in it: it breaks where the debtor is to be dialled."""

    has_failed = False

    @override
    async def permit(self, unit: UnitOfWork, call: CallFacts) -> Permitted | Refused:
        if not self.has_failed:
            self.has_failed = True
            raise KeyError("rule")
        return await super().permit(unit, call)


async def test_a_call_that_our_own_fault_breaks_is_over_and_its_agent_is_free(
    units: Units, agency: Agency, playing: Playing
) -> None:
    playing.engine.permits = FailsOnce(units)
    desk = await a_desk(units, agency, playing.engine.id)
    call = await desk.in_phase(await desk.call(), CallPhase.ENDED)
    assert (call.ended_by, call.dialled_at) == ("engine", None)
    journal = await the_journal(units, agency, call.id)
    assert journal[-1].event == {"kind": "OwnerFailed", "why": "KeyError"}
    assert replayed(CallFacts.of(call), journal).record.ended_at == call.ended_at
    await desk.in_state(AgentState.READY)

    async def silent() -> bool:
        return not await playing.switch.live_legs()

    await until(silent)
    other = await a_desk(units, agency, playing.engine.id)
    await other.in_phase(await other.call(), CallPhase.TALKING)


async def test_a_call_whose_end_nobody_could_bear_to_hear_is_over_all_the_same(
    database: Database, keyring: Keyring, tmp_path: Path
) -> None:
    async def react_badly(unit: UnitOfWork, event: Event) -> None:
        if isinstance(event, CallEnded):
            raise KeyError("outcome")
        await react(unit, event)

    units = Units(database, keyring, now, react_badly)
    agency = await an_agency(units)
    await a_line(units, agency)
    async with an_engine(units, tmp_path, promises=1) as playing:
        desk = await a_desk(units, agency, playing.engine.id)
        call = await desk.in_phase(await desk.call(), CallPhase.ENDED)
        assert call.ended_by == "engine"
        await desk.in_state(AgentState.WRAP_UP)


async def test_a_journal_that_nobody_can_read_keeps_no_other_call_from_living(
    units: Units, agency: Agency, tmp_path: Path
) -> None:
    async with a_switch(tmp_path, units.clock, 0.3, promises=1) as switch:
        first = await begun(units, switch, tmp_path, "test-unreadable")
        strange, plain = [await a_desk(units, agency, first.engine.id) for _ in range(2)]
        strange_id, plain_id = await strange.call(), await plain.call()
        await strange.in_phase(strange_id, CallPhase.TALKING)
        await plain.in_phase(plain_id, CallPhase.TALKING)
        await first.kill()
        async with units.begin(the_system(agency.tenant_id)) as unit:
            number = len(await Calls(unit).journal(strange_id)) + 1
            told = {"kind": "ToldByAVersionToCome"}
            line = CallJournalLine(
                tenant_id=agency.tenant_id, call_id=strange_id, number=number, at=unit.now, event=told
            )
            unit.session.add(line)
        second = await begun(units, switch, tmp_path, "test-unreadable")
        try:
            assert (await strange.in_phase(strange_id, CallPhase.ENDED)).ended_by == "engine"
            await strange.in_state(AgentState.WRAP_UP)

            async def sent_away() -> bool:
                return {each.call_id for each in await switch.live_legs()} == {plain_id}

            await until(sent_away)
            assert (await the_call(units, agency, plain_id)).phase is CallPhase.TALKING
        finally:
            await second.kill()
