"""The life of a case: its states, the steps between them, and what may be done in each.

A step that is not in the table is refused with its reason; nothing else decides where a case stands. Holds whose
effect is HUMAN_ONLY or WRITTEN_ONLY leave the state alone: they narrow contact, and the contact gate knows them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a case stands."""

    VALIDATING = "validating"
    AWAITING_OPENING = "awaiting_opening"
    NUMBER_SCREENING = "number_screening"
    AWAITING_ALLOCATION = "awaiting_allocation"
    IN_COLLECTION = "in_collection"
    PROMISED = "promised"
    ON_PLAN = "on_plan"
    RETAINED = "retained"
    LEGAL = "legal"
    ON_HOLD = "on_hold"
    COMPLAINT_FROZEN = "complaint_frozen"
    DISPUTE_REVIEW = "dispute_review"
    PAID_IN_FULL = "paid_in_full"
    SETTLED_IN_FULL = "settled_in_full"
    RETURNED = "returned"
    RECALLED = "recalled"
    ARCHIVED = "archived"
    PURGED = "purged"


class Event(StrEnum):
    """What happens to a case."""

    VALIDATED = "validated"
    SCREENING_STARTED = "screening_started"
    OPENED = "opened"
    ALLOCATED = "allocated"
    POOLED = "pooled"
    PROMISE_TAKEN = "promise_taken"
    PROMISE_KEPT = "promise_kept"
    PROMISE_BROKEN = "promise_broken"
    PROMISE_CANCELLED = "promise_cancelled"
    PLAN_SIGNED = "plan_signed"
    PLAN_BREACHED = "plan_breached"
    RETAINED = "retained"
    RETENTION_ENDED = "retention_ended"
    LEGAL_STARTED = "legal_started"
    LEGAL_ENDED = "legal_ended"
    HELD = "held"
    HOLD_LIFTED = "hold_lifted"
    COMPLAINT_RECEIVED = "complaint_received"
    COMPLAINT_ANSWERED = "complaint_answered"
    DISPUTE_RAISED = "dispute_raised"
    DISPUTE_RESOLVED = "dispute_resolved"
    PAID_IN_FULL = "paid_in_full"
    SETTLED_IN_FULL = "settled_in_full"
    PAYMENT_REVERSED = "payment_reversed"
    RETURNED = "returned"
    RECALLED = "recalled"
    ARCHIVED = "archived"
    PURGED = "purged"


class Capability(StrEnum):
    """What may be done with a case, as far as its state is concerned; permissions of people come on top."""

    READ = "read"
    NOTE = "note"
    CALL = "call"
    SEND_SMS = "send_sms"
    SEND_LETTER = "send_letter"
    VISIT = "visit"
    TAKE_PROMISE = "take_promise"
    ASK_CONCESSION = "ask_concession"
    SIGN_PLAN = "sign_plan"
    POST_PAYMENT = "post_payment"
    ALLOCATE = "allocate"


class Reason(StrEnum):
    """Why a step is refused."""

    CASE_NOT_OPEN_YET = "case_not_open_yet"
    STEP_ALREADY_TAKEN = "step_already_taken"
    PROMISE_ALREADY_STANDS = "promise_already_stands"
    PLAN_ALREADY_STANDS = "plan_already_stands"
    CASE_RETAINED = "case_retained"
    CASE_IN_COURT = "case_in_court"
    NO_PROMISE_STANDS = "no_promise_stands"
    NO_PLAN_STANDS = "no_plan_stands"
    NOT_RETAINED = "not_retained"
    NOT_IN_COURT = "not_in_court"
    NO_HOLD_STANDS = "no_hold_stands"
    NO_COMPLAINT_STANDS = "no_complaint_stands"
    NO_DISPUTE_STANDS = "no_dispute_stands"
    CASE_SUSPENDED = "case_suspended"
    CASE_STILL_OPEN = "case_still_open"
    CASE_CLOSED = "case_closed"
    CASE_NOT_PAID = "case_not_paid"
    CASE_ARCHIVED = "case_archived"
    CASE_PURGED = "case_purged"


@dataclass(frozen=True, slots=True)
class RefusedStep:
    """A step the table does not know, and why."""

    state: State
    event: Event
    reason: Reason


BEFORE_WORK: Final = frozenset(
    {State.VALIDATING, State.AWAITING_OPENING, State.NUMBER_SCREENING, State.AWAITING_ALLOCATION}
)
AT_WORK: Final = frozenset({State.IN_COLLECTION, State.PROMISED, State.ON_PLAN, State.RETAINED, State.LEGAL})
SUSPENDED: Final = frozenset({State.ON_HOLD, State.COMPLAINT_FROZEN, State.DISPUTE_REVIEW})
PAID: Final = frozenset({State.PAID_IN_FULL, State.SETTLED_IN_FULL})
CLOSED: Final = PAID | {State.RETURNED, State.RECALLED}
OPEN: Final = AT_WORK | SUSPENDED | {State.AWAITING_ALLOCATION}

# The creditor may recall, and money may arrive, before anybody has opened the case.
_RECALLABLE: Final = OPEN | {State.AWAITING_OPENING, State.NUMBER_SCREENING}


def _each(states: Iterable[State], event: Event, to: State | None = None) -> dict[tuple[State, Event], State]:
    """Step from each of `states` to `to`; without `to` the state stays."""
    return {(state, event): to or state for state in states}


STEPS: Final[dict[tuple[State, Event], State]] = {
    (State.VALIDATING, Event.VALIDATED): State.AWAITING_OPENING,
    (State.AWAITING_OPENING, Event.SCREENING_STARTED): State.NUMBER_SCREENING,
    (State.AWAITING_OPENING, Event.OPENED): State.AWAITING_ALLOCATION,
    (State.NUMBER_SCREENING, Event.OPENED): State.AWAITING_ALLOCATION,
    (State.AWAITING_ALLOCATION, Event.ALLOCATED): State.IN_COLLECTION,
    **_each(AT_WORK | SUSPENDED, Event.ALLOCATED),
    (State.IN_COLLECTION, Event.POOLED): State.AWAITING_ALLOCATION,
    (State.IN_COLLECTION, Event.PROMISE_TAKEN): State.PROMISED,
    (State.RETAINED, Event.PROMISE_TAKEN): State.PROMISED,
    (State.PROMISED, Event.PROMISE_KEPT): State.IN_COLLECTION,
    (State.PROMISED, Event.PROMISE_BROKEN): State.IN_COLLECTION,
    (State.PROMISED, Event.PROMISE_CANCELLED): State.IN_COLLECTION,
    **_each(AT_WORK - {State.ON_PLAN}, Event.PLAN_SIGNED, State.ON_PLAN),
    (State.ON_PLAN, Event.PLAN_BREACHED): State.IN_COLLECTION,
    (State.IN_COLLECTION, Event.RETAINED): State.RETAINED,
    (State.RETAINED, Event.RETENTION_ENDED): State.IN_COLLECTION,
    **_each(AT_WORK - {State.LEGAL}, Event.LEGAL_STARTED, State.LEGAL),
    (State.LEGAL, Event.LEGAL_ENDED): State.IN_COLLECTION,
    **_each(OPEN - {State.ON_HOLD}, Event.HELD, State.ON_HOLD),
    (State.ON_HOLD, Event.HOLD_LIFTED): State.IN_COLLECTION,
    **_each(OPEN - {State.COMPLAINT_FROZEN}, Event.COMPLAINT_RECEIVED, State.COMPLAINT_FROZEN),
    (State.COMPLAINT_FROZEN, Event.COMPLAINT_ANSWERED): State.IN_COLLECTION,
    **_each(OPEN - {State.DISPUTE_REVIEW}, Event.DISPUTE_RAISED, State.DISPUTE_REVIEW),
    (State.DISPUTE_REVIEW, Event.DISPUTE_RESOLVED): State.IN_COLLECTION,
    **_each(_RECALLABLE, Event.PAID_IN_FULL, State.PAID_IN_FULL),
    **_each(OPEN, Event.SETTLED_IN_FULL, State.SETTLED_IN_FULL),
    **_each(PAID, Event.PAYMENT_REVERSED, State.IN_COLLECTION),
    **_each(_RECALLABLE, Event.RETURNED, State.RETURNED),
    **_each(_RECALLABLE, Event.RECALLED, State.RECALLED),
    **_each(CLOSED, Event.ARCHIVED, State.ARCHIVED),
    (State.ARCHIVED, Event.PURGED): State.PURGED,
}

_QUIET: Final = frozenset({Capability.READ, Capability.NOTE, Capability.POST_PAYMENT, Capability.ALLOCATE})
_CONTACT: Final = frozenset({Capability.CALL, Capability.SEND_SMS, Capability.SEND_LETTER, Capability.VISIT})
_RELIEF: Final = frozenset({Capability.ASK_CONCESSION, Capability.SIGN_PLAN})

MAY: Final[dict[State, frozenset[Capability]]] = {
    State.VALIDATING: frozenset(),
    State.AWAITING_OPENING: frozenset({Capability.READ, Capability.POST_PAYMENT}),
    State.NUMBER_SCREENING: frozenset({Capability.READ, Capability.POST_PAYMENT}),
    State.AWAITING_ALLOCATION: frozenset({Capability.READ, Capability.POST_PAYMENT, Capability.ALLOCATE}),
    State.IN_COLLECTION: _QUIET | _CONTACT | _RELIEF | {Capability.TAKE_PROMISE},
    State.RETAINED: _QUIET | _CONTACT | _RELIEF | {Capability.TAKE_PROMISE},
    State.PROMISED: _QUIET | _CONTACT | _RELIEF,
    # Rule STOP_ON_AGREEMENT: the gate lets through no more than the reminder of an instalment.
    State.ON_PLAN: _QUIET | _CONTACT,
    # What is before the court is spoken of in writing.
    State.LEGAL: _QUIET | _RELIEF | {Capability.SEND_LETTER},
    State.ON_HOLD: _QUIET | _RELIEF,
    State.COMPLAINT_FROZEN: _QUIET,
    State.DISPUTE_REVIEW: _QUIET,
    # Money that arrives late is still posted, as over-payment.
    State.PAID_IN_FULL: frozenset({Capability.READ, Capability.POST_PAYMENT}),
    State.SETTLED_IN_FULL: frozenset({Capability.READ, Capability.POST_PAYMENT}),
    # After the creditor took the case back, the desk shows nothing of it.
    State.RETURNED: frozenset({Capability.POST_PAYMENT}),
    State.RECALLED: frozenset({Capability.POST_PAYMENT}),
    State.ARCHIVED: frozenset(),
    State.PURGED: frozenset(),
}


def may(state: State, capability: Capability) -> bool:
    """Whether a case in this state allows it."""
    return capability in MAY[state]


def step(state: State, event: Event) -> State | RefusedStep:
    """One case, one event: where the case stands now, or why the step is refused."""
    to = STEPS.get((state, event))
    return to if to is not None else RefusedStep(state, event, _reason(state, event))


def resume(
    *,
    has_holder: bool,
    is_held: bool = False,
    is_in_court: bool = False,
    has_plan: bool = False,
    has_promise: bool = False,
) -> tuple[Event, ...]:
    """Say which steps follow when a hold, complaint, dispute or court case has ended, from what still stands.

    The state before the interruption is not stored anywhere; it follows from what is in force: a suit, an agreement.
    """
    if is_held:
        return (Event.HELD,)
    if is_in_court:
        return (Event.LEGAL_STARTED,)
    if has_plan:
        return (Event.PLAN_SIGNED,)
    if has_promise:
        return (Event.PROMISE_TAKEN,)
    return () if has_holder else (Event.POOLED,)


_NOT_THERE: Final = {
    Event.PROMISE_KEPT: Reason.NO_PROMISE_STANDS,
    Event.PROMISE_BROKEN: Reason.NO_PROMISE_STANDS,
    Event.PROMISE_CANCELLED: Reason.NO_PROMISE_STANDS,
    Event.PLAN_BREACHED: Reason.NO_PLAN_STANDS,
    Event.RETENTION_ENDED: Reason.NOT_RETAINED,
    Event.LEGAL_ENDED: Reason.NOT_IN_COURT,
    Event.HOLD_LIFTED: Reason.NO_HOLD_STANDS,
    Event.COMPLAINT_ANSWERED: Reason.NO_COMPLAINT_STANDS,
    Event.DISPUTE_RESOLVED: Reason.NO_DISPUTE_STANDS,
    Event.PAYMENT_REVERSED: Reason.CASE_NOT_PAID,
    Event.ARCHIVED: Reason.CASE_STILL_OPEN,
    Event.PURGED: Reason.CASE_STILL_OPEN,
}


_PREPARATION: Final = (Event.VALIDATED, Event.SCREENING_STARTED, Event.OPENED)
_PREPARING: Final = (State.VALIDATING, State.AWAITING_OPENING, State.NUMBER_SCREENING)
_OVER: Final = {
    **dict.fromkeys(CLOSED, Reason.CASE_CLOSED),
    State.ARCHIVED: Reason.CASE_ARCHIVED,
    State.PURGED: Reason.CASE_PURGED,
}
_IN_THE_WAY: Final = {
    **dict.fromkeys(BEFORE_WORK, Reason.CASE_NOT_OPEN_YET),
    **dict.fromkeys(SUSPENDED, Reason.CASE_SUSPENDED),
    State.PROMISED: Reason.PROMISE_ALREADY_STANDS,
    State.ON_PLAN: Reason.PLAN_ALREADY_STANDS,
    State.RETAINED: Reason.CASE_RETAINED,
    State.LEGAL: Reason.CASE_IN_COURT,
}


def _reason(state: State, event: Event) -> Reason:
    if state in _OVER:
        return _OVER[state]
    if event in _NOT_THERE:
        return _NOT_THERE[event]
    if event in _PREPARATION:
        is_ahead = state in _PREPARING and _PREPARING.index(state) < _PREPARATION.index(event)
        return Reason.CASE_NOT_OPEN_YET if is_ahead else Reason.STEP_ALREADY_TAKEN
    return _IN_THE_WAY.get(state, Reason.STEP_ALREADY_TAKEN)
