"""A trunk that fails is left alone for a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from anmi.core.call_legs import Ending
from anmi.core.trunk_health import OF_THE_TRUNK, SAYS_NOTHING, WELL, Health, after, rests

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)


def test_two_failures_are_borne_and_the_third_gives_a_rest() -> None:
    health = WELL
    for failures in (1, 2):
        health = after(health, Ending.CONGESTED, NOW)
        assert health == Health(failures, None)
    assert after(health, Ending.BARRED, NOW) == Health(3, NOW + timedelta(seconds=30))


@pytest.mark.parametrize(("failures", "seconds"), [(3, 60), (4, 120), (7, 900), (500, 900)])
def test_the_rest_grows_with_each_failure_up_to_a_quarter_of_an_hour(failures: int, seconds: int) -> None:
    assert after(Health(failures), Ending.FAILED, NOW).rests_until == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("ending", sorted(set(Ending) - OF_THE_TRUNK - SAYS_NOTHING))
def test_an_answer_from_the_network_beyond_makes_it_well_again(ending: Ending) -> None:
    assert after(Health(5, NOW), ending, NOW) == WELL


def test_what_we_ended_ourselves_tells_nothing_of_the_line() -> None:
    assert after(Health(2), Ending.RELEASED, NOW) == Health(2)


def test_a_rest_ends_by_itself() -> None:
    assert rests(NOW + timedelta(seconds=1), NOW)
    assert not rests(NOW, NOW)
    assert not rests(None, NOW)
