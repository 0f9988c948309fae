"""Recordings."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base, Identified, OfTenant


class RecordingState(StrEnum):
    """Where the sound is."""

    WAITING = "waiting"
    """Sealed on this machine's disk; it has not reached its storage yet."""
    KEPT = "kept"
    DELETED = "deleted"
    """Its time was over; the row and its hash stay."""


class Recording(Base, Identified, OfTenant):
    """The sound of one call: two tracks side by side, left the debtor, right what the debtor heard."""

    __tablename__ = "recordings"
    __table_args__ = (Index("ix_recordings_due", "state", "keep_until"),)

    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id"), unique=True)
    state: Mapped[RecordingState] = mapped_column(default=RecordingState.WAITING)
    began_at: Mapped[datetime]
    milliseconds: Mapped[int]
    rate: Mapped[int]
    bytes: Mapped[int] = mapped_column(BigInteger)
    """Length of the WAV file as it is played, header included."""
    sha256: Mapped[str]
    """Of that WAV file; it stands in the audit log too."""
    place: Mapped[str]
    """Key of the sealed object in the storage."""
    peaks: Mapped[bytes] = mapped_column(LargeBinary)
    """The waveform: for each of 1,000 equal stretches the peak of the left and of the right track, one byte each."""
    kept_at: Mapped[datetime | None]
    keep_until: Mapped[date]
    """The longest duty wins."""
    is_on_hold: Mapped[bool] = mapped_column(default=False)
    """A dispute or a complaint: not deleted whatever the date."""
    deleted_at: Mapped[datetime | None]
