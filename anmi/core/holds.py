"""Holds (停催) and the life of a case: a hold that stops or pauses collection moves the case, a narrower one does not.

Where several holds stand, the most protective decides: a complaint before a dispute, a dispute before any other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from anmi.core.case_life import SUSPENDED, Event, State
from anmi.core.contact_rules.facts import Effect, HoldReason

_MOVING: Final = frozenset({Effect.STOP, Effect.PAUSE})

_INTO: Final[dict[State, Event]] = {
    State.COMPLAINT_FROZEN: Event.COMPLAINT_RECEIVED,
    State.DISPUTE_REVIEW: Event.DISPUTE_RAISED,
    State.ON_HOLD: Event.HELD,
}
_OUT_OF: Final[dict[State, Event]] = {
    State.COMPLAINT_FROZEN: Event.COMPLAINT_ANSWERED,
    State.DISPUTE_REVIEW: Event.DISPUTE_RESOLVED,
    State.ON_HOLD: Event.HOLD_LIFTED,
}

STRICTNESS: Final = (Effect.HUMAN_ONLY, Effect.WRITTEN_ONLY, Effect.PAUSE, Effect.STOP)
"""The effects of a hold, from the one that leaves most open to the one that leaves nothing."""


@dataclass(frozen=True, slots=True)
class StandingHold:
    """A hold that has not been lifted."""

    reason: HoldReason
    effect: Effect


def is_at_least(effect: Effect, least: Effect) -> bool:
    """Whether an effect leaves no more open than `least` does."""
    return STRICTNESS.index(effect) >= STRICTNESS.index(least)


def suspended_state(holds: Iterable[StandingHold]) -> State | None:
    """Return the state in which these holds keep a case, or None where they only narrow contact."""
    wanted = {_state_of(hold.reason) for hold in holds if hold.effect in _MOVING}
    return next((state for state in _INTO if state in wanted), None)


def steps(state: State, holds: Iterable[StandingHold]) -> tuple[Event, ...]:
    """Say which step brings a case to where its holds want it, if it is not there.

    A case that leaves its suspension goes on with `case_life.resume`.
    """
    wanted = suspended_state(holds)
    if wanted == state:
        return ()
    if wanted is not None:
        return (_INTO[wanted],)
    return (_OUT_OF[state],) if state in SUSPENDED else ()


def _state_of(reason: HoldReason) -> State:
    match reason:
        case HoldReason.COMPLAINT:
            return State.COMPLAINT_FROZEN
        case HoldReason.DISPUTE:
            return State.DISPUTE_REVIEW
        case _:
            return State.ON_HOLD


def is_over(reason: HoldReason, effect: Effect, until: date | None, today: date) -> bool:
    """Whether a hold has run out by itself.

    A STOP ends only when somebody lifts it, a complaint or a dispute only with its answer (rule DISPUTE_MARK).
    """
    if effect is Effect.STOP or reason in {HoldReason.COMPLAINT, HoldReason.DISPUTE}:
        return False
    return until is not None and until < today
