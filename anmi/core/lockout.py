"""Lock-out: how often somebody may be wrong in a row, and for how long nobody gets in after that.

An attempt is counted before it is examined, and the last one is made behind a door that is already locked: however
many arrive at once, no more are examined than the policy allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from anmi.core.security_policy import LockoutRules

LONGEST: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Attempts:
    """The attempts on one account since the last success; `lockouts` counts those in a row."""

    failed: int = 0
    lockouts: int = 0
    locked_until: datetime | None = None

    def is_locked(self, now: datetime) -> bool:
        """Say whether nobody gets in at the moment."""
        return self.locked_until is not None and now < self.locked_until

    def one_more(self, rules: LockoutRules, now: datetime) -> Attempts:
        """Count an attempt as failed; the last one allowed locks the account."""
        if self.failed + 1 < rules.attempts:
            return Attempts(self.failed + 1, self.lockouts, None)
        lockouts = self.lockouts + 1
        return Attempts(0, lockouts, now + locked_for(lockouts, rules))

    def one_less(self, rules: LockoutRules, now: datetime) -> Attempts:
        """Take back an attempt that was counted and then turned out right, and forgive nothing else."""
        if self.is_locked(now):
            return Attempts(rules.attempts - 1, max(self.lockouts - 1, 0), None)
        return Attempts(max(self.failed - 1, 0), self.lockouts, None)


def locked_for(lockouts: int, rules: LockoutRules) -> timedelta:
    """Return how long the n-th lock-out in a row lasts: twice as long each time, a day at the most."""
    doublings = min(max(lockouts - 1, 0), 16)
    return min(timedelta(minutes=rules.minutes) * 2**doublings, LONGEST)
