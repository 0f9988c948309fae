"""Calls as HTTP sees them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from anmi.core.call_events import Monitoring
from anmi.core.call_legs import Ending
from anmi.core.call_views import CallPhase, Direction
from anmi.core.number_state import NumberState
from anmi.kit.fields import Asked, Reason, Seen


class GuestSeen(Seen):
    """Who was asked into a talk: rung still, or there."""

    agent_id: UUID
    name: str
    extension: str | None
    is_there: bool


class CallSeen(Seen):
    """A call, its number masked."""

    id: UUID
    direction: Direction
    phase: CallPhase
    unit_id: UUID | None
    agent_id: UUID | None
    person_id: UUID | None
    subject_kind: str | None
    subject_id: UUID | None
    point_id: UUID | None
    number_masked: str
    asked_at: datetime
    ringing_at: datetime | None
    answered_at: datetime | None
    connected_at: datetime | None
    ended_at: datetime | None
    ended_by: str | None
    ending: Ending | None
    number_state: NumberState | None
    refused_rule: str | None
    refused_reason: str | None
    facts: dict[str, Any]
    guest: GuestSeen | None = None


class KeysToPress(Asked):
    """Keys to be pressed towards the debtor."""

    keys: Annotated[str, Field(pattern=r"^[0-9*#]{1,32}$")]


class TransferToMake(Asked):
    """Where a call is to go, and whether after a word."""

    to_agent_id: UUID
    is_attended: bool = False


class MonitoringAsked(Asked):
    """How a supervisor takes part."""

    mode: Monitoring = Monitoring.LISTEN


class ReleaseAsked(Asked):
    """Why a call is ended by force."""

    reason: Reason
