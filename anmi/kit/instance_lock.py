"""One owner for one data folder: a lock that the system frees however its holder ends."""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

NAME = "anmi.lock"


class AlreadyRunning(Exception):
    """Another process works on this data folder."""

    def __init__(self, data_dir: Path, pid: int | None, url: str | None) -> None:
        where = f" and answers at {url}" if url else ""
        holder = f" (process {pid}){where}" if pid else ""
        super().__init__(f"Anmi is already running on the data in {data_dir}{holder}.")
        self.pid = pid
        self.url = url


@dataclass(slots=True)
class InstanceLock:
    """The lock of `data_dir`, held inside a `with` block. The file tells others who holds it and where it answers."""

    data_dir: Path
    was_left_behind: bool = False
    """The last holder ended without cleaning up."""
    _descriptor: int | None = None

    def __enter__(self) -> Self:
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        while self._descriptor is None:
            self._descriptor = self._take()
        self.tell(None)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _fault: BaseException | None, _t: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._descriptor)
            self._descriptor = None

    def tell(self, url: str | None) -> None:
        """Write down who we are and where we answer."""
        if self._descriptor is None:
            raise RuntimeError("the lock is not held")
        said = json.dumps({"pid": os.getpid(), "url": url}).encode()
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, said, 0)

    @property
    def _path(self) -> Path:
        return self.data_dir / NAME

    def _take(self) -> int | None:
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid, url = _read(descriptor)
            os.close(descriptor)
            raise AlreadyRunning(self.data_dir, pid, url) from None
        if not _is_still(descriptor, self._path):
            # Its holder removed it between our opening and our locking: begin again with the new file.
            os.close(descriptor)
            return None
        self.was_left_behind = os.fstat(descriptor).st_size > 0
        return descriptor


def _is_still(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _read(descriptor: int) -> tuple[int | None, str | None]:
    try:
        said = json.loads(os.pread(descriptor, 4096, 0))
        return int(said["pid"]), said["url"]
    except (ValueError, KeyError, TypeError):
        # Just being written.
        return None, None
