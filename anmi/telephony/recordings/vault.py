"""The vault: where recordings lie, sealed. First on this machine's disk, which is there when nothing else is; then in
the storage. Whoever reads looks in both, so a recording may move while it is heard.

Its methods wait for disk or network: call them in a thread.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from anmi.core.ports.storage import Storage
from anmi.core.sound import FRAME, WAV_HEADER, peaks, stretches, wav_header
from anmi.kit.errors import Unavailable
from anmi.kit.keyring import Keyring
from anmi.kit.sealed_files import SealedDocument, SealedWriter, sealed_size
from anmi.telephony.recordings.models import Recording

PORT: Final = "recordings"
_DRAFT: Final = ".draft"
_BLOCK: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Sound:
    """What a raw recording has become."""

    rate: int
    frames: int
    sha256: str
    """Of the WAV file."""
    peaks: bytes

    @property
    def length(self) -> int:
        """Bytes of the WAV file."""
        return WAV_HEADER + self.frames * FRAME

    @property
    def milliseconds(self) -> int:
        """How long it lasts."""
        return self.frames * 1000 // self.rate


@dataclass(frozen=True, slots=True)
class Vault:
    """The recordings of an installation."""

    waiting: Path
    """Folder of what has not reached its storage yet."""
    storage: Storage

    def take_in(self, keyring: Keyring, tenant_id: UUID, place: str, raw: Path, rate: int) -> Sound:
        """Seal a raw recording as a WAV file; raise Unavailable when the disk is full. The raw file is left alone."""
        path = self.waiting / place
        self._remove_drafts(path)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}{_DRAFT}")
        try:
            # A switch that was killed may have left half a frame.
            frames = raw.stat().st_size // FRAME
            with SealedWriter(draft, keyring, tenant_id) as writer:
                sound = _write_wav(raw, frames, rate, writer)
            draft.replace(path)
            _make_name_durable(path.parent)
        except OSError as failure:
            raise Unavailable(PORT, type(failure).__name__) from failure
        return sound

    def store(self, recording: Recording) -> None:
        """Bring a recording from the disk into the storage, unless it is there already."""
        length = sealed_size(recording.bytes)
        if self.storage.size(recording.place) != length:
            self.storage.put(recording.place, str(self.waiting / recording.place))
            if self.storage.size(recording.place) != length:
                raise Unavailable("storage", "what was put is not what is there")

    def leave_disk(self, place: str) -> None:
        """Delete the copy on this machine's disk."""
        (self.waiting / place).unlink(missing_ok=True)

    def delete(self, place: str) -> None:
        """Delete a recording for good, wherever it lies."""
        self.storage.delete(place)
        self.leave_disk(place)

    def document(self, recording: Recording, keyring: Keyring) -> SealedDocument:
        """Return the WAV file of a recording, to be read in parts."""
        path, place = self.waiting / recording.place, recording.place

        def fetch(start: int, end: int) -> bytes:
            try:
                with path.open("rb") as file:
                    return os.pread(file.fileno(), end - start, start)
            except FileNotFoundError:
                return self.storage.read(place, start, end)
            except OSError as failure:
                raise Unavailable(PORT, type(failure).__name__) from failure

        return SealedDocument(fetch, recording.bytes, keyring, recording.tenant_id)

    def waiting_places(self, tenant_id: UUID) -> list[str]:
        """Return what lies on this machine's disk, whatever the rows say."""
        found = (self.waiting / str(tenant_id)).rglob("*")
        return [str(path.relative_to(self.waiting)) for path in found if path.is_file() and path.suffix != _DRAFT]

    @staticmethod
    def _remove_drafts(path: Path) -> None:
        """Remove what an earlier attempt, that was killed, has left of the same recording."""
        for left in path.parent.glob(f"{path.name}.*{_DRAFT}"):
            left.unlink(missing_ok=True)


def _write_wav(raw: Path, frames: int, rate: int, writer: SealedWriter) -> Sound:
    digest, waveform = hashlib.sha256(), bytearray()

    def write(data: bytes) -> None:
        digest.update(data)
        writer.write(data)

    write(wav_header(rate, 2, frames * FRAME))
    with raw.open("rb") as file:
        for count in stretches(frames):
            loudest = bytes(2)
            left = count * FRAME
            # However long the call, no more than a block of it is in memory.
            while left > 0:
                block = file.read(min(left, _BLOCK))
                if not block:
                    raise OSError("the raw recording grew shorter while it was read")
                write(block)
                loudest = bytes(map(max, loudest, peaks(block)))
                left -= len(block)
            waveform += loudest
    return Sound(rate, frames, digest.hexdigest(), bytes(waveform))


def _make_name_durable(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
