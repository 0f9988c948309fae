"""What Asterisk itself says of when things happened: the clock that our engine and a bare client are compared by."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import aiohttp

from anmi.adapters.asterisk.instance import USER
from anmi.adapters.asterisk.places import Places

_APP: Final = "bench-clock"
_WANTED: Final = ("Dial", "ChannelEnteredBridge")


@dataclass(slots=True)
class Seen:
    """One call, in seconds since 1970 as Asterisk stamps them."""

    answered: float | None = None
    """The debtor's side picked up."""
    bridged: float | None = None
    """Both legs are in one bridge."""


class SwitchClock:
    """Watches the channels of every application; a call is what stands before the dot in a channel's name."""

    def __init__(self) -> None:
        self.calls: dict[str, Seen] = {}

    def hear(self, told: dict[str, Any]) -> None:
        """Take an event."""
        match told["type"]:
            case "Dial" if told.get("dialstatus") == "ANSWER":
                call, _, leg = str(told["peer"]["id"]).partition(".")
                if leg.startswith("debtor"):
                    self._of(call).answered = _instant(told)
            case "ChannelEnteredBridge" if len(told["bridge"]["channels"]) == 2:
                call = str(told["channel"]["id"]).partition(".")[0]
                if self._of(call).bridged is None:
                    self._of(call).bridged = _instant(told)
            case _:
                pass

    def _of(self, call: str) -> Seen:
        return self.calls.setdefault(call, Seen())


def _instant(told: dict[str, Any]) -> float:
    return datetime.fromisoformat(told["timestamp"]).timestamp()


@asynccontextmanager
async def switch_clock(places: Places) -> AsyncGenerator[SwitchClock]:
    """Watch for a while."""
    clock = SwitchClock()
    login = aiohttp.BasicAuth(USER, places.ari_secret)
    async with (
        aiohttp.ClientSession(auth=login) as session,
        session.ws_connect(
            f"{places.ari_url}/events", params={"app": _APP, "subscribeAll": "true"}, max_msg_size=0
        ) as stream,
    ):
        allowed = [{"type": kind} for kind in _WANTED]
        url = f"{places.ari_url}/applications/{_APP}/eventFilter"
        await _done(session.put(url, json={"allowed": allowed}))
        listening = asyncio.create_task(_listen(stream, clock))
        try:
            yield clock
        finally:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening


async def _listen(stream: aiohttp.ClientWebSocketResponse, clock: SwitchClock) -> None:
    async for message in stream:
        clock.hear(json.loads(message.data))


async def _done(request: Awaitable[aiohttp.ClientResponse]) -> None:
    (await request).raise_for_status()
