"""What a call that has ended means for the work on its case: its outcome, and whether somebody must see to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from anmi.core.contact_rules.facts import Outcome

EFFECTIVE_SECONDS: Final = 10
"""A talk of so many seconds counts as having spoken to the party: rather too many count than too few."""
FAILURES: Final = 3


def outcome_of(*, was_answered: bool, talked_seconds: int) -> Outcome:
    """Return what became of a call."""
    if talked_seconds >= EFFECTIVE_SECONDS:
        return Outcome.EFFECTIVE
    return Outcome.ANSWERED if was_answered else Outcome.UNANSWERED


def has_failed_again(latest: Sequence[Outcome]) -> bool:
    """Say whether a number has just failed for the third time in a row; `latest` has the newest first, this one too.

    The fourth and every later failure says nothing new.
    """
    failed = [outcome is Outcome.UNANSWERED for outcome in latest[: FAILURES + 1]]
    return failed[:FAILURES] == [True] * FAILURES and failed[FAILURES:] != [True]
