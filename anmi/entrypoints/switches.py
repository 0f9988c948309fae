"""The switch of this machine, and the engine that owns its calls: Asterisk where there is one, else a rehearsal."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace

from anmi.adapters.asterisk.elsewhere import Elsewhere
from anmi.adapters.asterisk.installation import NoAsterisk, find
from anmi.adapters.asterisk.instance import Instance, Kind
from anmi.adapters.asterisk.places import Wanted
from anmi.adapters.asterisk.switch import AsteriskSwitch
from anmi.adapters.rehearsal.cast_file import read_cast
from anmi.adapters.rehearsal.switch import RehearsalSwitch
from anmi.core.ports.switch import Switch
from anmi.entrypoints.engine.engine import Engine, EngineName
from anmi.entrypoints.rehearsal import FILE
from anmi.entrypoints.wiring import open_house
from anmi.kit.settings import Settings
from anmi.kit.unit_of_work import Clock
from anmi.telephony.recordings.service import Keeping
from anmi.workbench.calling.permits import Workbench


def switch_of(settings: Settings) -> Instance | Elsewhere | None:
    """Return the Asterisk that calls go through: another's, or ours; None where calls are rehearsed without one."""
    if settings.switch != "rehearsal" and settings.asterisk_url is not None:
        announcements = settings.data_dir / "asterisk" / "announcements"
        return Elsewhere.read(settings.asterisk_url.get_secret_value(), announcements)
    return asterisk_of(settings)


def asterisk_of(settings: Settings, kind: Kind = Kind.PBX) -> Instance | None:
    """Return the Asterisk that is, or would be, run here; None where calls are rehearsed without one."""
    if settings.switch == "rehearsal":
        return None
    installation = find(settings.data_dir, settings.asterisk_root)
    if installation is None:
        if settings.switch == "asterisk":
            raise NoAsterisk("ANMI_SWITCH is asterisk, and there is none: run scripts/asterisk.")
        return None
    wanted = _wanted(settings) if kind is Kind.PBX else Wanted()
    return Instance(installation, settings.data_dir / "asterisk" / kind.value, kind, wanted)


def _wanted(settings: Settings) -> Wanted:
    first, _, last = (settings.rtp_ports or "").partition("-")
    return Wanted(
        sip_host=str(settings.sip_host) if settings.sip_host else None,
        sip_port=settings.sip_port,
        media_address=str(settings.media_address) if settings.media_address else None,
        rtp_ports=(int(first), int(last)) if settings.rtp_ports else None,
    )


@asynccontextmanager
async def open_switch(settings: Settings, clock: Clock) -> AsyncGenerator[tuple[Switch, EngineName]]:
    """Open the switch of this machine, and name its engine."""
    who = EngineName(settings.engine_name, "rehearsal")
    found = switch_of(settings)
    if found is None:
        cast = read_cast(settings.data_dir / FILE)
        async with RehearsalSwitch(cast, settings.data_dir / "recordings" / "raw", clock) as switch:
            yield switch, who
        return
    who = replace(who, switch="asterisk", phone_url=found.places.phone_url)
    async with AsteriskSwitch.of(found, clock) as switch:
        yield switch, who


async def run(settings: Settings) -> None:
    """Own the calls of this machine's switch until SIGTERM or SIGINT."""
    async with open_house(settings) as house, open_switch(settings, house.units.clock) as (switch, who):
        engine = Engine(who, house.units, switch, Workbench(house.units), Keeping(house.units, house.vault))
        owning = asyncio.create_task(engine.run())
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, owning.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await owning
