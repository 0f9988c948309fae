"""The gate as HTTP sees it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, model_validator

from anmi.core.contact_rules.facts import Channel, Outcome, Purpose, Relation
from anmi.core.contact_rules.rule_pack import Layer, Severity
from anmi.core.contact_rules.verdicts import Reason, Standing
from anmi.core.number_state import NumberState
from anmi.kit.fields import Asked, Line, Seen
from anmi.workbench.contact_gate.rules import RuleAsked
from anmi.workbench.contact_gate.service import ContactAsked


class RuleVerdictSeen(Seen):
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


class ChannelGateSeen(Seen):
    """Whether a contact may be made now; if not, why, and from when (none: time alone does not open the gate)."""

    channel: Channel
    purpose: Purpose
    allowed: bool
    rule_id: str | None
    reason: Reason | None
    reason_zh: str | None
    reason_en: str | None
    until: datetime | None
    verdicts: list[RuleVerdictSeen]


class PointGateSeen(Seen):
    """A number or an address, and what may be done with it."""

    phone_id: UUID | None
    address_id: UUID | None
    relation: Relation
    state: NumberState
    channels: list[ChannelGateSeen]


class CaseGateSeen(Seen):
    """What the gate would answer for everything under which a debtor may be reached."""

    case_id: UUID
    at: datetime
    pack_version: str
    points: list[PointGateSeen]


class ContactToMake(Asked):
    """A contact somebody wants to make, to a number or to an address."""

    case_id: UUID
    phone_id: UUID | None = None
    address_id: UUID | None = None
    channel: Channel
    purpose: Purpose
    visitors: Annotated[int, Field(ge=0, le=10)] = 0

    @model_validator(mode="after")
    def _one_point(self) -> ContactToMake:
        if (self.phone_id is None) == (self.address_id is None):
            raise ValueError("phone_id or address_id is expected, and not both")
        return self

    def asked(self) -> ContactAsked:
        """Return it in the service's words."""
        return ContactAsked(
            self.case_id, self.channel, self.purpose, self.phone_id, self.address_id, visitors=self.visitors
        )


class DecisionSeen(Seen):
    """The gate's answer, as it was kept."""

    id: UUID
    case_id: UUID
    phone_id: UUID | None
    address_id: UUID | None
    channel: Channel
    purpose: Purpose
    at: datetime
    allowed: bool
    rule_id: str | None
    rule_ids: list[str]
    reason: Reason | None
    reason_zh: str | None
    reason_en: str | None
    until: datetime | None
    pack_version: str


class ContactOutcome(Asked):
    """What became of a contact, and perhaps what it told of the number."""

    outcome: Literal[Outcome.EFFECTIVE, Outcome.ANSWERED, Outcome.ABANDONED, Outcome.UNANSWERED]
    number_state: NumberState | None = None


class RuleSeen(Seen):
    """A row of the pack; `id` is of the agency's own rows, which can be ended."""

    id: UUID | None
    rule_id: str
    zh: str
    en: str
    value: Any
    source: str
    scope: list[Channel]
    severity: Severity
    layer: Layer
    creditor_id: UUID | None
    creditor_name: str | None
    effective_from: date
    effective_to: date | None
    made_at: datetime | None
    made_by: UUID | None


class RulesSeen(Seen):
    """The rules in force for an agency."""

    version: str
    rows: list[RuleSeen]


class RuleToTighten(Asked):
    """A stricter row for a rule, of the agency or of one of its creditors."""

    rule_id: Line
    value: bool | dict[Line, Any] | list[Any]
    source: Line
    effective_from: date | None = None
    effective_to: date | None = None
    scope: Annotated[list[Channel], Field(min_length=1)] | None = None
    creditor_id: UUID | None = None

    def asked(self) -> RuleAsked:
        """Return it in the service's words."""
        return RuleAsked(
            self.rule_id,
            self.value,
            self.source,
            self.effective_from,
            self.effective_to,
            frozenset(self.scope) if self.scope else None,
            self.creditor_id,
        )
