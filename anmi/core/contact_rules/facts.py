"""What the gate is told: the attempt somebody wants to make, and the facts it is judged by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from anmi.core.calendar import HolidayCalendar
from anmi.core.case_life import State
from anmi.core.number_state import NumberState


class Channel(StrEnum):
    """How a person is contacted; voice is told apart by contact mode, as the 2024 guideline of NIFA does."""

    VOICE_INTERACTIVE = "voice_interactive"  # 交互性: the two sides speak
    VOICE_INFORM = "voice_inform"  # 告知性: a message is read out
    SMS = "sms"
    LETTER = "letter"
    VISIT = "visit"


VOICE: Final = frozenset({Channel.VOICE_INTERACTIVE, Channel.VOICE_INFORM})
WRITTEN: Final = frozenset({Channel.SMS, Channel.LETTER})


class Purpose(StrEnum):
    """What the contact is for."""

    COLLECT = "collect"
    REMIND = "remind"  # of a promise or an instalment
    LOCATE = "locate"  # ask a contact person for the debtor's whereabouts
    RELAY = "relay"  # ask a contact person to pass on that we called, without a word of debt


class Relation(StrEnum):
    """Who the party is to the debt."""

    DEBTOR = "debtor"
    CO_DEBTOR = "co_debtor"
    GUARANTOR = "guarantor"
    RELATED_THIRD_PARTY = "related_third_party"
    UNRELATED_THIRD_PARTY = "unrelated_third_party"


LIABLE: Final = frozenset({Relation.DEBTOR, Relation.CO_DEBTOR, Relation.GUARANTOR})


class CallerKind(StrEnum):
    """Who makes the contact."""

    COLLECTOR = "collector"
    VOICEBOT = "voicebot"
    SYSTEM = "system"  # a message or letter nobody writes by hand


class DialingMode(StrEnum):
    """How the call is dialed."""

    MANUAL = "manual"
    PREVIEW = "preview"
    PROGRESSIVE = "progressive"
    PREDICTIVE = "predictive"


class Outcome(StrEnum):
    """What became of an earlier contact."""

    RESERVED = "reserved"  # allowed and under way: counted as the worst it can become
    EFFECTIVE = "effective"  # the party was spoken to; a message or letter went out
    ANSWERED = "answered"  # taken up, without a talk
    ABANDONED = "abandoned"  # taken up by a person, no agent in time
    UNANSWERED = "unanswered"


class Effect(StrEnum):
    """What a hold or a special flag does to contact."""

    STOP = "STOP"
    PAUSE = "PAUSE"
    HUMAN_ONLY = "HUMAN_ONLY"
    WRITTEN_ONLY = "WRITTEN_ONLY"


class HoldReason(StrEnum):
    """Why work on a case is suspended."""

    DISPUTE = "dispute"
    COMPLAINT = "complaint"
    HARDSHIP = "hardship"
    DECEASED = "deceased"
    BANKRUPTCY = "bankruptcy"
    CEASE_REQUEST = "cease_request"


OF_THE_PERSON: Final = frozenset(
    {HoldReason.HARDSHIP, HoldReason.DECEASED, HoldReason.BANKRUPTCY, HoldReason.CEASE_REQUEST}
)
"""Reasons that are about the debtor and not about one debt: they hold in all of her cases."""


class PlacementState(StrEnum):
    """Whether the creditor's placement is being worked."""

    ACTIVE = "active"
    PAUSED = "paused"
    RECALLED = "recalled"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Party:
    """The person to be contacted; `party_id` is one per person across all cases, creditors and placements."""

    party_id: str
    relation: Relation
    asked_to_stop: bool = False
    offered_to_pay: bool = False

    @property
    def is_liable(self) -> bool:
        return self.relation in LIABLE


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """A number or an address: where it comes from (CONTACT_SOURCE), its state, and whether it is suppressed."""

    point_id: str
    source: str | None
    state: NumberState = NumberState.UNKNOWN
    is_suppressed: bool = False


@dataclass(frozen=True, slots=True)
class Caller:
    """Who contacts: a trained collector, or a voicebot that says what it is and can hand over."""

    kind: CallerKind
    training_valid_until: date | None = None
    announces_ai: bool = False
    can_hand_over: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """One contact somebody wants to make. `at` is an instant; the gate reads it on Chinese clocks."""

    at: datetime
    channel: Channel
    purpose: Purpose
    party: Party
    point: ContactPoint
    caller: Caller
    mode: DialingMode = DialingMode.MANUAL
    can_record: bool = True
    visitors: int = 0


@dataclass(frozen=True, slots=True)
class PastContact:
    """One earlier contact with anyone about this debtor, whichever case, creditor or voicebot made it."""

    at: datetime
    channel: Channel
    party_id: str
    relation: Relation
    point_id: str
    outcome: Outcome
    is_incoming: bool = False


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold that stands on the case or its debtor; a STOP ends only when it is lifted."""

    reason: HoldReason
    effect: Effect
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SpecialFlag:
    """A special group (特殊人群) the debtor belongs to; the rule pack says with which effect."""

    kind: str
    since: datetime
    is_reviewed: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the case and the debtor. The history reaches back 30 days at least, in any order."""

    case_state: State
    placement: PlacementState
    calendar: HolidayCalendar
    history: tuple[PastContact, ...] = ()
    holds: tuple[Hold, ...] = ()
    flags: tuple[SpecialFlag, ...] = ()
    debtor_numbers: tuple[NumberState, ...] = ()
    due_on: frozenset[date] = frozenset()  # days on which a promise or an instalment falls due
    has_agreement: bool = False  # a signed personalised plan, not breached (art. 70)
