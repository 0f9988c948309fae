"""Live text, what stands of each watched call, who watches, and how an agency wants to be watched."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from anmi.core.live_watch_views import Side
from anmi.kit.db import Base, Identified, OfTenant, Versioned

LIVE_TEXT = "live_lines.text"


class HearingState(StrEnum):
    """How well a live call is being heard."""

    HEARD = "heard"
    OVERLOADED = "overloaded"
    """More is said than can be recognised in time: text is missing or comes late."""
    LOST = "lost"
    """The recogniser went away."""


class LiveLine(Base, Identified, OfTenant):
    """One utterance of a live call; it gives way to the transcript of the recording."""

    __tablename__ = "live_lines"
    __table_args__ = (UniqueConstraint("call_id", "number"),)

    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id"))
    number: Mapped[int]
    """In the order the lines were heard."""
    side: Mapped[Side]
    began_ms: Mapped[int]
    ended_ms: Mapped[int]
    text: Mapped[str]
    """With long strings of digits masked."""
    text_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info={"sealed": LIVE_TEXT})
    """The whole text, where something is masked in the other."""


class WatchedCall(Base, Identified, OfTenant):
    """What stands of a call that is, or was, watched."""

    __tablename__ = "watched_calls"

    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id"), unique=True)
    state: Mapped[HearingState] = mapped_column(default=HearingState.HEARD)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    so_far: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    """By side, the utterance that is still being said, masked."""
    checklist: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    signals: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)


class Watcher(Base, Identified):
    """A process that watches live calls. It serves every agency of the installation, so it belongs to none."""

    __tablename__ = "watchers"

    name: Mapped[str] = mapped_column(unique=True)
    model: Mapped[str | None]
    """What recognises speech; none: nothing does."""
    seen_at: Mapped[datetime]
    calls: Mapped[int] = mapped_column(default=0)


class WatchPolicyRow(Base, Identified, OfTenant, Versioned):
    """One per agency at the most; without it the defaults of `anmi.core.live_watch_policy` hold."""

    __tablename__ = "watch_policies"
    __table_args__ = (UniqueConstraint("tenant_id"),)

    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
