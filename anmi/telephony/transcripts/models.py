"""Transcripts and their utterances."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base, Identified, OfTenant

TEXT = "utterances.text"


class TranscriptState(StrEnum):
    """How far a transcript has come."""

    WAITING = "waiting"
    WRITTEN = "written"
    FAILED = "failed"
    OFF = "off"
    """There was no recogniser; it is asked for again when there is one."""


class CallTranscript(Base, Identified, OfTenant):
    """The transcript of one call; it is kept and deleted with the call's recording."""

    __tablename__ = "transcripts"
    __table_args__ = (Index("ix_transcripts_waiting", "state", "priority", "asked_at"),)

    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id"), unique=True)
    recording_id: Mapped[UUID] = mapped_column(ForeignKey("recordings.id"))
    state: Mapped[TranscriptState] = mapped_column(default=TranscriptState.WAITING)
    priority: Mapped[int] = mapped_column(default=0)
    """The higher goes first."""
    asked_at: Mapped[datetime]
    written_at: Mapped[datetime | None]
    model: Mapped[str | None]
    milliseconds: Mapped[int] = mapped_column(default=0)
    """How long the recording is."""
    is_damaged: Mapped[bool] = mapped_column(default=False)
    missed: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    """Where somebody spoke and there is no text: `core.ports.speech.Missed`."""
    failure: Mapped[str | None]
    """Why there is no text, as a code."""


class CallUtterance(Base, Identified, OfTenant):
    """What one side said between two pauses."""

    __tablename__ = "utterances"
    __table_args__ = (
        UniqueConstraint("call_id", "number"),
        Index("ix_utterances_text", "text", postgresql_using="gin", postgresql_ops={"text": "gin_trgm_ops"}),
        Index("ix_utterances_sounds", "sounds", postgresql_using="gin", postgresql_ops={"sounds": "gin_trgm_ops"}),
    )

    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id"))
    number: Mapped[int]
    """In the order of time over both tracks."""
    channel: Mapped[int]
    """0 the debtor's side, 1 what the debtor heard."""
    began_ms: Mapped[int]
    ended_ms: Mapped[int]
    text: Mapped[str]
    """With long strings of digits masked: everybody who may read transcripts may read this."""
    text_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info={"sealed": TEXT})
    """The whole text, where something is masked in the other."""
    sounds: Mapped[str]
    """Toneless pinyin, a space between syllables."""
    confidence: Mapped[int | None]
    """Per cent; none where the recogniser does not say."""
