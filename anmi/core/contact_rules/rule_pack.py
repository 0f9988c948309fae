"""A rule pack: versioned rows of rules, which creditors and tenants may tighten and nobody may loosen.

The rows of a pack are a conjunction. An override is added beside the row it tightens, never put in its place, so
even a mistaken one can only refuse more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from anmi.core.calendar import start_of
from anmi.core.contact_rules import standing, third_parties, time_and_frequency
from anmi.core.contact_rules.facts import Channel
from anmi.core.contact_rules.scene import Scene
from anmi.core.contact_rules.values import (
    AllowedOnly,
    AtLeast,
    Caps,
    ClosedHours,
    Effects,
    FestivalDays,
    LeastTime,
    NeverDialed,
    OutOfReach,
    Required,
    Value,
)
from anmi.core.contact_rules.verdicts import Bar, Reason


class Severity(StrEnum):
    """What a row rests on. Every row refuses; the severity says what a breach would be."""

    HARD = "hard"  # law, regulation or the national standard
    CONTRACT = "contract"  # self-regulation that creditors write into their contracts
    HOUSE = "house"  # our own careful default where no official value is known


class Layer(StrEnum):
    """Who set a row."""

    BASE = "base"
    TENANT = "tenant"
    CREDITOR = "creditor"


@dataclass(frozen=True, slots=True)
class Rule:
    """How one rule is read and checked."""

    value: type[Value]
    check: Callable[[Any, Scene], Bar | None]


RULES: Final[Mapping[str, Rule]] = {
    "CASE_STATE": Rule(Required, standing.case_state),
    "PLACEMENT": Rule(Required, standing.placement),
    "SUPPRESSION_LIST": Rule(Required, standing.suppression_list),
    "CONTACT_SOURCE": Rule(AllowedOnly, standing.contact_source),
    "NUMBER_STATE": Rule(NeverDialed, standing.number_state),
    "DISPUTE_MARK": Rule(Required, standing.dispute_mark),
    "HOLD": Rule(Effects, standing.hold),
    "SPECIAL_GROUP": Rule(Effects, standing.special_group),
    "STOP_ON_AGREEMENT": Rule(Required, standing.stop_on_agreement),
    "THIRD_STOP": Rule(Required, third_parties.third_stop),
    "THIRD_NO_COLLECT": Rule(Required, third_parties.third_no_collect),
    "THIRD_RELATED": Rule(Required, third_parties.third_related),
    "THIRD_GATE": Rule(OutOfReach, third_parties.third_gate),
    "THIRD_CALL_CAP": Rule(Caps, third_parties.third_call_cap),
    "TRAINING": Rule(Required, standing.training),
    "PHONE_RECORD": Rule(Required, standing.phone_record),
    "VISIT_TWO": Rule(AtLeast, standing.visit_two),
    "AI_RULE": Rule(Required, standing.ai_rule),
    "AI_LABEL": Rule(Required, standing.ai_label),
    "HOURS_BAN": Rule(ClosedHours, time_and_frequency.hours_ban),
    "FESTIVAL_BAN": Rule(FestivalDays, time_and_frequency.festival_ban),
    "CALL_EFFECTIVE_CAP": Rule(Caps, time_and_frequency.call_effective_cap),
    "CALL_EFFECTIVE_CAP_WEEK": Rule(Caps, time_and_frequency.call_effective_cap_week),
    "CALL_ATTEMPT_CAP": Rule(Caps, time_and_frequency.call_attempt_cap),
    "CALL_MIN_GAP": Rule(LeastTime, time_and_frequency.call_min_gap),
    "ABANDONED_PREVIEW": Rule(LeastTime, time_and_frequency.abandoned_preview),
    "SMS_CAP": Rule(Caps, time_and_frequency.sms_cap),
    "LETTER_CAP": Rule(Caps, time_and_frequency.letter_cap),
}


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One row: a rule with its value, where it comes from, when it holds, and for which channels.

    `effective_to` is the last day on which it holds.
    """

    rule_id: str
    value: Value
    source: str
    effective_from: date
    effective_to: date | None
    scope: frozenset[Channel]
    severity: Severity
    layer: Layer = Layer.BASE

    def is_in_force(self, on: date) -> bool:
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)

    def check(self, scene: Scene) -> Bar | None:
        """Return what stands in the way of the attempt; no row stands longer than it is in force."""
        bar = RULES[self.rule_id].check(self.value, scene)
        if bar is None or self.effective_to is None:
            return bar
        end = start_of(self.effective_to + timedelta(days=1))
        return Bar(bar.reason, end if bar.until is None else min(bar.until, end))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A reason in words, for the desk."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class RulePack:
    """A version of the rules, and the sentence for each reason."""

    version: str
    rows: tuple[RuleRow, ...]
    sentences: Mapping[Reason, Sentence]
    by_channel: Mapping[Channel, tuple[RuleRow, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_channel = {channel: tuple(row for row in self.rows if channel in row.scope) for channel in Channel}
        object.__setattr__(self, "by_channel", by_channel)


@dataclass(frozen=True, slots=True)
class Loosening:
    """An override that would allow what a row of the base refuses."""

    override: RuleRow
    row: RuleRow


@dataclass(frozen=True, slots=True)
class RefusedOverrides:
    """No override was taken, because these would loosen the rules."""

    loosenings: tuple[Loosening, ...]


def tighten(pack: RulePack, overrides: Sequence[RuleRow], layer: Layer) -> RulePack | RefusedOverrides:
    """Add a creditor's or tenant's overrides to a pack, or name every one that is looser than a base row.

    An override is measured by the base rows it meets in channels and days, not by other overrides, so that the order
    in which layers are added does not matter.
    """
    base = [row for row in pack.rows if row.layer is Layer.BASE]
    loosenings = tuple(
        Loosening(override, row)
        for override in overrides
        for row in base
        if _meet(override, row) and not override.value.is_as_strict_as(row.value)
    )
    if loosenings:
        return RefusedOverrides(loosenings)
    added = tuple(replace(override, layer=layer) for override in overrides)
    return RulePack(pack.version, pack.rows + added, pack.sentences)


def _meet(one: RuleRow, other: RuleRow) -> bool:
    return (
        one.rule_id == other.rule_id
        and not one.scope.isdisjoint(other.scope)
        and (one.effective_to is None or other.effective_from <= one.effective_to)
        and (other.effective_to is None or one.effective_from <= other.effective_to)
    )
