"""Agents and how long they were in each state."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from anmi.core.agent_life import AgentState, NotReadyReason
from anmi.kit.db import Base, Identified, OfTenant, Versioned

NUMBER = "agents.number"


class PhoneKind(StrEnum):
    """What an agent speaks into."""

    BROWSER = "browser"
    SIP = "sip"
    MOBILE = "mobile"


class Agent(Base, Identified, OfTenant, Versioned):
    """Somebody at work on the phone floor. She is an agent for as long as she has an extension."""

    __tablename__ = "agents"
    __table_args__ = (UniqueConstraint("tenant_id", "extension"), UniqueConstraint("tenant_id", "person_id"))

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("org_units.id"), index=True)
    extension: Mapped[str | None]
    phone_kind: Mapped[PhoneKind] = mapped_column(default=PhoneKind.BROWSER)
    phone: Mapped[str] = mapped_column(unique=True)
    """The name her phone registers under, one in the whole installation."""
    number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info={"sealed": NUMBER})
    """Her mobile, when calls reach her there."""
    engine_id: Mapped[UUID | None] = mapped_column(ForeignKey("engines.id"))
    """Whose switch her phone is at."""
    session_id: Mapped[UUID | None]
    """The log-in that holds her phone: a second one takes it over."""
    is_there: Mapped[bool] = mapped_column(default=False)
    """Her phone is registered and can be rung."""
    state: Mapped[AgentState] = mapped_column(default=AgentState.OFFLINE)
    reason: Mapped[NotReadyReason | None]
    since: Mapped[datetime]
    call_id: Mapped[UUID | None]
    """The call she is reserved for, on, or has just ended."""
    wrap_up_until: Mapped[datetime | None]


class AgentSpan(Base, Identified, OfTenant):
    """A stretch of time an agent spent in one state; the open one has no end."""

    __tablename__ = "agent_spans"
    __table_args__ = (
        Index("ix_agent_spans_agent", "agent_id", "began_at"),
        # Every call ends the open one three times, among all that she ever had.
        Index("ix_agent_spans_open", "agent_id", postgresql_where="ended_at IS NULL"),
    )

    agent_id: Mapped[UUID] = mapped_column(ForeignKey("agents.id"))
    state: Mapped[AgentState]
    reason: Mapped[NotReadyReason | None]
    call_id: Mapped[UUID | None]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
