"""The health of a trunk: after some failures in a row it is left alone, ever longer, and tried again then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from anmi.core.call_legs import Ending

OF_THE_TRUNK: Final = frozenset({Ending.BARRED, Ending.CONGESTED, Ending.FAILED})
"""Endings that tell of the line and nothing of the number."""

SAYS_NOTHING: Final = frozenset({Ending.RELEASED, Ending.OFFLINE})
"""Endings of our own making, from which nothing is learned of the line."""

PATIENCE: Final = 3
"""Failures in a row before a trunk is left alone."""
_FIRST: Final = timedelta(seconds=30)
_LONGEST: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Health:
    """How a trunk has done lately."""

    failures: int = 0
    rests_until: datetime | None = None


WELL: Final = Health()


def after(health: Health, ending: Ending, now: datetime) -> Health:
    """Return the health of a trunk after a call over it ended."""
    if ending in SAYS_NOTHING:
        return health
    if ending not in OF_THE_TRUNK:
        return WELL
    failures = health.failures + 1
    if failures < PATIENCE:
        return Health(failures, health.rests_until)
    rest = min(_FIRST * 2 ** min(failures - PATIENCE, 10), _LONGEST)
    return Health(failures, now + rest)


def rests(rests_until: datetime | None, now: datetime) -> bool:
    """Say whether a trunk is left alone now."""
    return rests_until is not None and rests_until > now
