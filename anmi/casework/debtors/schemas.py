"""The suppression list as HTTP sees it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from anmi.kit.fields import Asked, Line, Reason, Seen


class NumberToSuppress(Asked):
    """A number that is not to be dialed again, and why."""

    number: Line
    reason: Reason


class SuppressedSeen(Seen):
    """A number that is never dialed again."""

    id: UUID
    number_masked: str
    reason: str
    at: datetime
    by: UUID | None
