"""Keeping: the raw recording of a call is taken in, brought to its storage, and deleted when its time is over.

Sealing comes first, the row second, and only then may the raw file go: whatever breaks in between is done again and
loses nothing.
"""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from anmi.core.audit_actions import AuditAction
from anmi.core.calendar import in_china
from anmi.core.keep_for import Claim, is_over, keep_until
from anmi.kit.caller import Caller, the_system
from anmi.kit.errors import Conflict, NotFound
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import UnitOfWork, Units
from anmi.telephony.recordings import repository
from anmi.telephony.recordings.claims import Claims
from anmi.telephony.recordings.duties import recording_duties
from anmi.telephony.recordings.events import RecordingDeleted, RecordingKept, RecordingSealed
from anmi.telephony.recordings.models import Recording, RecordingState
from anmi.telephony.recordings.vault import Sound, Vault

NOTHING_CLAIMED: Final = Claim()


class RecordingTwice(Conflict):
    """The recording of a call is taken in once."""

    code = "RECORDING_TWICE"
    zh, en = "该通话的录音已保存", "The recording of this call is kept already"


class Keeping:
    """Takes the recordings of a switch in."""

    def __init__(self, units: Units, vault: Vault) -> None:
        self._units = units
        self._vault = vault

    async def keep(self, tenant_id: UUID, call_id: UUID, raw: str, rate: int) -> UUID | None:
        """Keep the raw recording of a call; return its id, or None where there is no sound in it.

        `raw` is the path of a file as `core.ports.switch.RecordingKept` describes it. Once this has returned, the file
        may be taken away; asked again for the same call, it changes nothing. Raises Unavailable when the disk is full.
        """
        async with self._units.begin(the_system(tenant_id)) as unit:
            begun = await repository.begun(unit.driver, call_id)
        if begun is None:
            raise NotFound
        if begun.recording_id is not None:
            return begun.recording_id
        began_at = begun.at
        place = f"{tenant_id}/{in_china(began_at):%Y/%m/%d}/{call_id}"
        keyring = self._units.keyring
        sound = await asyncio.to_thread(self._vault.take_in, keyring, tenant_id, place, Path(raw), rate)
        if sound.frames == 0:
            await asyncio.to_thread(self._vault.leave_disk, place)
            return None
        async with self._units.begin(the_system(tenant_id)) as unit:
            return await _write_down(unit, call_id, began_at, place, sound)


async def _write_down(unit: UnitOfWork, call_id: UUID, began_at: datetime, place: str, sound: Sound) -> UUID:
    recording_id = new_id()
    is_first = await repository.write(
        unit.driver,
        id=recording_id,
        tenant_id=unit.tenant_id,
        call_id=call_id,
        state=RecordingState.WAITING,
        began_at=began_at,
        milliseconds=sound.milliseconds,
        rate=sound.rate,
        bytes=sound.length,
        sha256=sound.sha256,
        place=place,
        peaks=sound.peaks,
        keep_until=keep_until(in_china(began_at).date(), recording_duties(), NOTHING_CLAIMED),
    )
    if not is_first:
        raise RecordingTwice
    unit.remember(
        AuditAction.RECORDING_SEALED,
        ("recording", recording_id),
        call_id=str(call_id),
        sha256=sound.sha256,
        milliseconds=sound.milliseconds,
    )
    unit.announce(RecordingSealed(recording_id, call_id))
    return recording_id


async def store(units: Units, caller: Caller, vault: Vault, claims: Claims, recording_id: UUID) -> None:
    """Bring a recording to its storage; one that is there already, or deleted, is left alone."""
    async with units.begin(caller) as unit:
        recording = await repository.locked(unit.session, recording_id)
    if recording is None or recording.state is not RecordingState.WAITING:
        return
    await asyncio.to_thread(vault.store, recording)
    async with units.begin(caller) as unit:
        recording = await repository.locked(unit.session, recording_id)
        if recording is None or recording.state is not RecordingState.WAITING:
            return
        recording.state, recording.kept_at = RecordingState.KEPT, unit.now
        claim = await _claim_on(unit, claims, recording)
        recording.keep_until = keep_until(_day_of(recording), recording_duties(), claim)
        unit.announce(RecordingKept(recording.id, recording.call_id))
    await asyncio.to_thread(vault.leave_disk, recording.place)


async def delete_if_over(unit: UnitOfWork, vault: Vault, claims: Claims, recording_id: UUID) -> bool:
    """Delete a recording whose time is over; say whether it was. Its row and its hash stay."""
    recording = await repository.locked(unit.session, recording_id)
    row = await repository.one(unit.session, Recording.id == recording_id)
    if recording is None or row is None or recording.state is RecordingState.DELETED:
        return False
    claim, day = await _claim_on(unit, claims, recording), _day_of(recording)
    recording.keep_until = keep_until(day, recording_duties(), claim)
    today = in_china(unit.now).date()
    if not is_over(day, today, recording_duties(), claim, is_held=row.hold is not None):
        return False
    # The sound goes first: were the row written and the sound left, nobody would come back for it.
    await asyncio.to_thread(vault.delete, recording.place)
    recording.state, recording.deleted_at = RecordingState.DELETED, unit.now
    call_id, until = str(recording.call_id), recording.keep_until.isoformat()
    target = ("recording", recording.id)
    unit.remember(AuditAction.RECORDING_DELETED, target, call_id=call_id, sha256=recording.sha256, keep_until=until)
    unit.announce(RecordingDeleted(recording.id, recording.call_id))
    return True


def _day_of(recording: Recording) -> date:
    return in_china(recording.began_at).date()


async def _claim_on(unit: UnitOfWork, claims: Claims, recording: Recording) -> Claim:
    call = await repository.call(unit.session, recording.call_id)
    if call is None or call.subject_kind is None or call.subject_id is None:
        return NOTHING_CLAIMED
    return (await claims.on(unit, call.subject_kind, [call.subject_id])).get(call.subject_id, NOTHING_CLAIMED)
