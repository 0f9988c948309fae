"""The least that makes the same call: two legs originated, recorded, bridged and cleared up. No gate, no journal.

What our engine costs is told against it: same switch, same phones, same debtors, same recording.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from anmi.adapters.asterisk.ami import Ami
from anmi.adapters.asterisk.ari import Ari, Connected, Refused
from anmi.adapters.asterisk.instance import USER
from anmi.adapters.asterisk.places import Places

_APP: Final = "bench-bare"
PATIENCE: Final = 15.0


class BareAri:
    """One application of the switch."""

    def __init__(self, ari: Ari, ami: Ami, trunk: str, folder: Path) -> None:
        self._ari, self._ami, self._trunk, self._folder = ari, ami, trunk, folder
        self._up: dict[str, asyncio.Event] = {}
        self._gone: dict[str, asyncio.Event] = {}
        self._numbers = itertools.count(1)
        self.is_listening = asyncio.Event()

    async def listen(self) -> None:
        """Take events."""
        async for told in self._ari.events():
            if isinstance(told, Connected):
                self.is_listening.set()
            else:
                self._hear(told)

    def _hear(self, told: dict[str, Any]) -> None:
        match told["type"]:
            case "StasisStart":
                self._up[told["channel"]["id"]].set()
            case "ChannelDestroyed" | "StasisEnd":
                if gone := self._gone.get(told["channel"]["id"]):
                    gone.set()
            case _:
                pass

    async def call(self, phone: str, digits: str) -> tuple[str, float]:
        """Make one call from its click to its end; return its name and when it was clicked."""
        name, clicked = f"bare-{next(self._numbers)}", time.time()
        agent, debtor = f"{name}.agent", f"{name}.debtor"
        try:
            async with asyncio.timeout(PATIENCE):
                await self._originate(agent, f"PJSIP/{phone}")
                await self._originate(debtor, f"PJSIP/{digits}@{self._trunk}")
                file = str(self._folder / f"{name}.raw")
                await self._ami.action("MixMonitor", Channel=debtor, File=file, Options="D")
                await self._ari.post(f"bridges/{name}", type="mixing")
                await self._ari.post(f"bridges/{name}/addChannel", channel=f"{agent},{debtor}")
                await self._gone[debtor].wait()
        finally:
            with contextlib.suppress(Refused):
                await self._ari.delete(f"channels/{agent}")
                await self._ari.delete(f"bridges/{name}")
            for channel in (agent, debtor):
                self._up.pop(channel, None)
                self._gone.pop(channel, None)
        return name, clicked

    async def _originate(self, channel: str, endpoint: str) -> None:
        self._up[channel], self._gone[channel] = asyncio.Event(), asyncio.Event()
        await self._ari.post("channels", endpoint=endpoint, app=_APP, channelId=channel, timeout=20)
        await self._up[channel].wait()


@asynccontextmanager
async def bare_ari(places: Places, trunk: str, folder: Path) -> AsyncGenerator[BareAri]:
    """Have it for a while."""
    folder.mkdir(exist_ok=True)
    async with (
        Ari(places.ari_url, USER, places.ari_secret, _APP) as ari,
        Ami(places.ami_host, places.ami_port, USER, places.ami_secret) as ami,
    ):
        bare = BareAri(ari, ami, trunk, folder)
        listening = asyncio.create_task(bare.listen())
        await bare.is_listening.wait()
        await ami.ready()
        yield bare
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening
