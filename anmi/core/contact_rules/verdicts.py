"""What the gate answers, and the reasons it can give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import itemgetter
from typing import NamedTuple


class Reason(StrEnum):
    """Why a contact is refused; the rule pack holds the sentence for each, in Chinese and English."""

    OUTSIDE_CALLING_WINDOW = "outside_calling_window"
    SPRING_FESTIVAL = "spring_festival"
    EFFECTIVE_CALLS_USED_UP = "effective_calls_used_up"
    EFFECTIVE_CALLS_OF_WEEK_USED_UP = "effective_calls_of_week_used_up"
    ATTEMPTS_ON_NUMBER_USED_UP = "attempts_on_number_used_up"
    TOO_SOON_AFTER_LAST_CALL = "too_soon_after_last_call"
    ABANDONED_CALL_BEFORE = "abandoned_call_before"
    MESSAGES_USED_UP = "messages_used_up"
    LETTERS_USED_UP = "letters_used_up"
    THIRD_PARTY_OWES_NOTHING = "third_party_owes_nothing"
    UNRELATED_THIRD_PARTY = "unrelated_third_party"
    DEBTOR_CAN_BE_REACHED = "debtor_can_be_reached"
    ASKED_TO_STOP = "asked_to_stop"
    THIRD_PARTY_CALLS_USED_UP = "third_party_calls_used_up"
    NO_LAWFUL_SOURCE = "no_lawful_source"
    NUMBER_NOT_TO_BE_DIALED = "number_not_to_be_dialed"
    NUMBER_SUPPRESSED = "number_suppressed"
    AGREEMENT_IN_FORCE = "agreement_in_force"
    DISPUTE_UNDER_REVIEW = "dispute_under_review"
    STOPPED = "stopped"
    PAUSED = "paused"
    HUMANS_ONLY = "humans_only"
    IN_WRITING_ONLY = "in_writing_only"
    CASE_NOT_AT_WORK = "case_not_at_work"
    PLACEMENT_NOT_ACTIVE = "placement_not_active"
    TRAINING_LAPSED = "training_lapsed"
    NO_RECORDING = "no_recording"
    TOO_FEW_VISITORS = "too_few_visitors"
    NO_HANDOVER = "no_handover"
    VOICEBOT_NOT_ANNOUNCED = "voicebot_not_announced"


class Bar(NamedTuple):
    """One rule stands in the way, until an instant or, with None, until somebody changes the facts."""

    reason: Reason
    until: datetime | None


def longest(bars: Sequence[Bar]) -> Bar | None:
    """Return the bar that stands longest, the first of equals; one without an end outlasts every other."""
    dated: list[tuple[datetime, Bar]] = []
    for bar in bars:
        if bar.until is None:
            return bar
        dated.append((bar.until, bar))
    return max(dated, key=itemgetter(0))[1] if dated else None


@dataclass(frozen=True, slots=True)
class Allowed:
    """The contact may be made now."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The contact may not be made: the rule that stands longest, and every rule in the way.

    `until` is the first instant at which no rule would be in the way if nothing else happened;
    None means that time alone will not open the gate.
    """

    rule_id: str
    reason: Reason
    until: datetime | None
    rule_ids: tuple[str, ...]


class Standing(StrEnum):
    """Where one rule stands towards one attempt."""

    SATISFIED = "satisfied"
    IN_THE_WAY = "in_the_way"
    OUT_OF_SCOPE = "out_of_scope"
    NOT_IN_FORCE = "not_in_force"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule's word on one attempt, for the desk."""

    rule_id: str
    source: str
    standing: Standing
    reason: Reason | None = None
    until: datetime | None = None
