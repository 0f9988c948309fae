"""Nothing recorded is lost: not by a full disk, a storage that is away, or a process that dies in between."""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
import wave
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from typing_extensions import override

from anmi.adapters.storage.objects import ObjectStorage
from anmi.core.audit_actions import AuditAction
from anmi.entrypoints.wiring import House
from anmi.kit.audit import AuditEntry
from anmi.kit.caller import the_system
from anmi.kit.errors import NotFound, Unavailable
from anmi.kit.ids import new_id
from anmi.kit.sealed_files import SealedWriter
from anmi.kit.unit_of_work import Units
from anmi.telephony.recordings import keeping
from anmi.telephony.recordings.models import Recording, RecordingState
from anmi.telephony.recordings.service import Keeping, NoClaims, Vault
from tests.builders.phone import RATE, a_call, a_journal, a_raw_recording, tones
from tests.telephony.recordings.conftest import Floor, Work


async def row_of(units: Units, floor: Floor) -> Recording:
    async with units.begin(the_system(floor.agency.tenant_id)) as unit:
        return await unit.session.get_one(Recording, floor.recording_id)


async def heard(units: Units, vault: Vault, floor: Floor) -> bytes:
    recording = await row_of(units, floor)
    return b"".join(vault.document(recording, units.keyring).read(0, recording.bytes))


class Away(ObjectStorage):
    """A storage that does not answer for a while."""

    is_away = True

    @override
    def put(self, key: str, path: str) -> None:
        if self.is_away:
            raise Unavailable("storage")
        super().put(key, path)


async def test_a_raw_recording_becomes_a_sealed_wav_file_whose_hash_is_in_the_log(
    units: Units, house: House, floor: Floor
) -> None:
    recording = await row_of(units, floor)
    file = await heard(units, house.vault, floor)
    with wave.open(io.BytesIO(file)) as wav:
        assert (wav.getnchannels(), wav.getframerate(), wav.getnframes()) == (2, RATE, 3 * RATE)
        assert wav.readframes(3 * RATE) == floor.sound
    assert (recording.state, recording.milliseconds, len(file)) == (RecordingState.WAITING, 3000, recording.bytes)
    assert recording.sha256 == hashlib.sha256(file).hexdigest()
    assert len(recording.peaks) == 2000
    assert (max(recording.peaks[0::2]), max(recording.peaks[1::2])) == (62, 125)
    async with units.begin(the_system(floor.agency.tenant_id)) as unit:
        entries = await unit.session.scalars(
            select(AuditEntry).where(AuditEntry.action == AuditAction.RECORDING_SEALED)
        )
        assert [entry.facts["sha256"] for entry in entries] == [recording.sha256]
    on_disk = (house.vault.waiting / recording.place).read_bytes()
    assert floor.sound[:64] not in on_disk


async def test_taken_in_it_moves_to_its_storage_and_is_heard_from_there(
    units: Units, house: House, floor: Floor, work: Work
) -> None:
    before = await heard(units, house.vault, floor)
    await work("recordings.store", floor.agency, recording_id=str(floor.recording_id))
    recording = await row_of(units, floor)
    assert (recording.state, recording.kept_at) == (RecordingState.KEPT, units.clock())
    assert not (house.vault.waiting / recording.place).exists()
    assert await heard(units, house.vault, floor) == before
    await work("recordings.store", floor.agency, recording_id=str(floor.recording_id))


async def test_asked_twice_it_is_kept_once(units: Units, house: House, floor: Floor, tmp_path: Path) -> None:
    raw = a_raw_recording(tmp_path, tones(1.0))
    again = await Keeping(units, house.vault).keep(floor.agency.tenant_id, floor.call.id, str(raw), RATE)
    assert (again, (await row_of(units, floor)).milliseconds) == (floor.recording_id, 3000)


async def test_a_call_without_a_sound_has_no_recording(
    units: Units, house: House, floor: Floor, tmp_path: Path
) -> None:
    call = await a_call(units, floor.agency, talked=None)
    raw = a_raw_recording(tmp_path, b"\0\0")
    assert await Keeping(units, house.vault).keep(floor.agency.tenant_id, call.id, str(raw), RATE) is None


async def test_half_a_frame_of_a_killed_switch_is_left_out(
    units: Units, house: House, floor: Floor, tmp_path: Path
) -> None:
    call = await a_call(units, floor.agency)
    await a_journal(units, floor.agency, call, [{"kind": "CallAsked"}, {"kind": "RecordingBegan"}])
    raw = a_raw_recording(tmp_path, tones(0.5) + b"\1\2\3")
    recording_id = await Keeping(units, house.vault).keep(floor.agency.tenant_id, call.id, str(raw), RATE)
    async with units.begin(the_system(floor.agency.tenant_id)) as unit:
        recording = await unit.session.get_one(Recording, recording_id)
    assert (recording.milliseconds, recording.began_at) == (500, call.asked_at + timedelta(seconds=1))


async def test_the_recording_of_no_call_of_ours_is_left_where_it_lies(
    units: Units, house: House, floor: Floor, tmp_path: Path
) -> None:
    raw = a_raw_recording(tmp_path, tones(0.1))
    with pytest.raises(NotFound):
        await Keeping(units, house.vault).keep(floor.agency.tenant_id, new_id(), str(raw), RATE)
    assert raw.exists()


async def test_a_full_disk_is_said_to_be_so_and_leaves_nothing_half_done(
    units: Units, house: House, floor: Floor, tmp_path: Path
) -> None:
    call = await a_call(units, floor.agency)
    raw = a_raw_recording(tmp_path, tones(0.1))
    blocked = tmp_path / "blocked"
    blocked.write_bytes(b"a file stands where the folder should be")
    vault = replace(house.vault, waiting=blocked)
    with pytest.raises(Unavailable):
        await Keeping(units, vault).keep(floor.agency.tenant_id, call.id, str(raw), RATE)
    assert await Keeping(units, house.vault).keep(floor.agency.tenant_id, call.id, str(raw), RATE) is not None


async def test_what_a_killed_process_left_is_done_again(
    units: Units, house: House, floor: Floor, tmp_path: Path
) -> None:
    """It died while sealing, or after sealing and before the row."""
    call = await a_call(units, floor.agency)
    place = f"{floor.agency.tenant_id}/2026/03/04/{call.id}"
    draft, done = house.vault.waiting / f"{place}.0badcafe.draft", house.vault.waiting / place
    draft.write_bytes(b"half of it")
    with SealedWriter(done, units.keyring, floor.agency.tenant_id) as writer:
        writer.write(b"sealed by the one that died")
    raw = a_raw_recording(tmp_path, tones(0.2))
    recording_id = await Keeping(units, house.vault).keep(floor.agency.tenant_id, call.id, str(raw), RATE)
    async with units.begin(the_system(floor.agency.tenant_id)) as unit:
        recording = await unit.session.get_one(Recording, recording_id)
    file = b"".join(house.vault.document(recording, units.keyring).read(0, recording.bytes))
    assert hashlib.sha256(file).hexdigest() == recording.sha256
    assert not draft.exists()


async def test_while_the_storage_is_away_it_is_heard_from_disk_and_stored_later(
    units: Units, house: House, floor: Floor, tmp_path: Path
) -> None:
    storage = Away.in_folder(tmp_path / "elsewhere")
    assert isinstance(storage, Away)
    vault, caller = Vault(house.vault.waiting, storage), the_system(floor.agency.tenant_id)
    with pytest.raises(Unavailable):
        await keeping.store(units, caller, vault, NoClaims(), floor.recording_id)
    assert (await row_of(units, floor)).state is RecordingState.WAITING
    assert len(await heard(units, vault, floor)) == 44 + len(floor.sound)
    storage.is_away = False
    await keeping.store(units, caller, vault, NoClaims(), floor.recording_id)
    assert (await row_of(units, floor)).state is RecordingState.KEPT
    assert len(await heard(units, vault, floor)) == 44 + len(floor.sound)


async def test_a_worker_that_died_after_the_upload_does_not_upload_again(
    units: Units, house: House, floor: Floor
) -> None:
    recording = await row_of(units, floor)
    await asyncio.to_thread(house.vault.store, recording)
    # Were it put again, the missing file would be noticed.
    house.vault.leave_disk(recording.place)
    await keeping.store(units, the_system(floor.agency.tenant_id), house.vault, NoClaims(), floor.recording_id)
    assert (await row_of(units, floor)).state is RecordingState.KEPT


async def test_half_an_upload_is_replaced_by_the_whole(
    units: Units, house: House, floor: Floor, tmp_path: Path
) -> None:
    recording = await row_of(units, floor)
    half = tmp_path / "half"
    half.write_bytes(os.urandom(100))
    house.vault.storage.put(recording.place, str(half))
    await keeping.store(units, the_system(floor.agency.tenant_id), house.vault, NoClaims(), floor.recording_id)
    assert len(await heard(units, house.vault, floor)) == recording.bytes


async def test_a_copy_left_on_disk_is_cleared_away_and_one_that_waits_is_not(
    units: Units, house: House, floor: Floor, work: Work
) -> None:
    recording = await row_of(units, floor)
    path = house.vault.waiting / recording.place
    await work("recordings.store_again", floor.agency)
    assert path.exists()
    sealed = path.read_bytes()
    await work("recordings.store", floor.agency, recording_id=str(floor.recording_id))
    path.write_bytes(sealed)
    await work("recordings.store_again", floor.agency)
    assert not path.exists()
