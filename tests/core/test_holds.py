"""What holds do to the life of a case."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core import case_life
from anmi.core.case_life import OPEN, SUSPENDED, Event, State
from anmi.core.contact_rules.facts import Effect, HoldReason
from anmi.core.holds import StandingHold, is_at_least, is_over, steps, suspended_state

COMPLAINT = StandingHold(HoldReason.COMPLAINT, Effect.PAUSE)
DISPUTE = StandingHold(HoldReason.DISPUTE, Effect.PAUSE)
DECEASED = StandingHold(HoldReason.DECEASED, Effect.STOP)
HARDSHIP = StandingHold(HoldReason.HARDSHIP, Effect.HUMAN_ONLY)


@pytest.mark.parametrize(
    ("state", "holds", "expected"),
    [
        (State.IN_COLLECTION, [HARDSHIP], ()),
        (State.IN_COLLECTION, [DECEASED], (Event.HELD,)),
        (State.PROMISED, [DISPUTE], (Event.DISPUTE_RAISED,)),
        (State.ON_HOLD, [DECEASED, HARDSHIP], ()),
        (State.ON_HOLD, [DECEASED, COMPLAINT], (Event.COMPLAINT_RECEIVED,)),
        (State.COMPLAINT_FROZEN, [DECEASED, COMPLAINT], ()),
        (State.COMPLAINT_FROZEN, [DECEASED, DISPUTE], (Event.DISPUTE_RAISED,)),
        (State.COMPLAINT_FROZEN, [HARDSHIP], (Event.COMPLAINT_ANSWERED,)),
        (State.DISPUTE_REVIEW, [], (Event.DISPUTE_RESOLVED,)),
        (State.ON_HOLD, [], (Event.HOLD_LIFTED,)),
        (State.IN_COLLECTION, [], ()),
    ],
)
def test_the_most_protective_hold_decides_where_a_case_stands(
    state: State, holds: list[StandingHold], expected: tuple[Event, ...]
) -> None:
    assert steps(state, holds) == expected


@given(
    st.sampled_from(sorted(OPEN)),
    st.lists(st.builds(StandingHold, st.sampled_from(HoldReason), st.sampled_from(Effect)), max_size=4),
)
def test_a_case_always_comes_to_where_its_holds_want_it(state: State, holds: list[StandingHold]) -> None:
    for event in steps(state, holds):
        after = case_life.step(state, event)
        assert isinstance(after, State)
        state = after
    wanted = suspended_state(holds)
    assert state == wanted if wanted else state not in SUSPENDED


def test_an_effect_is_as_strict_as_itself_and_those_that_leave_more_open() -> None:
    order = [Effect.HUMAN_ONLY, Effect.WRITTEN_ONLY, Effect.PAUSE, Effect.STOP]
    for weaker, stricter in itertools.combinations_with_replacement(order, 2):
        assert is_at_least(stricter, weaker)
        assert is_at_least(weaker, stricter) == (weaker is stricter)


@pytest.mark.parametrize(
    ("reason", "effect", "until", "is_it"),
    [
        (HoldReason.HARDSHIP, Effect.PAUSE, date(2026, 3, 3), True),
        (HoldReason.HARDSHIP, Effect.PAUSE, date(2026, 3, 4), False),
        (HoldReason.HARDSHIP, Effect.PAUSE, None, False),
        (HoldReason.HARDSHIP, Effect.STOP, date(2026, 3, 3), False),
        (HoldReason.DISPUTE, Effect.PAUSE, date(2026, 3, 3), False),
        (HoldReason.COMPLAINT, Effect.PAUSE, date(2026, 3, 3), False),
    ],
)
def test_only_a_pause_with_a_last_day_ends_by_itself(
    reason: HoldReason, effect: Effect, until: date | None, is_it: bool
) -> None:
    assert is_over(reason, effect, until, date(2026, 3, 4)) is is_it
