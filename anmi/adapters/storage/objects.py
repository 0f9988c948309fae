"""Objects through obstore: a folder and an S3 bucket behind one set of methods."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from anmi.kit.errors import Unavailable

if TYPE_CHECKING:
    from obstore.store import S3Config

PORT: Final = "storage"
_PART: Final = 8 * 1024**2
"""Bytes of one part of a large upload."""


class NoSuchStorage(ValueError):
    """The address names no kind of storage that we know."""


@dataclass(frozen=True, slots=True)
class S3Account:
    """How a bucket is entered. Without a key the machine's own role is asked for."""

    region: str = "us-east-1"
    endpoint: str | None = None
    """Of storages that are S3's kin; none is Amazon's."""
    key_id: str | None = None
    secret: str | None = field(default=None, repr=False)
    is_path_style: bool = True
    """The bucket stands in the path, not in the host name."""


class ObjectStorage:
    """The body of the storage port."""

    def __init__(self, store: ObjectStore, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    @classmethod
    def at(cls, url: str, account: S3Account) -> ObjectStorage:
        """Open `s3://bucket/prefix` or `file:///folder`."""
        parts = urlsplit(url)
        match parts.scheme:
            case "file" if parts.path and not parts.netloc:
                return cls.in_folder(Path(parts.path))
            case "s3" if parts.netloc:
                return cls(_bucket(parts.netloc, parts.path.strip("/"), account))
            case _:
                raise NoSuchStorage(f"{url}: expected s3://bucket/prefix or file:///folder")

    @classmethod
    def in_folder(cls, folder: Path) -> ObjectStorage:
        """Keep objects as files of a folder, which is made when it is first needed."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(LocalStore(folder), folder)

    def put(self, key: str, path: str) -> None:
        """Keep a file under a key."""
        with _answering():
            obstore.put(self._store, key, Path(path), chunk_size=_PART)
            if self._folder is not None:
                _make_durable(self._folder / key)

    def read(self, key: str, start: int, end: int) -> bytes:
        """Return a part of an object."""
        with _answering():
            try:
                return bytes(obstore.get_range(self._store, key, start=start, end=end))
            except FileNotFoundError:
                raise LookupError(key) from None

    def size(self, key: str) -> int | None:
        """Return how long an object is."""
        with _answering():
            try:
                return obstore.head(self._store, key)["size"]
            except FileNotFoundError:
                return None

    def delete(self, key: str) -> None:
        """Delete an object."""
        with _answering():
            try:
                obstore.delete(self._store, key)
            except FileNotFoundError:
                return


def _bucket(bucket: str, prefix: str, account: S3Account) -> S3Store:
    config: S3Config = {"region": account.region}
    if account.endpoint is not None:
        config["endpoint"] = account.endpoint
    if account.key_id is not None and account.secret is not None:
        config |= {"access_key_id": account.key_id, "secret_access_key": account.secret}
    return S3Store(
        bucket,
        prefix=prefix or None,
        config=config,
        virtual_hosted_style_request=not account.is_path_style,
        client_options={
            "allow_http": bool(account.endpoint and account.endpoint.startswith("http://")),
            "connect_timeout": timedelta(seconds=5),
            "timeout": timedelta(seconds=60),
        },
        # Whoever waits decides how long: the job has its own policy, and a listener wants to hear soon.
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=10)},
    )


def _make_durable(path: Path) -> None:
    """Have the file and its name outlive a loss of power: what it was copied from is deleted next."""
    for place in (path, path.parent):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _answering() -> Generator[None]:
    try:
        yield
    except (BaseError, OSError) as failure:
        raise Unavailable(PORT, type(failure).__name__) from failure
