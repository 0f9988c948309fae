"""Recordings, the holds upon them, and the addresses they are fetched under."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, text
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
    """The last day of the longest duty that is known so far."""
    deleted_at: Mapped[datetime | None]


class RecordingHold(Base, Identified, OfTenant):
    """While a hold stands its recording is not deleted, whatever the date."""

    __tablename__ = "recording_holds"
    __table_args__ = (
        Index("uq_recording_holds_standing", "recording_id", unique=True, postgresql_where=text("lifted_at IS NULL")),
    )

    recording_id: Mapped[UUID] = mapped_column(ForeignKey("recordings.id"), index=True)
    reason: Mapped[str]
    placed_at: Mapped[datetime]
    placed_by: Mapped[UUID | None]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[UUID | None]


class RecordingUse(StrEnum):
    """What an address is good for."""

    PLAY = "play"
    DOWNLOAD = "download"


class RecordingAddress(Base, Identified, OfTenant):
    """An address handed to one person, for one recording, for one use, for a while."""

    __tablename__ = "recording_addresses"

    recording_id: Mapped[UUID] = mapped_column(ForeignKey("recordings.id"), index=True)
    person_id: Mapped[UUID]
    use: Mapped[RecordingUse]
    reason: Mapped[str | None]
    """Why it is to leave the house; who only listens needs none."""
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    """When it was first used; the log has that once."""
