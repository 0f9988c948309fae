"""Haste: how often one address may knock. A bucket per address fills at a steady rate and is emptied by requests.

Our own, because the in-memory storages we tried start a thread for every request (`benchmarks/foundation.py`).
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """At most `burst` requests at once, and `per_minute` in the long run."""

    per_minute: int
    burst: int


class Haste:
    """Buckets of many addresses; the addresses not heard of for longest are forgotten first."""

    def __init__(self, pace: Pace, addresses: int = 100_000) -> None:
        self._pace = pace
        self._most = addresses
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_for(self, address: str, now: float) -> float:
        """Take one request out of an address's bucket; return 0, or the seconds until there is one to take."""
        left, since = self._buckets.pop(address, (float(self._pace.burst), now))
        rate = self._pace.per_minute / 60
        left = min(left + (now - since) * rate, float(self._pace.burst))
        wait = 0.0 if left >= 1 else (1 - left) / rate
        self._buckets[address] = (left if wait else left - 1, now)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return wait
