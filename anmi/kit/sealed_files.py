"""Sealed files: whole documents on disk that only their tenant's key opens, written and read as a stream.

Form: mark · head of the keyring (suite and version) · salt (32 bytes) · chunks. A chunk of 64 KiB is sealed with the
file's own key; its nonce counts the chunks and says which is the last, so that a piece changed, moved, taken away or
cut off is noticed. Any part can be read without the rest.
"""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from typing_extensions import Buffer, override

from anmi.kit.keyring import HEAD, TAG, CannotOpen, Keyring, decrypt, encrypt

MARK: Final = b"ANMI1"
CHUNK: Final = 64 * 1024
_SALT: Final = 32
_BEGINNING: Final = len(MARK) + HEAD + _SALT
_STRIDE: Final = 8
"""Chunks fetched at once by whoever reads on; the first comes alone, so that it comes soon."""
_BLOCK: Final = 16 * CHUNK
"""What is opened at once of a document that is read as a file."""


class SealedWriter:
    """Seals what it is given into a file of mode 0600. Leaving it by an exception leaves no file behind."""

    def __init__(self, path: Path, keyring: Keyring, tenant_id: UUID) -> None:
        self._path = path
        self._head, self._salt = keyring.head, secrets.token_bytes(_SALT)
        self._suite, self._key = keyring.file_key(tenant_id, self._head, self._salt)
        self._pending = bytearray()
        self._count = 0

    def __enter__(self) -> Self:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        self._file.write(MARK + self._head + self._salt)
        return self

    def write(self, data: bytes) -> None:
        """Take more of the document."""
        self._pending += data
        # The last chunk must be known as such, so a full one waits for what follows.
        while len(self._pending) > CHUNK:
            self._seal(bytes(self._pending[:CHUNK]), is_last=False)
            del self._pending[:CHUNK]

    def _seal(self, chunk: bytes, *, is_last: bool) -> None:
        bound = MARK + self._head + self._salt
        self._file.write(encrypt(self._suite, self._key, _nonce(self._count, is_last=is_last), chunk, bound))
        self._count += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._seal(bytes(self._pending), is_last=True)
            self._file.flush()
            os.fsync(self._file.fileno())
        self._file.close()
        if kind is not None:
            self._path.unlink(missing_ok=True)


def read_sealed(path: Path, keyring: Keyring, tenant_id: UUID) -> Iterator[bytes]:
    """Yield the document chunk by chunk; raise CannotOpen where anything of it is not as it was written."""
    with path.open("rb") as file:
        mark, head, salt = file.read(len(MARK)), file.read(HEAD), file.read(_SALT)
        if mark != MARK or len(salt) < _SALT:
            raise CannotOpen(path.name)
        suite, key = keyring.file_key(tenant_id, head, salt)
        for count, (chunk, is_last) in enumerate(_chunks(file)):
            try:
                yield decrypt(suite, key, _nonce(count, is_last=is_last), chunk, mark + head + salt)
            except (InvalidTag, ValueError):
                raise CannotOpen(path.name) from None


def sealed_size(size: int) -> int:
    """Return how long a sealed document of `size` bytes is."""
    return _BEGINNING + size + TAG * max(1, -(-size // CHUNK))


class SealedDocument:
    """A sealed document of known size, of which only the chunks are fetched and opened that a part lies in.

    `fetch` returns the sealed bytes from the first place to before the second, wherever they lie.
    """

    def __init__(self, fetch: Callable[[int, int], bytes], size: int, keyring: Keyring, tenant_id: UUID) -> None:
        self._fetch, self.size = fetch, size
        self._keyring, self._tenant_id = keyring, tenant_id

    def read(self, start: int, end: int) -> Iterator[bytes]:
        """Yield the bytes from `start` to before `end`, in pieces that end with a chunk.

        Raises CannotOpen where what was fetched is not as it was written.
        """
        end = min(end, self.size)
        if start >= end:
            return
        beginning = self._fetch(0, _BEGINNING)
        suite, key = self._keyring.file_key(self._tenant_id, *_parts(beginning))
        final = max(0, (self.size - 1) // CHUNK)
        for count, sealed in self._chunks(start // CHUNK, (end - 1) // CHUNK):
            try:
                chunk = decrypt(suite, key, _nonce(count, is_last=count == final), sealed, beginning)
            except (InvalidTag, ValueError):
                raise CannotOpen("document") from None
            yield chunk[max(0, start - count * CHUNK) : end - count * CHUNK]

    def as_file(self) -> BinaryIO:
        """Return the document as a file to be read and sought in, of which little more than a block is in memory."""
        return io.BufferedReader(_SealedReader(self), _BLOCK)

    def _chunks(self, first: int, last: int) -> Iterator[tuple[int, bytes]]:
        length, whole = CHUNK + TAG, sealed_size(self.size)
        count, at_once = first, 1
        while count <= last:
            following = min(count + at_once, last + 1)
            sealed = self._fetch(_BEGINNING + count * length, min(_BEGINNING + following * length, whole))
            for place in range(following - count):
                yield count + place, sealed[place * length : (place + 1) * length]
            count, at_once = following, _STRIDE


class _SealedReader(io.RawIOBase):
    """What a sealed document is to those who read files."""

    def __init__(self, document: SealedDocument) -> None:
        super().__init__()
        self._document = document
        self._place = 0

    @override
    def readable(self) -> bool:
        return True

    @override
    def seekable(self) -> bool:
        return True

    @override
    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._document.size}[whence]
        self._place = max(0, start + offset)
        return self._place

    def readinto(self, buffer: Buffer, /) -> int:
        there = memoryview(buffer)
        count = 0
        for piece in self._document.read(self._place, self._place + len(there)):
            there[count : count + len(piece)] = piece
            count += len(piece)
        self._place += count
        return count


def _parts(beginning: bytes) -> tuple[bytes, bytes]:
    head, salt = beginning[len(MARK) : len(MARK) + HEAD], beginning[len(MARK) + HEAD :]
    if not beginning.startswith(MARK) or len(salt) < _SALT:
        raise CannotOpen("document")
    return head, salt


@contextmanager
def opened_plain(path: Path, folder: Path, suffix: str, keyring: Keyring, tenant_id: UUID) -> Generator[Path]:
    """Lay the document open in a private folder, for readers that need a path; it is gone when the block ends.

    What a process that was killed has left behind is removed by the next one that comes.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _remove_left_behind(folder)
    plain = folder / f"{os.getpid()}-{secrets.token_hex(8)}{suffix}"
    descriptor = os.open(plain, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for chunk in read_sealed(path, keyring, tenant_id):
                file.write(chunk)
        yield plain
    finally:
        plain.unlink(missing_ok=True)


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    here = file.read(CHUNK + TAG)
    while True:
        following = file.read(CHUNK + TAG)
        yield here, not following
        if not following:
            return
        here = following


def _nonce(count: int, *, is_last: bool) -> bytes:
    return count.to_bytes(11, "big") + bytes([is_last])


def _remove_left_behind(folder: Path) -> None:
    for left in folder.iterdir():
        owner = left.name.partition("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            left.unlink(missing_ok=True)
