"""Calls and their journal."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from anmi.core.call_legs import Ending
from anmi.core.call_views import CallPhase, Direction
from anmi.core.number_state import NumberState
from anmi.kit.db import Base, Identified, OfTenant

__all__ = ["NUMBER", "Call", "CallJournalLine", "CallPhase", "Direction"]

NUMBER = "calls.number"


class Call(Base, Identified, OfTenant):
    """One call. What it is about only the workbench knows: `subject_kind` and `subject_id` are opaque here."""

    __tablename__ = "calls"
    __table_args__ = (
        Index("ix_calls_asked", "tenant_id", "asked_at"),
        Index("ix_calls_agent", "agent_id", "asked_at"),
        Index("ix_calls_subject", "subject_id", "asked_at"),
        Index("ix_calls_live", "engine_id", postgresql_where="ended_at IS NULL"),
        Index("ix_calls_caller_id", "caller_id_id", "asked_at"),
        Index("ix_calls_number", "tenant_id", "number_index", "asked_at"),
    )

    direction: Mapped[Direction]
    phase: Mapped[CallPhase] = mapped_column(default=CallPhase.ASKED)
    engine_id: Mapped[UUID] = mapped_column(ForeignKey("engines.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("org_units.id"))
    """Whose call it is, for the reach of those who look at it: the agent's unit when it was asked."""
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("agents.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))

    subject_kind: Mapped[str | None]
    subject_id: Mapped[UUID | None]
    point_id: Mapped[UUID | None]
    """Opaque: under which of the subject's numbers the party is called."""
    permit_id: Mapped[UUID | None]
    """Opaque: the permission this call stands on."""

    number_masked: Mapped[str]
    number_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    trunk_id: Mapped[UUID | None] = mapped_column(ForeignKey("trunks.id"))
    caller_id_id: Mapped[UUID | None] = mapped_column(ForeignKey("caller_ids.id"))

    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID | None]
    agent_up_at: Mapped[datetime | None]
    dialled_at: Mapped[datetime | None]
    ringing_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    """The debtor's side answered, or, of an arriving call, we did."""
    connected_at: Mapped[datetime | None]
    """Agent and debtor hear one another."""
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    """A role of `core.call_legs`, `rule`, `switch`, `engine`."""
    ending: Mapped[Ending | None]
    """Why the debtor's leg ended, or never came to be."""
    refused_rule: Mapped[str | None]
    refused_reason: Mapped[str | None]
    number_state: Mapped[NumberState | None]
    """What the call has told of the number."""
    evidence: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """What the ending was read from: `core.call_legs.Evidence`."""
    held_seconds: Mapped[int] = mapped_column(default=0)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    """Transfers, monitors, guests: counts and ids."""


class CallJournalLine(Base, OfTenant):
    """One event of a call, as it was told to `core.call_life`, in order. Lines are only ever added."""

    __tablename__ = "call_events"

    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    event: Mapped[dict[str, Any]] = mapped_column(JSONB)
