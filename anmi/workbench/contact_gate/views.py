"""What the gate tells the desk: whether a contact may be made, why not in words, and from when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from anmi.core.contact_rules.facts import (
    LIABLE,
    Attempt,
    Channel,
    Facts,
    Purpose,
    Relation,
)
from anmi.core.contact_rules.gate import decide, explain
from anmi.core.contact_rules.rule_pack import RulePack, Sentence
from anmi.core.contact_rules.rule_words import RULE_WORDS
from anmi.core.contact_rules.verdicts import Allowed, Reason, Refused, Standing
from anmi.core.number_state import NumberState
from anmi.workbench.contact_gate.gathering import Contactable, Gathered

BY_PHONE: Final = (Channel.VOICE_INTERACTIVE, Channel.VOICE_INFORM, Channel.SMS)
BY_ADDRESS: Final = (Channel.LETTER, Channel.VISIT)
VISITORS: Final = 2
"""How many the desk takes it that a visit would be made by."""


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """One rule's word on one contact."""

    rule_id: str
    zh: str
    en: str
    source: str
    standing: Standing
    reason: Reason | None
    reason_zh: str | None
    reason_en: str | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class ChannelGate:
    """Whether a number or address may be used in one way now; if not, the rule that stands longest, and until when."""

    channel: Channel
    purpose: Purpose
    allowed: bool
    rule_id: str | None
    reason: Reason | None
    reason_zh: str | None
    reason_en: str | None
    until: datetime | None
    verdicts: tuple[RuleVerdict, ...]


@dataclass(frozen=True, slots=True)
class PointGate:
    """A number or an address, and what may be done with it."""

    phone_id: UUID | None
    address_id: UUID | None
    relation: Relation
    state: NumberState
    channels: tuple[ChannelGate, ...]


@dataclass(frozen=True, slots=True)
class CaseGate:
    """What the gate would answer for everything under which a case's debtor may be reached."""

    case_id: UUID
    at: datetime
    pack_version: str
    points: tuple[PointGate, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to one attempt, as it was written down."""

    id: UUID
    case_id: UUID
    phone_id: UUID | None
    address_id: UUID | None
    channel: Channel
    purpose: Purpose
    at: datetime
    allowed: bool
    rule_id: str | None
    rule_ids: tuple[str, ...]
    reason: Reason | None
    reason_zh: str | None
    reason_en: str | None
    until: datetime | None
    pack_version: str


def default_purpose(relation: Relation) -> Purpose:
    """Return what a contact is for when nobody says: who owes nothing is only asked where the debtor is."""
    return Purpose.COLLECT if relation in LIABLE else Purpose.LOCATE


def channels_of(contactable: Contactable) -> tuple[Channel, ...]:
    """Return the ways in which a number or an address can be used."""
    return BY_PHONE if contactable.phone_id else BY_ADDRESS


def channel_gate(gathered: Gathered, attempt: Attempt) -> ChannelGate:
    """Say what the gate would answer, rule by rule."""
    pack = gathered.pack
    answer = decide(pack, attempt, gathered.facts)
    sentence = sentence_of(pack, answer)
    return ChannelGate(
        attempt.channel,
        attempt.purpose,
        isinstance(answer, Allowed),
        rule_id=answer.rule_id if isinstance(answer, Refused) else None,
        reason=answer.reason if isinstance(answer, Refused) else None,
        reason_zh=sentence.zh if sentence else None,
        reason_en=sentence.en if sentence else None,
        until=answer.until if isinstance(answer, Refused) else None,
        verdicts=_verdicts(pack, attempt, gathered.facts),
    )


def sentence_of(pack: RulePack, answer: Allowed | Refused) -> Sentence | None:
    """Return a refusal in words."""
    return pack.sentences[answer.reason] if isinstance(answer, Refused) else None


def decision_of(
    attempt_id: UUID, gathered: Gathered, contactable: Contactable, attempt: Attempt, answer: Allowed | Refused
) -> Decision:
    """Return the gate's answer to an attempt, with its reason in words."""
    refused = answer if isinstance(answer, Refused) else None
    sentence = sentence_of(gathered.pack, answer)
    return Decision(
        id=attempt_id,
        case_id=gathered.case_id,
        phone_id=contactable.phone_id,
        address_id=contactable.address_id,
        channel=attempt.channel,
        purpose=attempt.purpose,
        at=attempt.at,
        allowed=refused is None,
        rule_id=refused.rule_id if refused else None,
        rule_ids=refused.rule_ids if refused else (),
        reason=refused.reason if refused else None,
        reason_zh=sentence.zh if sentence else None,
        reason_en=sentence.en if sentence else None,
        until=refused.until if refused else None,
        pack_version=gathered.pack.version,
    )


def _verdicts(pack: RulePack, attempt: Attempt, facts: Facts) -> tuple[RuleVerdict, ...]:
    verdicts: list[RuleVerdict] = []
    for verdict in explain(pack, attempt, facts):
        sentence = pack.sentences[verdict.reason] if verdict.reason else None
        words = RULE_WORDS[verdict.rule_id]
        verdicts.append(
            RuleVerdict(
                verdict.rule_id,
                words.zh,
                words.en,
                verdict.source,
                verdict.standing,
                verdict.reason,
                sentence.zh if sentence else None,
                sentence.en if sentence else None,
                verdict.until,
            )
        )
    return tuple(verdicts)
