"""What happens to holds."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anmi.core.contact_rules.facts import HoldReason
from anmi.kit.events import Event


@dataclass(frozen=True, slots=True)
class HoldPlaced(Event):
    """Collection of a case is suspended or narrowed."""

    hold_id: UUID
    case_id: UUID
    reason: HoldReason


@dataclass(frozen=True, slots=True)
class HoldLifted(Event):
    """A hold has ended."""

    hold_id: UUID
    case_id: UUID
    reason: HoldReason


@dataclass(frozen=True, slots=True)
class SpecialFlagSet(Event):
    """A debtor belongs to a special group."""

    flag_id: UUID
    debtor_id: UUID
    flag: str
