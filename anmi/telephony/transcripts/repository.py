"""Every SQL statement about transcripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.kit.paging import Ask, Sorting
from anmi.telephony.calls.models import Call
from anmi.telephony.recordings.models import Recording, RecordingState
from anmi.telephony.transcripts.models import CallTranscript, CallUtterance, TranscriptState

SORTING: Final = Sorting({"asked_at": (Call.asked_at, datetime.fromisoformat)}, default="-asked_at", tie=Call.id)


@dataclass(frozen=True, slots=True)
class TranscriptRow:
    """A transcript and its call."""

    transcript: CallTranscript
    call: Call


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits for the recogniser."""

    waiting: int
    oldest_at: datetime | None
    milliseconds: int


async def one(session: AsyncSession, *conditions: ColumnElement[bool]) -> TranscriptRow | None:
    """Return one transcript."""
    query = select(CallTranscript, Call).join(Call, Call.id == CallTranscript.call_id).where(*conditions)
    row = (await session.execute(query)).one_or_none()
    return TranscriptRow(*row) if row else None


async def locked(session: AsyncSession, call_id: UUID) -> CallTranscript | None:
    """Return the transcript of a call, held until the transaction ends."""
    query = select(CallTranscript).where(CallTranscript.call_id == call_id).with_for_update()
    return (await session.scalars(query)).one_or_none()


async def recording(session: AsyncSession, recording_id: UUID) -> Recording | None:
    """Return a recording whose sound is still there."""
    query = select(Recording).where(Recording.id == recording_id, Recording.state != RecordingState.DELETED)
    return (await session.scalars(query)).one_or_none()


async def utterances(session: AsyncSession, call_id: UUID) -> Sequence[CallUtterance]:
    """Return what was said on a call, in order."""
    query = select(CallUtterance).where(CallUtterance.call_id == call_id).order_by(CallUtterance.number)
    return (await session.scalars(query)).all()


async def write(session: AsyncSession, call_id: UUID, rows: Sequence[dict[str, object]]) -> None:
    """Put what was said in the place of what stood there."""
    await forget(session, call_id)
    if rows:
        await session.execute(insert(CallUtterance), list(rows))


async def forget(session: AsyncSession, call_id: UUID) -> None:
    """Delete what was said on a call."""
    await session.execute(delete(CallUtterance).where(CallUtterance.call_id == call_id))


async def search(
    session: AsyncSession, ask: Ask, said: ColumnElement[bool], *conditions: ColumnElement[bool]
) -> tuple[Sequence[Call], str | None]:
    """Return a page of the calls on which something was said, the latest first, and the cursor of the next."""
    there = exists().where(CallUtterance.call_id == Call.id, said)
    query = SORTING.apply(select(Call).where(there, *conditions), ask)
    return SORTING.split((await session.scalars(query)).all(), ask)


async def lines_with(
    session: AsyncSession, call_ids: Sequence[UUID], said: ColumnElement[bool]
) -> Sequence[CallUtterance]:
    """Return the utterances of some calls in which something was said."""
    query = select(CallUtterance).where(CallUtterance.call_id.in_(call_ids), said)
    return (await session.scalars(query.order_by(CallUtterance.call_id, CallUtterance.number))).all()


async def backlog(session: AsyncSession) -> Backlog:
    """Say what waits for the recogniser."""
    query = select(
        func.count(), func.min(CallTranscript.asked_at), func.coalesce(func.sum(Recording.milliseconds), 0)
    ).where(CallTranscript.state == TranscriptState.WAITING, Recording.id == CallTranscript.recording_id)
    waiting, oldest_at, milliseconds = (await session.execute(query)).one()
    return Backlog(waiting, oldest_at, int(milliseconds))


async def without_text(session: AsyncSession, limit: int) -> Sequence[UUID]:
    """Return the calls whose transcript was asked for while there was no recogniser."""
    query = select(CallTranscript.call_id).where(CallTranscript.state == TranscriptState.OFF)
    return (await session.scalars(query.order_by(CallTranscript.asked_at).limit(limit))).all()
