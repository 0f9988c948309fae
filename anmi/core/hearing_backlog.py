"""What waits to be heard: recordings for the recogniser, texts for the rules; and when the wait is worth an alarm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

LATE_AFTER: Final = timedelta(minutes=30)
"""A recogniser that keeps up has read a call long before; after so long there are too few cores, or it stands still."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits, and since when the first of it does."""

    waiting: int
    oldest_at: datetime | None

    def is_late(self, now: datetime) -> bool:
        """Tell whether the first of it has waited longer than it should."""
        return self.oldest_at is not None and now - self.oldest_at > LATE_AFTER
