"""What we ask of a storage: objects under keys, of which any part can be read. It knows nothing of what they hold."""

from __future__ import annotations

from typing import Protocol


class Storage(Protocol):
    """A place for objects. Its methods wait for disk or network, and raise `Unavailable` where they wait in vain."""

    def put(self, key: str, path: str) -> None:
        """Keep a file under a key; what was there is replaced. When this returns, it is safe there."""
        ...

    def read(self, key: str, start: int, end: int) -> bytes:
        """Return the bytes from `start` to before `end`; raise LookupError where there is no such object."""
        ...

    def size(self, key: str) -> int | None:
        """Return how long an object is, or None where there is none."""
        ...

    def delete(self, key: str) -> None:
        """Delete an object; one that is not there is deleted already."""
        ...
