"""What happens at the contact gate, as other rooms hear it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anmi.core.contact_rules.facts import Channel, Outcome
from anmi.kit.events import Event


@dataclass(frozen=True, slots=True)
class ContactEnded(Event):
    """An attempt that was allowed has come to its end."""

    attempt_id: UUID
    case_id: UUID
    phone_id: UUID | None
    channel: Channel
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class ContactRuleMade(Event):
    """A contact rule is stricter than it was."""

    row_id: UUID
    creditor_id: UUID | None


@dataclass(frozen=True, slots=True)
class ContactRuleEnded(Event):
    """A stricter contact rule holds no longer."""

    row_id: UUID
    creditor_id: UUID | None
