"""The other end of the line: what somebody out there hears, measured where it arrives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress

from anmi.adapters.asterisk.media import Sound
from anmi.adapters.asterisk.switch import AsteriskSwitch
from tests.adapters.asterisk.stages import Ear
from tests.adapters.asterisk.tones import samples_of, tones_in

RATE = 16_000
FRAMES = 8
PATIENCE = 3.0


class FarEnd:
    """The carrier's switch, as an ear at each of its phones."""

    def __init__(self, switch: AsteriskSwitch, ear: Ear) -> None:
        self.switch = switch
        self.ear = ear
        self.ari = switch._ari
        self._opened = AsyncExitStack()

    async def __aenter__(self) -> FarEnd:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._opened.aclose()

    async def at(self, number: str) -> Heard:
        """Return an ear at a phone that is in a call."""
        channels = await self.ari.get("channels")
        channel = next(each["id"] for each in channels if each["dialplan"]["exten"] == number)
        return Heard(await self._opened.enter_async_context(self.switch._taps.on(channel)))


class Heard:
    """What arrives at one phone."""

    def __init__(self, sound: Sound) -> None:
        self._frames: AsyncIterator[bytes] = sound.frames()
        self._sound = sound

    async def samples(self) -> list[int]:
        """Listen for a sixth of a second from now on."""
        self._sound._frames.clear()
        return samples_of(b"".join([await anext(self._frames) for _ in range(FRAMES)]))

    async def tones(self) -> set[int]:
        """Return the tones that are heard now."""
        return tones_in(await self.samples(), RATE)

    async def hears(self, *tones: int) -> bool:
        """Wait until exactly these tones are heard; false when that does not come to be."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while await self.tones() != set(tones):
                    pass
                return True
        return False
