"""Hearing a leg as it speaks: a tap on its channel, brought to us as a sound, and taken away again."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator

from anmi.adapters.asterisk.acting import Hands, passing
from anmi.adapters.asterisk.ari import Ari
from anmi.adapters.asterisk.media import MediaServer, Sound, external_media
from anmi.adapters.asterisk.naming import SOUND, TAP, helper_of


class Taps:
    """Taps on the legs of one switch."""

    def __init__(self, ari: Ari, hands: Hands, media: MediaServer) -> None:
        self._ari = ari
        self._hands = hands
        self._media = media
        self._sounds: dict[str, Sound] = {}

    async def leave(self, channel: str) -> None:
        """End the tap on a channel that is no more."""
        if sound := self._sounds.get(channel):
            await sound.close()

    @contextlib.asynccontextmanager
    async def on(self, channel: str) -> AsyncGenerator[Sound]:
        """Have what a channel says, for a while; a channel that is gone says nothing."""
        tap, key = helper_of(channel, TAP), helper_of(channel, SOUND)
        sound = self._sounds[channel] = self._media.expect(key)
        try:
            with passing() as answers:
                await self._ari.post(f"bridges/{tap}", type="mixing", name=tap)
                async with self._hands.entering(tap), self._hands.entering(key):
                    await self._ari.post(f"channels/{channel}/snoop/{tap}", app=self._ari.app, appArgs=TAP, spy="in")
                    await self._ari.post(
                        "channels/externalMedia", None, channelId=key, app=self._ari.app, **external_media(key)
                    )
                await self._ari.post(f"bridges/{tap}/addChannel", channel=f"{tap},{key}")
            if answers:
                await sound.close()
            yield sound
        finally:
            self._media.forget(key)
            del self._sounds[channel]
            for path in (f"channels/{tap}", f"channels/{key}", f"bridges/{tap}"):
                await self._ari.delete(path)
