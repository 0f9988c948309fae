"""Every SQL statement about recordings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import class_row
from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.telephony.calls.models import Call
from anmi.telephony.recordings.models import Recording, RecordingAddress, RecordingHold, RecordingState

# Every call is asked for and its recording written, so both go straight to psycopg.
_BEGUN: Final = """
SELECT coalesce((SELECT e.at FROM call_events e
                  WHERE e.call_id = c.id AND e.event ->> 'kind' = 'RecordingBegan' ORDER BY e.number LIMIT 1),
                c.answered_at, c.asked_at) AS at,
       (SELECT r.id FROM recordings r WHERE r.call_id = c.id) AS recording_id
  FROM calls c WHERE c.id = %(call_id)s
"""
_WRITE: Final = """
INSERT INTO recordings (id, tenant_id, call_id, state, began_at, milliseconds, rate, bytes, sha256, place, peaks,
                        keep_until)
VALUES (%(id)s, %(tenant_id)s, %(call_id)s, %(state)s, %(began_at)s, %(milliseconds)s, %(rate)s, %(bytes)s, %(sha256)s,
        %(place)s, %(peaks)s, %(keep_until)s)
    ON CONFLICT (call_id) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Begun:
    """When the switch began to keep a call, as its journal says, and the recording if that is taken in."""

    at: datetime
    recording_id: UUID | None


@dataclass(frozen=True, slots=True)
class RecordingRow:
    """A recording, its call, and the hold that stands upon it."""

    recording: Recording
    call: Call
    hold: RecordingHold | None


def _rows() -> Any:
    standing = (RecordingHold.recording_id == Recording.id) & RecordingHold.lifted_at.is_(None)
    return (
        select(Recording, Call, RecordingHold)
        .join(Call, Call.id == Recording.call_id)
        .outerjoin(RecordingHold, standing)
    )


async def one(session: AsyncSession, *conditions: ColumnElement[bool]) -> RecordingRow | None:
    """Return one recording."""
    row = (await session.execute(_rows().where(*conditions))).one_or_none()
    return RecordingRow(*row) if row else None


async def of_calls(session: AsyncSession, call_ids: Sequence[UUID]) -> Mapping[UUID, Recording]:
    """Return the recordings of calls, by call."""
    found = await session.scalars(select(Recording).where(Recording.call_id.in_(call_ids)))
    return {recording.call_id: recording for recording in found}


async def call(session: AsyncSession, call_id: UUID) -> Call | None:
    """Return a call."""
    return await session.get(Call, call_id)


async def begun(driver: AsyncConnection[Any], call_id: UUID) -> Begun | None:
    """Return when the recording of a call began, and whether it is taken in already."""
    cursor = AsyncCursor(driver, row_factory=class_row(Begun))
    return await (await cursor.execute(_BEGUN, {"call_id": call_id})).fetchone()


async def write(driver: AsyncConnection[Any], **recording: Any) -> bool:
    """Write a recording down; say whether it is the first of its call."""
    return (await driver.execute(_WRITE, recording)).rowcount == 1


async def locked(session: AsyncSession, recording_id: UUID) -> Recording | None:
    """Return a recording, held until the transaction ends."""
    return (
        await session.scalars(select(Recording).where(Recording.id == recording_id).with_for_update())
    ).one_or_none()


async def waiting(session: AsyncSession, before: datetime) -> Sequence[UUID]:
    """Return what has not reached its storage and began before an instant, the oldest first."""
    query = select(Recording.id).where(Recording.state == RecordingState.WAITING, Recording.began_at < before)
    return (await session.scalars(query.order_by(Recording.id))).all()


async def kept_places(session: AsyncSession, places: Sequence[str]) -> Sequence[str]:
    """Return which of these places are kept in the storage, or deleted: their copies on disk are of no use."""
    gone = Recording.state != RecordingState.WAITING
    return (await session.scalars(select(Recording.place).where(Recording.place.in_(places), gone))).all()


async def due(session: AsyncSession, today: date, after: UUID | None, limit: int) -> Sequence[UUID]:
    """Return recordings whose days are over and which nobody holds, in order of their ids."""
    held = exists().where(RecordingHold.recording_id == Recording.id, RecordingHold.lifted_at.is_(None))
    query = select(Recording.id).where(Recording.state != RecordingState.DELETED, Recording.keep_until < today, ~held)
    if after is not None:
        query = query.where(Recording.id > after)
    return (await session.scalars(query.order_by(Recording.id).limit(limit))).all()


async def address(session: AsyncSession, address_id: UUID, recording_id: UUID) -> RecordingAddress | None:
    """Return an address of a recording."""
    return (
        await session.scalars(
            select(RecordingAddress).where(
                RecordingAddress.id == address_id, RecordingAddress.recording_id == recording_id
            )
        )
    ).one_or_none()


async def first_use(session: AsyncSession, address_id: UUID, now: datetime) -> bool:
    """Write down that an address is used; say whether this was the first time."""
    used = await session.execute(
        update(RecordingAddress)
        .where(RecordingAddress.id == address_id, RecordingAddress.used_at.is_(None))
        .values(used_at=now)
        .returning(RecordingAddress.id)
    )
    return used.one_or_none() is not None


async def forget_addresses(session: AsyncSession, before: datetime) -> None:
    """Forget the addresses that expired before an instant."""
    await session.execute(delete(RecordingAddress).where(RecordingAddress.expires_at < before))
