"""Calls of the workbench as HTTP sees them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from anmi.core.call_views import CallPhase, Direction
from anmi.core.contact_rules.facts import Purpose
from anmi.core.contact_rules.verdicts import Reason
from anmi.kit.fields import Asked


class CallToPlace(Asked):
    """One click: this number of this case."""

    case_id: UUID
    phone_id: UUID
    purpose: Purpose | None = None


class CallPlaced(BaseModel):
    """The gate's answer, and the call where it allows one."""

    allowed: bool
    attempt_id: UUID
    call_id: UUID | None
    rule_id: str | None
    reason: Reason | None
    reason_zh: str | None
    reason_en: str | None
    until: datetime | None


class CurrentCall(BaseModel):
    """The call a page shows after a reload, and the case it is about."""

    call_id: UUID
    case_id: UUID | None
    phone_id: UUID | None
    attempt_id: UUID | None
    direction: Direction
    phase: CallPhase
    number_masked: str
    asked_at: datetime
    connected_at: datetime | None
    ended_at: datetime | None
