"""What a call means for its case."""

from __future__ import annotations

import pytest

from anmi.core.call_outcomes import has_failed_again, outcome_of
from anmi.core.contact_rules.facts import Outcome

NO, YES = Outcome.UNANSWERED, Outcome.ANSWERED


@pytest.mark.parametrize(
    ("was_answered", "talked_seconds", "outcome"),
    [
        (False, 0, Outcome.UNANSWERED),
        (True, 0, Outcome.ANSWERED),
        (True, 9, Outcome.ANSWERED),
        (True, 10, Outcome.EFFECTIVE),
    ],
)
def test_a_talk_of_ten_seconds_is_a_contact(was_answered: bool, talked_seconds: int, outcome: Outcome) -> None:
    assert outcome_of(was_answered=was_answered, talked_seconds=talked_seconds) is outcome


@pytest.mark.parametrize(
    ("latest", "again"),
    [
        ([], False),
        ([NO, NO], False),
        ([NO, NO, NO], True),
        ([NO, NO, NO, YES], True),
        ([NO, NO, NO, NO], False),
        ([NO, YES, NO], False),
        ([YES, NO, NO, NO], False),
    ],
)
def test_the_third_failure_in_a_row_is_seen_to_once(latest: list[Outcome], again: bool) -> None:
    assert has_failed_again(latest) is again
