"""Recordings as HTTP sees them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self
from uuid import UUID

from anmi.kit.fields import Asked, Reason, Seen
from anmi.telephony.recordings.repository import RecordingRow
from anmi.telephony.recordings.service import RecordingState


class Why(Asked):
    """A reason; an auditor will read it."""

    reason: Reason


class HoldSeen(Seen):
    """Why a recording is kept whatever the date."""

    reason: str
    placed_at: datetime
    placed_by: UUID | None


class Waveform(Seen):
    """The peaks of both tracks in 1,000 equal stretches, from 0 to 255."""

    left: list[int]
    right: list[int]


class RecordingFacts(Seen):
    """What is written of a recording."""

    id: UUID
    call_id: UUID
    state: RecordingState
    began_at: datetime
    milliseconds: int
    rate: int
    bytes: int
    sha256: str
    kept_at: datetime | None
    keep_until: date
    deleted_at: datetime | None


class RecordingSeen(RecordingFacts):
    """A recording with its waveform."""

    hold: HoldSeen | None
    waveform: Waveform

    @classmethod
    def of(cls, row: RecordingRow) -> Self:
        """Say a row as HTTP does."""
        peaks = row.recording.peaks
        return cls(
            **RecordingFacts.model_validate(row.recording).model_dump(),
            hold=HoldSeen.model_validate(row.hold) if row.hold else None,
            waveform=Waveform(left=list(peaks[0::2]), right=list(peaks[1::2])),
        )


class HandedSeen(Seen):
    """A signed address, and until when it opens anything."""

    url: str
    expires_at: datetime
