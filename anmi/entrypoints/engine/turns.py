"""Turns: how many calls are being seen to at this moment. While they are many, none is begun that nobody waits for yet.

So an engine with more to do than it can still finishes what it has begun: nobody who has picked up is left listening to
silence because of those who have not been rung.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

AT_ONCE: Final = 6
"""Calls that are written at one time before others may begin; fewer than an engine has connections."""


class Turns:
    """Counts the calls at work, and holds back those that have yet to begin."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._at_work = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @contextmanager
    def at_work(self) -> Generator[None]:
        """See to a call that has begun; it waits for nobody."""
        self._at_work += 1
        try:
            yield
        finally:
            self._at_work -= 1
            self._let_in()

    async def until_calm(self) -> None:
        """Wait, in the order of coming, until a call may begin."""
        if self._at_work < self._at_once and not self._waiting:
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            turn.cancel()
            self._let_in()
            raise

    def _let_in(self) -> None:
        """Let one begin; when it has been seen to, it lets in the next."""
        while self._waiting and self._at_work < self._at_once:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
