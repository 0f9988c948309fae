"""Hearing a leg while it lasts: a tap on its channel, brought to us as a sound, and taken away again.

The engine hears with its own hands. Whoever else listens does so through an application and a media port of its own
(`Listener`), so that no amount of listening is felt by calls.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncGenerator
from types import TracebackType
from typing import Final, Literal, Self, TypeAlias
from uuid import UUID

from anmi.adapters.asterisk.acting import Hands, passing
from anmi.adapters.asterisk.ari import Ari, Connected
from anmi.adapters.asterisk.ari_events import UNWANTED
from anmi.adapters.asterisk.elsewhere import Elsewhere
from anmi.adapters.asterisk.installation import PORT
from anmi.adapters.asterisk.instance import APP, USER, Instance, configuration_folder
from anmi.adapters.asterisk.media import MediaServer, Sound, external_media
from anmi.adapters.asterisk.naming import SOUND, TAP, WATCH, call_of, channel_of, helper_of
from anmi.adapters.asterisk.places import Places
from anmi.adapters.asterisk.watching import Watch
from anmi.core.call_legs import Leg
from anmi.kit.errors import Unavailable

Spy: TypeAlias = Literal["in", "out"]
"""What a channel says, or what it hears."""

WATCH_APP: Final = f"{APP}-{WATCH}"
READY_SECONDS: Final = 5.0


class Taps:
    """Taps on the legs of one switch; `name` tells them from those of another listener."""

    def __init__(self, ari: Ari, hands: Hands, media: MediaServer, name: str = TAP) -> None:
        self._ari = ari
        self._hands = hands
        self._media = media
        self._name = name
        # What a listener before us left behind may still be ending: its names are not ours.
        self._mark = f"{name}-{secrets.token_hex(4)}"
        self._sounds: dict[str, Sound] = {}

    async def leave(self, channel: str) -> None:
        """End the taps on a channel that is no more."""
        for tap in (self._tap(channel, "in"), self._tap(channel, "out")):
            await self.end(tap)

    async def end(self, tap: str) -> None:
        """End one tap, if it is one of ours."""
        if sound := self._sounds.get(tap):
            await sound.close()

    @contextlib.asynccontextmanager
    async def on(self, channel: str, spy: Spy = "in") -> AsyncGenerator[Sound]:
        """Have what a channel says or hears, for a while; a channel that is gone says nothing."""
        tap = self._tap(channel, spy)
        key = helper_of(tap, SOUND)
        sound = self._sounds[tap] = self._media.expect(key)
        try:
            with passing() as answers:
                async with self._hands.entering(tap), self._hands.entering(key):
                    await self._ari.post(f"channels/{channel}/snoop/{tap}", app=self._ari.app, appArgs=TAP, spy=spy)
                    await self._ari.post(
                        "channels/externalMedia",
                        None,
                        channelId=key,
                        app=self._ari.app,
                        **external_media(key, self._media.client),
                    )
                # Last: a channel that is gone leaves no bridge behind.
                await self._ari.post(f"bridges/{tap}", type="mixing", name=tap)
                await self._ari.post(f"bridges/{tap}/addChannel", channel=f"{tap},{key}")
            if answers:
                await sound.close()
            yield sound
        finally:
            self._media.forget(key)
            del self._sounds[tap]
            for path in (f"channels/{tap}", f"channels/{key}", f"bridges/{tap}"):
                # A switch that is away has lost them, or is swept when it is back.
                with contextlib.suppress(Unavailable):
                    await self._ari.delete(path)

    async def sweep(self) -> None:
        """End what was left behind by a listener of our name that ended without a word."""
        own = {*self._sounds, *(helper_of(tap, SOUND) for tap in self._sounds)}
        for kind in ("channels", "bridges"):
            for told in await self._ari.get(kind):
                if f".{self._name}-" in told["id"] and call_of(told["id"]) and told["id"] not in own:
                    await self._ari.delete(f"{kind}/{told['id']}")

    def _tap(self, channel: str, spy: Spy) -> str:
        return helper_of(channel, f"{self._mark}-{spy}")


class Listener:
    """Ears at an Asterisk whose calls belong to somebody else; used inside an `async with` block."""

    def __init__(self, places: Places) -> None:
        self._ari = Ari(places.ari_url, USER, places.ari_secret, WATCH_APP)
        self._media = MediaServer(places.media_host, places.watch_port, client=WATCH_APP)
        self._hands = Hands(self._ari, Watch(), configuration_folder() / "prompts")
        self._taps = Taps(self._ari, self._hands, self._media, WATCH)
        self._is_ready = asyncio.Event()
        self._opened = contextlib.AsyncExitStack()

    @classmethod
    def at(cls, instance: Instance | Elsewhere) -> Self:
        """Return ears at an Asterisk, ours or another's."""
        return cls(instance.places)

    async def __aenter__(self) -> Self:
        for part in (self._ari, self._media):
            await self._opened.enter_async_context(part)
        self._following = asyncio.create_task(self._follow(), name="asterisk: events of what is watched")
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _fault: BaseException | None, _t: TracebackType | None
    ) -> None:
        self._following.cancel()
        await asyncio.wait({self._following})
        await self._opened.aclose()

    def said_by(self, call_id: UUID, leg: Leg) -> AsyncGenerator[bytes]:
        """Yield what a leg says."""
        return self._listen(channel_of(call_id, leg), "in")

    def heard_by(self, call_id: UUID, leg: Leg) -> AsyncGenerator[bytes]:
        """Yield everything a leg hears."""
        return self._listen(channel_of(call_id, leg), "out")

    async def _listen(self, channel: str, spy: Spy) -> AsyncGenerator[bytes]:
        await self._swept()
        async with self._taps.on(channel, spy) as sound:
            async for frame in sound.frames():
                yield frame

    async def _swept(self) -> None:
        """Wait until what another left behind is gone: it has our names."""
        try:
            async with asyncio.timeout(READY_SECONDS):
                await self._is_ready.wait()
        except TimeoutError:
            raise Unavailable(PORT, "it does not answer") from None

    async def _follow(self) -> None:
        async for told in self._ari.events():
            if isinstance(told, Connected):
                unwanted = [{"type": kind} for kind in UNWANTED]
                with contextlib.suppress(Unavailable):
                    await self._ari.put(f"applications/{WATCH_APP}/eventFilter", {"disallowed": unwanted})
                    await self._taps.sweep()
                    self._is_ready.set()
                continue
            match told["type"]:
                case "StasisStart":
                    self._hands.has_entered(told["channel"]["id"])
                case "StasisEnd" | "ChannelDestroyed":
                    await self._taps.end(told["channel"]["id"])
                case _:
                    pass
