"""What an inspection reads and answers: a call with its turns and facts, findings, and the half-written note."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from anmi.core.money import Money


class Speaker(StrEnum):
    AGENT = "agent"
    DEBTOR = "debtor"
    THIRD_PARTY = "third_party"
    VOICEBOT = "voicebot"
    UNKNOWN = "unknown"


class Party(StrEnum):
    """Who is at the other end, as far as the call record knows."""

    RIGHT_PARTY = "right_party"
    THIRD_PARTY = "third_party"
    UNKNOWN = "unknown"


class Severity(StrEnum):
    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


# Those who speak for us; every rule of conduct is about them unless it says otherwise.
OUR_SIDE = frozenset({Speaker.AGENT, Speaker.VOICEBOT})
THEIR_SIDE = frozenset({Speaker.DEBTOR, Speaker.THIRD_PARTY})


@dataclass(frozen=True, slots=True)
class Turn:
    """One utterance; `start` and `end` are seconds from the beginning of the call, where the transcript knows them."""

    speaker: Speaker
    text: str
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the case file knows about this call; None means that nobody said."""

    owing: Money | None = None
    due_now: Money | None = None
    days_past_due: int | None = None
    concession_approved: bool | None = None
    payee_accounts: tuple[str, ...] = ()
    calls_today: int | None = None
    attempts_today: int | None = None
    hours_agreed: bool = False
    in_house: bool = False
    inbound: bool = False
    ended_by_agent: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    id: str
    started_at: datetime | None
    party: Party
    turns: tuple[Turn, ...]
    facts: Facts = field(default_factory=Facts)


@dataclass(frozen=True, slots=True)
class Finding:
    """One violation; `turn` is None where the whole call is at fault and no single sentence."""

    code: str
    turn: int | None
    severity: Severity
    evidence: str
    rule_version: str


@dataclass(frozen=True, slots=True)
class Source:
    """The sentence an extracted value came from."""

    turn: int
    text: str


@dataclass(frozen=True, slots=True)
class Extracted:
    """The half-written note; a person confirms it."""

    promise_date: date | None = None
    promise_amount: Money | None = None
    right_party_confirmed: bool = False
    result_code: str | None = None
    complaint_tendency: bool = False
    reason: str | None = None
    next_contact_on: date | None = None
    next_contact_time: time | None = None
    """China's, where an hour was said."""
    doubtful: frozenset[str] = frozenset()
    """Values that the conversation gives in two ways and leaves open."""
    sources: tuple[tuple[str, Source], ...] = ()


@dataclass(frozen=True, slots=True)
class Inspection:
    call_id: str
    score: int
    findings: tuple[Finding, ...]
    missing: tuple[str, ...]
    extracted: Extracted
