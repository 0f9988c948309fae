"""Recordings that lie complete on a switch's disk: each is brought to safety, and only then let go."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

import structlog

from anmi.core.ports.switch import RecordingKept, Switch
from anmi.telephony.recordings.service import Keeping

log = structlog.get_logger()

AT_ONCE: Final = 2
"""Recordings can wait, and calls cannot: so many take connections and processor from them at the most."""

TenantOf = Callable[[UUID], Awaitable[UUID | None]]


class PickUp:
    """Picks up the recordings of one switch; one that could not be kept is offered again, and tried again."""

    def __init__(self, switch: Switch, keeping: Keeping, tenant_of: TenantOf) -> None:
        self._switch = switch
        self._keeping = keeping
        self._tenant_of = tenant_of
        self._picked: set[UUID] = set()
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def take(self, recording: RecordingKept) -> None:
        """Keep a raw recording and delete it; a disk that is full is tried again later."""
        if recording.call_id in self._picked:
            return
        self._picked.add(recording.call_id)
        try:
            # Its owner knows whose it is, and will soon be gone.
            tenant_id = await self._tenant_of(recording.call_id)
            if tenant_id is None:
                log.warning("recording_of_no_call", call_id=str(recording.call_id))
                return
            async with self._turns:
                await self._keeping.keep(tenant_id, recording.call_id, recording.path, recording.rate)
                await self._switch.take_away(recording)
        except Exception as fault:
            log.warning("recording_waits", call_id=str(recording.call_id), fault=type(fault).__name__)
        finally:
            self._picked.discard(recording.call_id)
