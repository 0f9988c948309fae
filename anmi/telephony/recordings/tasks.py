"""Jobs of recordings: to their storage, again and again until they are there; and out of it when their time is over."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final
from uuid import UUID

from anmi.core.calendar import in_china
from anmi.core.permissions import Words
from anmi.kit.jobs import JobKind, Retries, Run
from anmi.kit.unit_of_work import UnitOfWork
from anmi.telephony.recordings import keeping, repository
from anmi.telephony.recordings.claims import Claims
from anmi.telephony.recordings.events import RecordingSealed
from anmi.telephony.recordings.vault import Vault

UNTIL_STORED: Final = Retries(attempts=40, first=timedelta(seconds=5), longest=timedelta(minutes=15))
"""A storage may be away for a night; what still waits then is put up again every hour."""

_BATCH: Final = 200
_ADDRESSES_KEPT_FOR: Final = timedelta(days=7)


async def _store(run: Run, recording_id: str, vault: Vault, claims: Claims) -> None:
    await keeping.store(run.units, run.caller, vault, claims, UUID(recording_id))


async def _store_again(run: Run, vault: Vault) -> None:
    async with run.unit() as unit:
        for recording_id in await repository.waiting(unit.session, unit.now - timedelta(minutes=10)):
            await _put_up(unit, recording_id)
    # A worker that died between the row and the file has left a copy that nobody needs.
    async with run.unit() as unit:
        places = await asyncio.to_thread(vault.waiting_places, unit.tenant_id)
        left = [
            place
            for start in range(0, len(places), _BATCH)
            for place in await repository.kept_places(unit.session, places[start : start + _BATCH])
        ]
    for place in left:
        await asyncio.to_thread(vault.leave_disk, place)


async def _delete(run: Run, vault: Vault, claims: Claims) -> None:
    after: UUID | None = None
    while True:
        async with run.unit() as unit:
            await repository.forget_addresses(unit.session, unit.now - _ADDRESSES_KEPT_FOR)
            ids = await repository.due(unit.session, in_china(unit.now).date(), after, _BATCH)
        if not ids:
            return
        for recording_id in ids:
            async with run.unit() as unit:
                await keeping.delete_if_over(unit, vault, claims, recording_id)
        after = ids[-1]


STORE: Final = JobKind("recordings.store", Words("录音入库", "Bring a recording to its storage"), _store, UNTIL_STORED)
STORE_AGAIN: Final = JobKind(
    "recordings.store_again",
    Words("录音补传", "Bring waiting recordings to their storage"),
    _store_again,
    every="17 * * * *",
)
DELETE_OVER: Final = JobKind(
    "recordings.delete",
    Words("清理到期录音", "Delete recordings whose time is over"),
    _delete,
    every="40 18 * * *",  # twenty to three at night in China
)


async def store_recording(unit: UnitOfWork, event: RecordingSealed) -> None:
    """Bring a recording that was taken in to its storage."""
    await _put_up(unit, event.recording_id)


async def _put_up(unit: UnitOfWork, recording_id: UUID) -> None:
    await STORE.defer(unit, only_once=str(recording_id), recording_id=recording_id)
