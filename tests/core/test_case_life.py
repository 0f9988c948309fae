"""A case stands in one place, and every step is taken or refused by name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.case_life import (
    AT_WORK,
    BEFORE_WORK,
    CLOSED,
    MAY,
    STEPS,
    SUSPENDED,
    Capability,
    Event,
    Reason,
    RefusedStep,
    State,
    may,
    resume,
    step,
)

CONTACT = {Capability.CALL, Capability.SEND_SMS, Capability.SEND_LETTER, Capability.VISIT}


def walk(*events: Event, start: State = State.VALIDATING) -> State:
    state = start
    for event in events:
        after = step(state, event)
        assert isinstance(after, State), after
        state = after
    return state


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_every_step_is_taken_or_refused_with_a_reason(state: State, event: Event) -> None:
    match step(state, event):
        case RefusedStep() as refused:
            assert (refused.state, refused.event) == (state, event)
            assert refused.reason in Reason
        case after:
            assert after is STEPS[state, event]


def test_every_state_says_what_may_be_done_in_it() -> None:
    assert set(MAY) == set(State)


def test_every_reason_is_given_for_some_step() -> None:
    given_reasons = {
        refused.reason for state in State for event in Event if isinstance(refused := step(state, event), RefusedStep)
    }
    assert given_reasons == set(Reason)


def test_a_case_goes_from_the_sheet_to_the_archive() -> None:
    opened = walk(Event.VALIDATED, Event.SCREENING_STARTED, Event.OPENED, Event.ALLOCATED)
    assert opened is State.IN_COLLECTION
    assert walk(Event.PROMISE_TAKEN, Event.PROMISE_BROKEN, start=opened) is State.IN_COLLECTION
    assert walk(Event.PAID_IN_FULL, Event.ARCHIVED, Event.PURGED, start=opened) is State.PURGED


def test_paid_in_full_and_settled_in_full_are_never_the_same() -> None:
    assert walk(Event.PAID_IN_FULL, start=State.ON_PLAN) is State.PAID_IN_FULL
    assert walk(Event.SETTLED_IN_FULL, start=State.ON_PLAN) is State.SETTLED_IN_FULL
    assert isinstance(step(State.PAID_IN_FULL, Event.SETTLED_IN_FULL), RefusedStep)


@pytest.mark.parametrize(
    ("state", "event", "reason"),
    [
        (State.VALIDATING, Event.OPENED, Reason.CASE_NOT_OPEN_YET),
        (State.AWAITING_OPENING, Event.VALIDATED, Reason.STEP_ALREADY_TAKEN),
        (State.AWAITING_ALLOCATION, Event.PROMISE_TAKEN, Reason.CASE_NOT_OPEN_YET),
        (State.IN_COLLECTION, Event.PROMISE_KEPT, Reason.NO_PROMISE_STANDS),
        (State.PROMISED, Event.PROMISE_TAKEN, Reason.PROMISE_ALREADY_STANDS),
        (State.ON_PLAN, Event.PROMISE_TAKEN, Reason.PLAN_ALREADY_STANDS),
        (State.LEGAL, Event.PROMISE_TAKEN, Reason.CASE_IN_COURT),
        (State.ON_HOLD, Event.PROMISE_TAKEN, Reason.CASE_SUSPENDED),
        (State.RECALLED, Event.ALLOCATED, Reason.CASE_CLOSED),
        (State.IN_COLLECTION, Event.PAYMENT_REVERSED, Reason.CASE_NOT_PAID),
        (State.IN_COLLECTION, Event.ARCHIVED, Reason.CASE_STILL_OPEN),
        (State.ARCHIVED, Event.PAYMENT_REVERSED, Reason.CASE_ARCHIVED),
        (State.PURGED, Event.PURGED, Reason.CASE_PURGED),
    ],
)
def test_a_refused_step_names_its_reason(state: State, event: Event, reason: Reason) -> None:
    assert step(state, event) == RefusedStep(state, event, reason)


@pytest.mark.parametrize("state", sorted(BEFORE_WORK | SUSPENDED | CLOSED))
def test_nobody_is_contacted_about_a_case_that_is_not_at_work(state: State) -> None:
    assert not MAY[state] & CONTACT


@pytest.mark.parametrize("state", [State.RETURNED, State.RECALLED, State.ARCHIVED, State.PURGED])
def test_the_desk_shows_nothing_of_a_case_that_was_given_back(state: State) -> None:
    assert not may(state, Capability.READ)


@pytest.mark.parametrize("state", sorted(AT_WORK | SUSPENDED))
def test_the_creditor_can_always_take_an_open_case_back(state: State) -> None:
    assert step(state, Event.RECALLED) is State.RECALLED


@pytest.mark.parametrize(
    ("interruption", "end"),
    [
        (Event.HELD, Event.HOLD_LIFTED),
        (Event.COMPLAINT_RECEIVED, Event.COMPLAINT_ANSWERED),
        (Event.DISPUTE_RAISED, Event.DISPUTE_RESOLVED),
        (Event.LEGAL_STARTED, Event.LEGAL_ENDED),
    ],
)
def test_after_an_interruption_the_agreements_in_force_stand_again(interruption: Event, end: Event) -> None:
    assert walk(interruption, end, *resume(has_holder=True, has_plan=True), start=State.ON_PLAN) is State.ON_PLAN
    assert walk(interruption, end, *resume(has_holder=True, has_promise=True), start=State.PROMISED) is State.PROMISED
    assert walk(interruption, end, *resume(has_holder=True), start=State.IN_COLLECTION) is State.IN_COLLECTION
    assert walk(interruption, end, *resume(has_holder=False), start=State.IN_COLLECTION) is State.AWAITING_ALLOCATION


def test_a_case_that_was_held_while_in_court_goes_back_to_court() -> None:
    in_court = resume(has_holder=True, is_in_court=True, has_plan=True)
    assert walk(Event.HELD, Event.HOLD_LIFTED, *in_court, start=State.LEGAL) is State.LEGAL


def test_a_second_hold_keeps_the_case_still_when_the_complaint_is_answered() -> None:
    events = (Event.HELD, Event.COMPLAINT_RECEIVED, Event.COMPLAINT_ANSWERED, *resume(has_holder=True, is_held=True))
    assert walk(*events, start=State.IN_COLLECTION) is State.ON_HOLD


@given(st.lists(st.sampled_from(Event), max_size=60))
def test_a_purged_case_never_comes_back_and_an_archived_one_is_only_purged(events: list[Event]) -> None:
    state = State.IN_COLLECTION
    for event in events:
        after = step(state, event)
        if isinstance(after, RefusedStep):
            continue
        assert state is not State.PURGED
        assert state is not State.ARCHIVED or after is State.PURGED
        state = after
