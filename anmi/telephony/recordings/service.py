"""Recordings (录音): looked at, heard, handed out and held, each on the record.

Sound leaves the house under signed addresses only: made for one person, one recording and one use, for a while.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement

from anmi.core.audit_actions import AuditAction
from anmi.core.masking import mask_digits
from anmi.core.permissions import FieldRight, Permission
from anmi.core.sound import FRAME, WAV_HEADER, Listening, Track
from anmi.kit import signed_addresses
from anmi.kit.constraints import refused_as
from anmi.kit.errors import Conflict, FieldRightMissing, NotFound
from anmi.kit.ids import new_id
from anmi.kit.reaching import in_reach
from anmi.kit.signed_addresses import AddressInvalid
from anmi.kit.unit_of_work import UnitOfWork
from anmi.telephony.calls.models import Call
from anmi.telephony.recordings import repository
from anmi.telephony.recordings.claims import Claims, NoClaims
from anmi.telephony.recordings.keeping import Keeping
from anmi.telephony.recordings.models import (
    Recording,
    RecordingAddress,
    RecordingHold,
    RecordingState,
    RecordingUse,
)
from anmi.telephony.recordings.repository import RecordingRow
from anmi.telephony.recordings.vault import Vault

__all__ = ["Claims", "Keeping", "NoClaims", "RecordingState", "RecordingUse", "Recordings", "Vault", "listening"]

LIFETIMES: Final = {RecordingUse.PLAY: timedelta(hours=1), RecordingUse.DOWNLOAD: timedelta(minutes=10)}
"""A long call is heard to its end, with pauses; a download begins at once."""

_RIGHTS: Final = {
    RecordingUse.PLAY: FieldRight.RECORDING_PLAY,
    RecordingUse.DOWNLOAD: FieldRight.RECORDING_DOWNLOAD,
}
_TOLD_AS: Final = {
    RecordingUse.PLAY: AuditAction.RECORDING_PLAYED,
    RecordingUse.DOWNLOAD: AuditAction.RECORDING_DOWNLOADED,
}


class RecordingGone(Conflict):
    """The time of the recording was over."""

    code = "RECORDING_GONE"
    zh, en = "录音已超过保存期限并删除", "The time of this recording was over; it has been deleted"


class RecordingHeld(Conflict):
    """The recording is on hold already."""

    code = "RECORDING_HELD"
    zh, en = "该录音已被冻结", "This recording is on hold already"


class RecordingNotHeld(Conflict):
    """There is no hold to lift."""

    code = "RECORDING_NOT_HELD"
    zh, en = "该录音未被冻结", "This recording is not on hold"


@dataclass(frozen=True, slots=True)
class Handed:
    """An address, and until when it opens anything."""

    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class AddressShown:
    """What a listener's address says of itself."""

    address_id: UUID | None
    until: int | None
    key: str | None
    use: RecordingUse


class Recordings:
    """The recordings of one agency, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def get(self, recording_id: UUID, permission: Permission = Permission.CALLS_READ) -> RecordingRow:
        """Return a recording within reach, with its call and the hold upon it."""
        await self._unit.session.flush()
        row = await repository.one(self._unit.session, Recording.id == recording_id, self._sight(permission))
        if row is None:
            raise NotFound
        return row

    async def of_calls(self, call_ids: Sequence[UUID]) -> Mapping[UUID, Recording]:
        """Return the recordings of calls the caller has been shown already, by call."""
        return await repository.of_calls(self._unit.session, call_ids)

    async def hand_out(self, recording_id: UUID, path: str, use: RecordingUse, reason: str | None = None) -> Handed:
        """Make an address of `path` under which the caller may hear, or fetch, a recording."""
        row = await self.get(recording_id)
        self._require(use)
        if row.recording.state is RecordingState.DELETED:
            raise RecordingGone
        address_id, expires_at = new_id(), self._unit.now + LIFETIMES[use]
        self._unit.session.add(
            RecordingAddress(
                id=address_id,
                tenant_id=self._unit.tenant_id,
                recording_id=recording_id,
                person_id=self._unit.caller.actor_id,
                use=use,
                reason=mask_digits(reason) if reason is not None else None,
                expires_at=expires_at,
            )
        )
        url = signed_addresses.signed(self._unit, path, address_id, expires_at, str(recording_id), use)
        return Handed(f"{url}&use={use}", expires_at)

    async def opened(self, recording_id: UUID, shown: AddressShown) -> Recording:
        """Return the recording an address opens; the first time it does, the log has it."""
        row = await self.get(recording_id)
        self._require(shown.use)
        bound = (str(recording_id), shown.use)
        address_id = signed_addresses.check(self._unit, shown.address_id, shown.until, shown.key, *bound)
        address = await repository.address(self._unit.session, address_id, recording_id)
        if address is None:
            raise AddressInvalid
        if row.recording.state is RecordingState.DELETED:
            raise RecordingGone
        if address.used_at is None and await repository.first_use(self._unit.session, address_id, self._unit.now):
            facts: dict[str, Any] = {"call_id": str(row.call.id)} | (
                {"reason": address.reason} if address.reason else {}
            )
            self._unit.remember(_TOLD_AS[shown.use], ("recording", recording_id), **facts)
        return row.recording

    async def hold(self, recording_id: UUID, reason: str) -> RecordingRow:
        """Keep a recording whatever the date, until the hold is lifted."""
        row = await self.get(recording_id, Permission.RECORDINGS_HOLD)
        if row.recording.state is RecordingState.DELETED:
            raise RecordingGone
        hold = RecordingHold(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            recording_id=recording_id,
            reason=mask_digits(reason),
            placed_at=self._unit.now,
            placed_by=self._unit.caller.person_id,
        )
        async with refused_as(self._unit.session, {"uq_recording_holds_standing": RecordingHeld()}):
            self._unit.session.add(hold)
        self._unit.remember(AuditAction.RECORDING_HELD, ("recording", recording_id), reason=hold.reason)
        return await self.get(recording_id)

    async def lift(self, recording_id: UUID, reason: str) -> RecordingRow:
        """Let a recording go its way again."""
        row = await self.get(recording_id, Permission.RECORDINGS_HOLD)
        if row.hold is None:
            raise RecordingNotHeld
        row.hold.lifted_at, row.hold.lifted_by = self._unit.now, self._unit.caller.person_id
        self._unit.remember(AuditAction.RECORDING_FREED, ("recording", recording_id), reason=mask_digits(reason))
        return await self.get(recording_id)

    def _require(self, use: RecordingUse) -> None:
        if _RIGHTS[use] not in self._unit.rights.field_rights:
            raise FieldRightMissing(field_right=_RIGHTS[use])

    def _sight(self, permission: Permission) -> ColumnElement[bool]:
        reach, caller = self._unit.rights.of(permission), self._unit.caller
        return in_reach(reach, caller, Call.unit_id, Call.person_id)


def listening(recording: Recording, track: Track) -> Listening:
    """Return a recording as it is listened to."""
    return Listening(recording.rate, (recording.bytes - WAV_HEADER) // FRAME, track)
