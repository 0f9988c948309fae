"""Live sound without any sound: what is said comes as text, for the recogniser that hears text."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from uuid import UUID

from anmi.core.call_legs import Leg
from anmi.core.live_watch_views import Side

_PAUSE = b""


class RehearsalSound:
    """The live sound of calls in which somebody is told what to say."""

    def __init__(self) -> None:
        self._frames: defaultdict[tuple[UUID, Side], asyncio.Queue[bytes | None]] = defaultdict(asyncio.Queue)

    def say(self, call_id: UUID, side: Side, text: str) -> None:
        """Let one side say something, and pause."""
        for frame in (text.encode(), _PAUSE):
            self._frames[call_id, side].put_nowait(frame)

    def begin_to_say(self, call_id: UUID, side: Side, text: str) -> None:
        """Let one side say something, and go on speaking."""
        self._frames[call_id, side].put_nowait(text.encode())

    def end(self, call_id: UUID) -> None:
        """Let the leg end."""
        for side in Side:
            self._frames[call_id, side].put_nowait(None)

    async def said_by(self, call_id: UUID, leg: Leg) -> AsyncIterator[bytes]:
        """Yield what the debtor says."""
        while (frame := await self._frames[call_id, Side.DEBTOR].get()) is not None:
            yield frame

    async def heard_by(self, call_id: UUID, leg: Leg) -> AsyncIterator[bytes]:
        """Yield what the debtor hears."""
        while (frame := await self._frames[call_id, Side.AGENT].get()) is not None:
            yield frame
