"""A short memory: what was looked up a moment ago, for a few seconds and not too much of it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Remembers values for a time, the newest `size` of them.

    News may arrive while a value is being looked up. So a look-up begins with `mark`, and a value whose mark is older
    than the last `forget` is not kept.
    """

    def __init__(self, size: int, lasting: timedelta) -> None:
        self._size = size
        self._lasting = lasting
        self._kept: OrderedDict[K, tuple[datetime, V]] = OrderedDict()
        self.mark = 0

    def get(self, key: K, now: datetime) -> V | None:
        """Return what is remembered under a key, if it is still fresh."""
        found = self._kept.get(key)
        if found is None:
            return None
        if not timedelta() <= now - found[0] < self._lasting:
            del self._kept[key]
            return None
        return found[1]

    def keep(self, key: K, value: V, now: datetime, mark: int) -> None:
        """Remember a value that was looked up since `mark`."""
        if mark != self.mark:
            return
        self._kept[key] = (now, value)
        self._kept.move_to_end(key)
        while len(self._kept) > self._size:
            self._kept.popitem(last=False)

    def forget(self, is_old: Callable[[K, V], bool]) -> None:
        """Forget what became old, and whatever is being looked up at this moment."""
        self.mark += 1
        for key in [key for key, (_, value) in self._kept.items() if is_old(key, value)]:
            del self._kept[key]
