"""The rehearsal's network: plays invented debtors on the carrier's Asterisk until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from pathlib import Path
from typing import Final

from anmi.adapters.asterisk.ari import Ari
from anmi.adapters.asterisk.instance import APP, USER, configuration_folder
from anmi.adapters.asterisk.places import Places
from anmi.adapters.rehearsal.carrier import Carrier
from anmi.adapters.rehearsal.cast_file import read_cast
from anmi.kit.settings import Settings

FILE: Final = "rehearsal.toml"


def carrier_folder(settings: Settings) -> Path:
    """Return where the carrier's Asterisk lives."""
    return settings.data_dir / "asterisk" / "carrier"


def trunk_address(settings: Settings) -> str:
    """Return `host:port` at which the rehearsal's network takes calls."""
    return Places.read(carrier_folder(settings)).sip_address


async def run(settings: Settings) -> None:
    """Play until SIGTERM or SIGINT."""
    places = Places.read(carrier_folder(settings))
    cast = read_cast(settings.data_dir / FILE)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    async with Ari(places.ari_url, USER, places.ari_secret, APP) as ari:
        playing = asyncio.create_task(Carrier(ari, cast, configuration_folder() / "voices").run())
        waiting = asyncio.create_task(stopped.wait())
        await asyncio.wait({playing, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if playing.done():
            playing.result()
        playing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await playing
