"""Raw recordings: begun through the manager interface, complete when their leg has ended, there until taken away.

One file for a leg, two tracks interleaved sample by sample: left what the debtor says, right what she hears.
"""

from __future__ import annotations

import asyncio
import fcntl
import shutil
import signal
import time
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np

from anmi.adapters.asterisk.ami import ActionFailed, Ami
from anmi.adapters.asterisk.naming import call_of
from anmi.core.call_events import CallEvent, RecordingBegan, RecordingFailed
from anmi.core.ports.switch import RecordingKept

# What a trunk speaks; MixMonitor writes at the rate of the file's format.
RATE: Final = 8_000
SUFFIX: Final = ".raw"
# Ten minutes of a hundred calls.
LEAST_FREE_BYTES: Final = 2 * 1024**3
CLOSING_SECONDS: Final = 0.02
OPENING_SECONDS: Final = 0.1
QUIET_SECONDS: Final = 2.0


class Recordings:
    """The raw recordings of one switch."""

    def __init__(self, ami: Ami, folder: Path) -> None:
        self._ami = ami
        self._folder = folder
        self._begun: set[str] = set()

    async def begin(self, channel: str, name: str) -> CallEvent:
        """Record a channel from now on, under this name; say how that went. Asked again, it goes on as it does."""
        place = self._place(name)
        if name in self._begun or place.exists():
            return RecordingBegan()
        if why := self._what_forbids():
            return RecordingFailed(why)
        try:
            await self._ami.action("MixMonitor", Channel=channel, File=str(place), Options="D")
        except ActionFailed as refusal:
            return RecordingFailed(str(refusal))
        self._begun.add(name)
        return RecordingBegan()

    async def completed(self, name: str) -> RecordingKept | None:
        """Wait until the recording of a leg that has ended is on disk; None when there is none."""
        place = self._place(name)
        if name in self._begun and not place.exists():
            # Its first sound may still be on its way to the disk.
            await asyncio.sleep(OPENING_SECONDS)
        if place.exists():
            await _closed(place)
        self._begun.discard(name)
        return self._kept(place)

    def all_but(self, living: Collection[str]) -> list[RecordingKept]:
        """Return what lies complete: everything but the recordings of legs that live."""
        places = [place for place in sorted(self._folder.glob(f"*{SUFFIX}")) if place.stem not in living]
        return [kept for place in places if not is_being_written(place) and (kept := self._kept(place))]

    def take_away(self, recording: RecordingKept) -> None:
        """Delete a raw recording."""
        place = Path(recording.path)
        if place.parent != self._folder:
            raise ValueError("This recording is not ours to delete.")
        place.unlink(missing_ok=True)

    def _place(self, name: str) -> Path:
        return self._folder / f"{name}{SUFFIX}"

    def _kept(self, place: Path) -> RecordingKept | None:
        call_id = call_of(place.name)
        if call_id is None or not place.exists():
            return None
        return RecordingKept(call_id, str(place), RATE, datetime.fromtimestamp(place.stat().st_mtime, UTC))

    def _what_forbids(self) -> str | None:
        try:
            free = shutil.disk_usage(self._folder).free
        except OSError as fault:
            return f"the folder of recordings cannot be used: {fault.strerror}"
        return None if free >= LEAST_FREE_BYTES else f"only {free // 1024**2} MiB are free for recordings"


def debtors_track(kept: RecordingKept) -> bytes:
    """Return what the debtor's side said: every other sample."""
    both = Path(kept.path).read_bytes()
    return np.frombuffer(both[: len(both) // 4 * 4], "<i2")[0::2].tobytes()


async def _closed(place: Path) -> None:
    """Wait until Asterisk has written all it has: a leg ends a moment before its recording does."""
    while await asyncio.to_thread(is_being_written, place):  # noqa: ASYNC110 - nobody rings
        await asyncio.sleep(CLOSING_SECONDS)


def is_being_written(place: Path) -> bool:
    """Tell whether anybody has the file open for writing: the kernel grants a read lease only when nobody has."""
    with place.open("rb") as file:
        try:
            # Whoever opened it while we hold the lease would have us sent SIGIO, which kills; this one is ignored.
            fcntl.fcntl(file, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        except BlockingIOError:
            return True
        except OSError:
            # Not every file system knows leases: then quiet must do.
            return time.time() - place.stat().st_mtime < QUIET_SECONDS
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False
