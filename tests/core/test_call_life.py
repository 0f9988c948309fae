"""The life of a call: how it goes when it goes as it should, and what can never be whatever happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anmi.core.agent_life import AgentEvent
from anmi.core.call_commands import (
    Announce,
    AnswerLeg,
    AskPermission,
    CallCommand,
    CancelTimer,
    Connect,
    CreateLeg,
    DialLeg,
    HangUp,
    Monitor,
    OfferToAgent,
    PlayMusic,
    Prompt,
    Record,
    SendKeys,
    SetTimer,
)
from anmi.core.call_events import (
    AgentOffered,
    CallArrived,
    CallAsked,
    CallEvent,
    ConferenceAsked,
    DialPermitted,
    DialRefused,
    EngineLost,
    ForceReleaseAsked,
    HangUpAsked,
    HoldAsked,
    KeyPressed,
    KeysAsked,
    LegAnswered,
    LegBack,
    LegCreated,
    LegEnded,
    LegLost,
    LegProgressed,
    LegRinging,
    LegsConnected,
    MonitorAsked,
    MonitorEnded,
    Monitoring,
    OwnerFailed,
    RecordingBegan,
    RecordingFailed,
    ResumeAsked,
    TakeOverAsked,
    TalkBegan,
    TalkEnded,
    Timer,
    TimerRang,
    TransferAsked,
    TransferConfirmed,
    TransferWithdrawn,
)
from anmi.core.call_legs import Ending, Evidence, Leg, Role, Source
from anmi.core.call_life import commands_again, step
from anmi.core.call_stages import (
    DEBTOR,
    AgentAway,
    Call,
    Ended,
    EndedBy,
    Held,
    Talking,
    Together,
    Waiting,
    company_of,
    legs_of,
)
from anmi.core.call_views import CallPhase, Part, agent_events, guest_part, owner_of, phase_of, whose

MEI, LAN, BOSS, CHIEF = (UUID(int=number) for number in range(1, 5))
AGENT, SECOND, GUEST, SUPERVISOR = Leg(Role.AGENT), Leg(Role.AGENT, 2), Leg(Role.GUEST), Leg(Role.SUPERVISOR)


@dataclass
class Told:
    """A call that is told events one after another, and everything it asked for."""

    call: Call = field(default_factory=Call)
    asked: list[CallCommand] = field(default_factory=list[CallCommand])

    def tell(self, *events: CallEvent) -> tuple[CallCommand, ...]:
        """Tell events; return what followed from the last."""
        commands: tuple[CallCommand, ...] = ()
        for event in events:
            self.call, commands = step(self.call, event)
            self.asked += commands
        return commands


def a_dialled_call() -> Told:
    told = Told()
    told.tell(CallAsked(MEI), LegCreated(AGENT), LegAnswered(AGENT), DialPermitted(None), LegCreated(DEBTOR))
    return told


def a_talk() -> Told:
    told = a_dialled_call()
    told.tell(RecordingBegan(), LegRinging(DEBTOR), LegAnswered(DEBTOR), LegsConnected((AGENT, DEBTOR)))
    return told


def a_waiting_call() -> Told:
    told = Told()
    told.tell(CallArrived(None), LegCreated(DEBTOR), RecordingBegan(), LegAnswered(DEBTOR))
    return told


def test_the_debtor_is_rung_when_the_agent_is_there_and_it_is_permitted() -> None:
    told = Told()
    assert told.tell(CallAsked(MEI)) == (CreateLeg(AGENT), SetTimer(Timer.AGENT_RING, 25))
    assert told.tell(LegCreated(AGENT)) == (DialLeg(AGENT, 20),)
    assert told.tell(LegRinging(AGENT)) == ()
    assert told.tell(LegAnswered(AGENT)) == (CancelTimer(Timer.AGENT_RING), AskPermission())
    assert told.tell(DialPermitted(None)) == (CreateLeg(DEBTOR), SetTimer(Timer.DEBTOR_RING, 50))
    assert told.tell(LegCreated(DEBTOR)) == (Record(DEBTOR), DialLeg(DEBTOR, 45))
    assert told.tell(RecordingBegan()) == ()
    assert told.tell(LegAnswered(DEBTOR)) == (CancelTimer(Timer.DEBTOR_RING), Connect((AGENT, DEBTOR)))
    assert told.tell(LegEnded(DEBTOR, Ending.HUNG_UP)) == (HangUp(AGENT),)
    assert told.call.stage == Ended(EndedBy.DEBTOR, Ending.HUNG_UP)
    told.tell(LegEnded(AGENT, Ending.RELEASED))
    assert told.call.open_legs == frozenset()


def test_a_refused_call_makes_no_leg_to_the_debtor() -> None:
    told = Told()
    told.tell(CallAsked(MEI), LegCreated(AGENT), LegAnswered(AGENT))
    assert told.tell(DialRefused("HOURS_BAN", "outside_hours")) == (HangUp(AGENT),)
    assert CreateLeg(DEBTOR) not in told.asked


def test_a_talk_does_not_begin_before_it_is_recorded() -> None:
    told = a_dialled_call()
    assert Connect not in [type(each) for each in told.tell(LegAnswered(DEBTOR))]
    assert told.tell(RecordingBegan()) == (CancelTimer(Timer.RECORDING), Connect((AGENT, DEBTOR)))


@pytest.mark.parametrize("failure", [RecordingFailed("disk_full"), TimerRang(Timer.RECORDING)])
def test_a_call_that_cannot_be_recorded_is_ended_with_a_word(failure: CallEvent) -> None:
    told = a_dialled_call()
    told.tell(LegAnswered(DEBTOR))
    commands = told.tell(failure)
    assert commands[0] == Announce(DEBTOR, Prompt.NOT_RECORDED)
    assert {HangUp(AGENT), HangUp(DEBTOR)} <= set(commands)
    assert told.call.stage == Ended(EndedBy.SWITCH, Ending.RELEASED)


@pytest.mark.parametrize("ending", [Ending.BUSY, Ending.EMPTY_NUMBER, Ending.TIMED_OUT, Ending.CONGESTED])
def test_a_debtor_who_is_not_reached_ends_the_call_with_the_reason_of_the_wire(ending: Ending) -> None:
    told = a_dialled_call()
    assert HangUp(AGENT) in told.tell(LegEnded(DEBTOR, ending, Evidence(Source.Q850, q850=17)))
    assert told.call.stage == Ended(EndedBy.DEBTOR, ending)


def test_an_agent_who_does_not_answer_is_not_waited_for_for_ever() -> None:
    told = Told()
    told.tell(CallAsked(MEI), LegCreated(AGENT))
    assert told.tell(TimerRang(Timer.AGENT_RING)) == (CancelTimer(Timer.AGENT_RING), HangUp(AGENT))


def test_a_debtor_on_hold_hears_music_until_the_talk_goes_on() -> None:
    told = a_talk()
    assert told.tell(HoldAsked(MEI)) == (PlayMusic(DEBTOR),)
    assert phase_of(told.call.stage) is CallPhase.HELD
    assert told.tell(HoldAsked(MEI)) == ()
    assert told.tell(ResumeAsked(MEI)) == (Connect((AGENT, DEBTOR)),)


def test_nobody_but_the_agent_of_a_call_holds_it() -> None:
    told = a_talk()
    assert told.tell(HoldAsked(LAN), TransferAsked(LAN, BOSS, is_attended=False)) == ()
    assert isinstance(told.call.stage, Talking)


def test_keys_are_pressed_towards_the_debtor_and_nothing_else_is() -> None:
    told = a_talk()
    assert told.tell(KeysAsked(MEI, "12#")) == (SendKeys(DEBTOR, "12#"),)
    assert told.tell(KeysAsked(MEI, "1w2")) == told.tell(KeysAsked(MEI, "")) == told.tell(KeysAsked(LAN, "1")) == ()


def test_a_blind_transfer_leaves_the_debtor_with_music_until_the_other_agent_answers() -> None:
    told = a_talk()
    commands = told.tell(TransferAsked(MEI, LAN, is_attended=False))
    assert commands[:3] == (PlayMusic(DEBTOR), HangUp(AGENT), CreateLeg(SECOND))
    assert whose(told.call, SECOND) == LAN
    told.tell(LegCreated(SECOND))
    assert Connect((SECOND, DEBTOR)) in told.tell(LegAnswered(SECOND))
    assert owner_of(told.call.stage) == LAN


def test_a_blind_transfer_in_vain_looks_for_somebody_else_and_does_not_wait_for_ever() -> None:
    told = a_talk()
    told.tell(TransferAsked(MEI, LAN, is_attended=False), LegCreated(SECOND))
    assert told.tell(LegEnded(SECOND, Ending.NO_ANSWER)) == (CancelTimer(Timer.AGENT_RING), OfferToAgent())
    assert Announce(DEBTOR, Prompt.NOBODY_FREE) in told.tell(TimerRang(Timer.QUEUE))


def test_an_attended_transfer_hands_over_after_a_word() -> None:
    told = a_talk()
    told.tell(TransferAsked(MEI, LAN, is_attended=True))
    assert told.tell(LegCreated(GUEST), LegAnswered(GUEST)) == (
        CancelTimer(Timer.GUEST_RING),
        Connect((AGENT, GUEST)),
    )
    assert told.tell(TransferConfirmed(MEI)) == (HangUp(AGENT), Connect((GUEST, DEBTOR)))
    assert owner_of(told.call.stage) == LAN


def test_an_attended_transfer_withdrawn_or_unanswered_gives_the_debtor_back() -> None:
    for event in (TransferWithdrawn(MEI), LegEnded(GUEST, Ending.BUSY), TimerRang(Timer.GUEST_RING)):
        told = a_talk()
        told.tell(TransferAsked(MEI, LAN, is_attended=True), LegCreated(GUEST))
        assert Connect((AGENT, DEBTOR)) in told.tell(event)


def test_a_conference_lets_all_three_speak_and_goes_on_without_the_one_who_leaves() -> None:
    told = a_talk()
    told.tell(TransferAsked(MEI, LAN, is_attended=True), LegCreated(GUEST), LegAnswered(GUEST))
    assert told.tell(ConferenceAsked(MEI)) == (Connect((AGENT, DEBTOR, GUEST)),)
    assert told.tell(LegEnded(AGENT, Ending.HUNG_UP)) == (Connect((GUEST, DEBTOR)),)
    assert told.tell(LegEnded(GUEST, Ending.HUNG_UP)) == (HangUp(DEBTOR),)


def test_who_hangs_up_leaves_those_she_has_brought_together() -> None:
    for events in ((), (ConferenceAsked(MEI),)):
        told = a_talk()
        told.tell(TransferAsked(MEI, LAN, is_attended=True), LegCreated(GUEST), LegAnswered(GUEST), *events)
        assert guest_part(told.call.stage) == (LAN, Part.THERE)
        assert told.tell(HangUpAsked(MEI)) == (HangUp(AGENT), Connect((GUEST, DEBTOR)))
        assert owner_of(told.call.stage) == LAN
        assert HangUp(DEBTOR) in told.tell(HangUpAsked(LAN))


def test_a_supervisor_listens_then_whispers_then_barges_in_then_listens_again() -> None:
    told = a_talk()
    assert told.tell(MonitorAsked(BOSS, Monitoring.LISTEN)) == (CreateLeg(SUPERVISOR),)
    assert told.tell(LegCreated(SUPERVISOR)) == (DialLeg(SUPERVISOR, 20),)
    assert told.tell(LegAnswered(SUPERVISOR)) == (Monitor(SUPERVISOR, AGENT, Monitoring.LISTEN),)
    assert told.tell(MonitorAsked(BOSS, Monitoring.WHISPER)) == (Monitor(SUPERVISOR, AGENT, Monitoring.WHISPER),)
    assert told.tell(MonitorAsked(BOSS, Monitoring.BARGE)) == (
        Connect((AGENT, DEBTOR, SUPERVISOR)),
        Monitor(SUPERVISOR, AGENT, Monitoring.BARGE),
    )
    assert Connect((AGENT, DEBTOR)) in told.tell(MonitorAsked(BOSS, Monitoring.LISTEN))
    assert told.tell(MonitorEnded(BOSS)) == (HangUp(SUPERVISOR),)


def test_a_supervisor_who_takes_over_sits_in_the_agents_place_at_once_or_when_she_answers() -> None:
    listening, called = a_talk(), a_talk()
    listening.tell(MonitorAsked(BOSS, Monitoring.WHISPER), LegCreated(SUPERVISOR), LegAnswered(SUPERVISOR))
    assert listening.tell(TakeOverAsked(BOSS)) == (HangUp(AGENT), Connect((SUPERVISOR, DEBTOR)))
    called.tell(TakeOverAsked(BOSS), LegCreated(SUPERVISOR))
    assert called.tell(LegAnswered(SUPERVISOR)) == (HangUp(AGENT), Connect((SUPERVISOR, DEBTOR)))
    assert owner_of(listening.call.stage) == owner_of(called.call.stage) == BOSS


def test_a_supervisor_follows_a_call_to_the_agent_it_goes_to() -> None:
    told = a_talk()
    told.tell(MonitorAsked(BOSS, Monitoring.LISTEN), LegCreated(SUPERVISOR), LegAnswered(SUPERVISOR))
    told.tell(TransferAsked(MEI, LAN, is_attended=True), LegCreated(GUEST), LegAnswered(GUEST))
    assert Monitor(SUPERVISOR, GUEST, Monitoring.LISTEN) in told.tell(TransferConfirmed(MEI))


def test_a_forced_release_ends_every_leg() -> None:
    told = a_talk()
    assert set(told.tell(ForceReleaseAsked(BOSS, "insult"))) == {HangUp(AGENT), HangUp(DEBTOR)}
    assert told.call.stage == Ended(EndedBy.SUPERVISOR, Ending.RELEASED)


def test_a_debtor_whose_agent_has_lost_her_phone_waits_and_is_not_left_hanging() -> None:
    told = a_talk()
    assert told.tell(LegLost(AGENT)) == (PlayMusic(DEBTOR), HangUp(AGENT), SetTimer(Timer.AGENT_AWAY, 15))
    assert told.tell(LegBack(AGENT)) == (CreateLeg(SECOND),)
    told.tell(LegEnded(AGENT, Ending.RELEASED), LegCreated(SECOND))
    assert told.tell(LegAnswered(SECOND)) == (CancelTimer(Timer.AGENT_AWAY), Connect((SECOND, DEBTOR)))
    told.tell(LegLost(SECOND))
    assert told.tell(TimerRang(Timer.AGENT_AWAY))[0] == Announce(DEBTOR, Prompt.AGENT_GONE)
    assert told.call.has_ended


def test_an_arriving_call_is_answered_recorded_and_offered_to_whom_it_belongs() -> None:
    told = Told()
    assert told.tell(CallArrived(MEI)) == (Record(DEBTOR), SetTimer(Timer.RECORDING, 5), AnswerLeg(DEBTOR))
    told.tell(RecordingBegan())
    commands = told.tell(LegAnswered(DEBTOR))
    assert {PlayMusic(DEBTOR), CreateLeg(AGENT), SetTimer(Timer.QUEUE, 120)} <= set(commands)
    told.tell(LegCreated(AGENT))
    assert Connect((AGENT, DEBTOR)) in told.tell(LegAnswered(AGENT))


def test_an_arriving_call_of_nobody_waits_in_the_queue_until_somebody_is_offered() -> None:
    told = a_waiting_call()
    assert OfferToAgent() in told.asked
    assert CreateLeg(AGENT) in told.tell(AgentOffered(LAN))
    told.tell(LegCreated(AGENT))
    assert OfferToAgent() in told.tell(LegEnded(AGENT, Ending.NO_ANSWER))
    assert CreateLeg(SECOND) in told.tell(AgentOffered(BOSS))


def test_a_caller_who_gives_up_takes_nobodys_time() -> None:
    told = a_waiting_call()
    told.tell(AgentOffered(LAN), LegCreated(AGENT))
    assert HangUp(AGENT) in told.tell(LegEnded(DEBTOR, Ending.HUNG_UP))


def test_a_leg_that_is_born_after_the_end_is_sent_away() -> None:
    told = Told()
    told.tell(CallAsked(MEI), HangUpAsked(MEI))
    assert told.tell(LegCreated(AGENT)) == told.tell(LegAnswered(AGENT)) == (HangUp(AGENT),)


def test_an_engine_that_is_lost_takes_its_legs_with_it() -> None:
    told = a_talk()
    assert told.tell(EngineLost()) == ()
    assert told.call.stage == Ended(EndedBy.ENGINE, Ending.FAILED)
    assert told.call.open_legs == frozenset()


@pytest.mark.parametrize("leg", [AGENT, DEBTOR])
def test_nobody_has_hung_up_where_a_leg_was_lost_with_its_switch(leg: Leg) -> None:
    told = a_talk()
    told.tell(LegEnded(leg, Ending.FAILED))
    assert isinstance(told.call.stage, Ended)
    assert told.call.stage.by is EndedBy.SWITCH


def test_a_leg_that_we_could_not_make_is_no_call_she_has_missed() -> None:
    told = Told()
    told.tell(CallAsked(MEI))
    before, event = told.call.stage, LegEnded(AGENT, Ending.FAILED)
    told.tell(event)
    assert list(agent_events(before, event, told.call.stage)) == [(MEI, AgentEvent.RELEASE)]


def test_a_call_that_our_own_fault_ends_leaves_nobody_on_the_line() -> None:
    told = a_talk()
    assert told.tell(OwnerFailed("KeyError")) == (HangUp(AGENT), HangUp(DEBTOR))
    assert told.call.stage == Ended(EndedBy.ENGINE, Ending.RELEASED)


def test_what_a_call_asks_for_again_makes_no_leg_and_dials_who_may_not_have_been_dialled() -> None:
    for told in (a_dialled_call(), a_talk(), a_waiting_call()):
        assert not [each for each in commands_again(told.call) if isinstance(each, CreateLeg)]
    assert {Record(DEBTOR), DialLeg(DEBTOR, 45)} <= set(commands_again(a_dialled_call().call))
    assert Connect((AGENT, DEBTOR)) in commands_again(a_talk().call)
    assert {OfferToAgent(), PlayMusic(DEBTOR)} <= set(commands_again(a_waiting_call().call))


def test_what_a_call_means_for_its_agents() -> None:
    told, happened = Told(), list[tuple[UUID, AgentEvent]]()

    def tell(*events: CallEvent) -> None:
        for event in events:
            before = told.call.stage
            told.tell(event)
            happened.extend(agent_events(before, event, told.call.stage))

    tell(CallAsked(MEI), LegCreated(AGENT), LegAnswered(AGENT), DialPermitted(None), LegCreated(DEBTOR))
    assert happened == [(MEI, AgentEvent.RESERVE), (MEI, AgentEvent.CONNECT)]
    tell(RecordingBegan(), LegAnswered(DEBTOR), TransferAsked(MEI, LAN, is_attended=False), LegCreated(SECOND))
    assert happened[2:] == [(MEI, AgentEvent.HANG_UP), (LAN, AgentEvent.RESERVE)]
    tell(LegEnded(SECOND, Ending.NO_ANSWER), AgentOffered(BOSS), HangUpAsked(None))
    assert happened[4:] == [(LAN, AgentEvent.MISS), (BOSS, AgentEvent.RESERVE), (BOSS, AgentEvent.RELEASE)]


# ── what can never be, whatever happens ──

people = st.sampled_from([MEI, LAN, BOSS, CHIEF])
somebody = st.one_of(st.none(), people)
legs = st.one_of(
    st.sampled_from([AGENT, DEBTOR, GUEST, SUPERVISOR]), st.builds(Leg, st.sampled_from(Role), st.integers(1, 4))
)
modes = st.sampled_from(Monitoring)
events: st.SearchStrategy[CallEvent] = st.one_of(
    st.builds(CallAsked, people),
    st.builds(CallArrived, somebody),
    st.builds(AgentOffered, people),
    st.builds(HangUpAsked, somebody),
    st.builds(ForceReleaseAsked, somebody, st.just("rule")),
    *(st.builds(kind, people) for kind in (HoldAsked, ResumeAsked, TransferConfirmed, TransferWithdrawn)),
    *(st.builds(kind, people) for kind in (ConferenceAsked, MonitorEnded, TakeOverAsked)),
    st.builds(KeysAsked, people, st.text("0123456789*#ab", max_size=4)),
    st.builds(TransferAsked, people, people, st.booleans()),
    st.builds(MonitorAsked, people, modes),
    st.builds(DialPermitted, st.none()),
    st.builds(DialRefused, st.just("HOURS_BAN"), st.just("outside_hours")),
    st.builds(EngineLost),
    st.builds(OwnerFailed, st.just("KeyError")),
    *(st.builds(kind, legs) for kind in (LegCreated, LegRinging, LegProgressed, LegAnswered, LegLost, LegBack)),
    *(st.builds(kind, legs) for kind in (LegAnswered, LegCreated, TalkBegan, TalkEnded)),
    st.builds(LegEnded, legs, st.sampled_from(Ending)),
    st.builds(LegsConnected, st.lists(legs, max_size=3).map(tuple)),
    st.builds(RecordingBegan),
    st.builds(RecordingFailed, st.just("disk_full")),
    st.builds(KeyPressed, legs, st.just("1")),
    st.builds(TimerRang, st.sampled_from(Timer)),
)
beginnings = st.sampled_from([Told, a_dialled_call, a_talk, a_waiting_call])


@settings(max_examples=400, deadline=None)
@given(beginnings, st.lists(events, max_size=40))
def test_whatever_happens_a_call_stays_in_its_bounds(begin: Callable[[], Told], happening: list[CallEvent]) -> None:
    told = begin()
    created = [each.leg for each in told.asked if isinstance(each, CreateLeg)]
    is_permitted = DialLeg(DEBTOR, 45) in told.asked
    for event in happening:
        before = told.call
        was_over = before.has_ended
        commands = told.tell(event)
        is_permitted |= isinstance(event, DialPermitted) and not was_over
        for command in commands:
            assert not was_over or isinstance(command, HangUp), "after the end there are only farewells"
            match command:
                case CreateLeg(leg):
                    assert leg not in created, "a leg is made once"
                    created.append(leg)
                    assert leg != DEBTOR or is_permitted, "nobody is dialled without a permission"
                case DialLeg(leg):
                    assert leg != DEBTOR or is_permitted
                case Connect(heard):
                    assert set(heard) <= legs_of(told.call.stage) - told.call.gone, "who is gone hears nobody"
                    assert len(set(heard)) == len(heard) > 1
                    whispering = {
                        each.rung.leg
                        for each in company_of(told.call.stage).watchers
                        if each.mode is not Monitoring.BARGE
                    }
                    assert not whispering & set(heard), "who whispers is not heard by the debtor"
                case Record(leg) | Announce(leg) | PlayMusic(leg):
                    assert leg == DEBTOR
                case _:
                    pass
        if told.call.has_ended and not was_over:
            ended_now = {each.leg for each in commands if isinstance(each, HangUp)}
            assert ended_now >= legs_of(before.stage) - told.call.gone, "nobody is left on the line"
        dropped = legs_of(before.stage) - legs_of(told.call.stage) - told.call.gone
        assert dropped == {each.leg for each in commands if isinstance(each, HangUp)} & legs_of(before.stage)
        assert legs_of(told.call.stage) <= told.call.made
        assert not legs_of(told.call.stage) & told.call.gone, "who is gone has no place in the call"
        list(agent_events(before.stage, event, told.call.stage))
        commands_again(told.call)


@given(beginnings, st.lists(events, max_size=30))
def test_every_call_can_be_ended_and_every_leg_of_it_goes(
    begin: Callable[[], Told], happening: list[CallEvent]
) -> None:
    told = begin()
    told.tell(*happening, ForceReleaseAsked(None, "rule"))
    assert told.call.has_ended
    hung_up = {each.leg for each in told.asked if isinstance(each, HangUp)}
    assert told.call.open_legs <= hung_up
    told.tell(*(LegEnded(leg, Ending.RELEASED) for leg in told.call.open_legs))
    assert told.call.open_legs == frozenset()


def test_stages_of_a_talk_say_whether_the_debtor_hears_the_house() -> None:
    assert phase_of(Waiting(60)) is CallPhase.WAITING
    assert phase_of(AgentAway(MEI)) is CallPhase.HELD
    talk = a_talk().call.stage
    assert isinstance(talk, Talking)
    assert (talk.manner, Held() == talk.manner) == (Together(), False)
