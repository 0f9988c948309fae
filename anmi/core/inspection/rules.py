"""Rules as values: what may not be said, must be said, must not be passed over, and what times and facts tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from anmi.core.inspection.likeness import Likeness
from anmi.core.inspection.match import Cue
from anmi.core.inspection.model import Party, Severity

# A rule that yields to this speaks only where no other does.
ANY_RULE: Final = "*"


class Check(StrEnum):
    """What the facts and times of a call can prove without a word being matched."""

    HOURS = "hours"
    EFFECTIVE_CALLS = "effective_calls"
    ATTEMPTS = "attempts"
    AMOUNT = "amount"
    DAYS_PAST_DUE = "days_past_due"
    PAYEE = "payee"
    SILENCE = "silence"
    OVERLAP = "overlap"
    HANGUP = "hangup"


class Due(StrEnum):
    """When a positive is owed at all; a rule never blames the absence of what had no occasion."""

    WHOLE_CALL = "whole_call"
    VOICEBOT = "voicebot"
    RIGHT_PARTY = "right_party"
    THIRD_PARTY = "third_party"
    REFUSAL = "refusal"
    NO_PROMISE = "no_promise"
    HARDSHIP = "hardship"
    PROMISE = "promise"
    GRIEVANCE = "grievance"
    OPEN_END = "open_end"


@dataclass(frozen=True, slots=True)
class Heading:
    """What every rule says about itself."""

    id: str
    version: int
    code: str
    severity: Severity
    title: str

    @property
    def label(self) -> str:
        return f"{self.id}@{self.version}"


@dataclass(frozen=True, slots=True)
class Said:
    """A cue that must not be said: to these parties, before verification only, and not where a fact allows it.

    It yields to rules that name the same words more exactly: a threat of thugs at the door is no announced visit.
    """

    heading: Heading
    cue: str
    parties: frozenset[Party] = frozenset()
    before_verification: bool = False
    unless_fact: str | None = None
    yields_to: frozenset[str] = frozenset()
    # An agency's own rule is not doubted: it knows sentences that the second voice has not learnt.
    is_certain: bool = False


@dataclass(frozen=True, slots=True)
class Ignored:
    """A signal of theirs that our next turns press past instead of answering."""

    heading: Heading
    after: frozenset[str]
    pressed_by: frozenset[str]
    answered_by: frozenset[str]
    within_turns: int = 2


@dataclass(frozen=True, slots=True)
class Absent:
    """A positive whose absence is a violation where it was due."""

    heading: Heading
    positive: str


@dataclass(frozen=True, slots=True)
class Known:
    """A violation that facts or times prove; `limit` counts calls, or seconds."""

    heading: Heading
    check: Check
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Alike:
    """What is no rule's words and yet like the sentences people have called a violation.

    It speaks only where no rule has found more than a minor violation in the same turn, and it is at least so sure, in
    percent. Where it is less sure than `doubts`, words that a rule of its code has found are not believed.
    """

    heading: Heading
    least: int
    doubts: int = 0
    # After one of these signals of theirs, what sounds like a violation is this one: the answer passed the signal by.
    after: frozenset[str] = frozenset()
    parties: frozenset[Party] = frozenset()
    before_verification: bool = False
    unless_fact: str | None = None


Rule = Said | Ignored | Absent | Known | Alike


@dataclass(frozen=True, slots=True)
class Positive:
    """Something a good call says, and when it is due."""

    code: str
    cue: str
    due: Due
    within_seconds: int | None = None
    # Saying the promised day and sum once more does as well as any word of confirming.
    by_repeating: bool = False
    # One that only serves a rule is not listed among what is missing.
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Example:
    """A snippet and whether the rule must fire on it; the snippet is kept as it is written in the pack."""

    rule: str
    text: str
    fires: bool


@dataclass(frozen=True, slots=True)
class RulePack:
    """Every rule of one edition, with the cues they listen for."""

    version: str
    rules: tuple[Rule, ...]
    positives: tuple[Positive, ...]
    cues: tuple[Cue, ...]
    heard_words: tuple[str, ...] = ()
    short_words: tuple[str, ...] = ()
    kept_words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    mistaken_words: Mapping[str, str] = field(default_factory=dict[str, str])
    # Words of nearly every call: good to know for speed, without meaning for the rules.
    common_words: frozenset[str] = frozenset()
    # The second voice; without it nothing is alike.
    likeness: Likeness | None = field(default=None, repr=False)
    examples: tuple[Example, ...] = field(default=(), repr=False)
