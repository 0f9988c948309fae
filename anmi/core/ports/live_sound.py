"""What we ask of whatever lets us hear a live call: the sound of a leg, while it lasts, without taking part in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final, Protocol
from uuid import UUID

from anmi.core.call_legs import Leg

SAMPLE_RATE: Final = 16_000


class LiveSound(Protocol):
    """The sound of live calls: 16-bit little-endian samples, `SAMPLE_RATE` a second, 20 ms each.

    Both raise `Unavailable` when the switch cannot be reached, and end when the leg ends.
    """

    def said_by(self, call_id: UUID, leg: Leg) -> AsyncIterator[bytes]:
        """Yield what a leg says."""
        ...

    def heard_by(self, call_id: UUID, leg: Leg) -> AsyncIterator[bytes]:
        """Yield everything a leg hears: whoever speaks to it, music, announcements."""
        ...
