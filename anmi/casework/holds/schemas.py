"""Holds and special flags as HTTP sees them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from anmi.core.contact_rules.facts import Effect, HoldReason
from anmi.core.special_groups import SpecialGroup
from anmi.kit.fields import Asked, Reason, Seen


class HoldToPlace(Asked):
    """A hold; without an effect it has the one the rule pack asks for its reason."""

    reason: HoldReason
    effect: Effect | None = None
    until: date | None = None
    note: Reason


class HoldSeen(Seen):
    """A hold."""

    id: UUID
    case_id: UUID
    reason: HoldReason
    effect: Effect
    note: str
    until: date | None
    placed_at: datetime
    placed_by: UUID | None
    lifted_at: datetime | None
    lift_note: str | None


class Lifting(Asked):
    """Why a hold ends."""

    note: Reason


class FlagToSet(Asked):
    """A special group somebody belongs to, and how we know."""

    flag: SpecialGroup
    note: Reason


class FlagReview(Asked):
    """Until when a supervisor has looked at a flag."""

    until: date


class FlagSeen(Seen):
    """A special group a debtor belongs to."""

    id: UUID
    debtor_id: UUID
    flag: SpecialGroup
    note: str
    flagged_at: datetime
    reviewed_until: date | None


class SpecialGroupSeen(BaseModel):
    """A special group and its words."""

    code: SpecialGroup
    zh: str
    en: str
