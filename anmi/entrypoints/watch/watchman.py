"""The live watch: hears every connected call of one switch and holds it against the rules while it lasts.

A process of its own that reads with less right to the processor than the others have, so that no amount of listening is
felt by calls.
It keeps nothing that the database does not know: begun again, it goes on with the calls that live.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import select

from anmi.adapters.asterisk.listening import Listener
from anmi.adapters.speech.choice import SpeechSettings, choose_speech
from anmi.core.ports.live_sound import SAMPLE_RATE, LiveSound
from anmi.core.ports.speech import Speech
from anmi.entrypoints.patience import AWAY
from anmi.entrypoints.switches import switch_of
from anmi.entrypoints.watch.call_watch import CallWatch
from anmi.entrypoints.wiring import open_house
from anmi.identity.tenants.service import every_tenant
from anmi.kit.caller import the_system
from anmi.kit.errors import Unavailable
from anmi.kit.hub import Heard, Hub
from anmi.kit.settings import Settings
from anmi.kit.unit_of_work import Units
from anmi.quality.inspections.service import Inspectors
from anmi.quality.live_watch.service import CONNECTED, Watchers
from anmi.telephony.calls.models import Call
from anmi.telephony.engines.models import Engine

BEAT_SECONDS: Final = 2.0
READING_NICENESS: Final = 5
"""Reading sound is nearly all of the work; whoever hears it and writes what follows is done in a moment."""
CALLS_TOPIC: Final = "calls"

log = structlog.get_logger()


@dataclass(slots=True)
class Watchman:
    """Watches all calls of one engine."""

    name: str
    units: Units
    sound: LiveSound
    speech: Speech
    inspectors: Inspectors
    watches: dict[UUID, CallWatch] = field(default_factory=dict[UUID, CallWatch])
    _moved: asyncio.Queue[tuple[UUID, UUID] | None] = field(default_factory=asyncio.Queue[tuple[UUID, UUID] | None])
    """A call of a tenant that has come further; None: look at all of them."""
    _tasks: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    async def run(self) -> None:
        """Watch until cancelled; what lives then is taken up by whoever comes after."""
        await self._wake()
        hub = Hub()
        end_hearing = hub.listen(self._hear)
        self._moved.put_nowait(None)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(hub.run(self.units.database.address))
                group.create_task(self._look())
                group.create_task(self._beat())
        finally:
            end_hearing()
            for task in tuple(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _wake(self) -> None:
        """Make rules and recogniser ready: no call shall wait for them."""
        with contextlib.suppress(Unavailable, *AWAY):
            for tenant in await every_tenant(self.units):
                async with self.units.begin(the_system(tenant.id)) as unit:
                    await self.inspectors(unit)
            async with self.speech.listen(channels=1, sample_rate=SAMPLE_RATE):
                pass

    def _hear(self, heard: Heard) -> None:
        if heard.tenant_id is None:
            self._moved.put_nowait(None)
        elif heard.topic == CALLS_TOPIC and (call_id := heard.about.get("call_id")):
            self._moved.put_nowait((heard.tenant_id, UUID(call_id)))

    async def _look(self) -> None:
        while True:
            moved = await self._moved.get()
            try:
                await (self._look_at_all() if moved is None else self._look_at(*moved))
            except AWAY as fault:
                # The hub comes back with a gap, and then all are looked at.
                log.warning("watch_without_database", fault=type(fault).__name__)

    async def _look_at_all(self) -> None:
        for tenant in await every_tenant(self.units):
            async with self.units.begin(the_system(tenant.id)) as unit:
                query = select(Call).join(Engine, Engine.id == Call.engine_id).where(Engine.name == self.name)
                live = (await unit.session.scalars(query.where(Call.ended_at.is_(None)))).all()
            for call in live:
                self._learn(call)
        for watch in tuple(self.watches.values()):
            await self._look_at(watch.call.tenant_id, watch.call.id)

    async def _look_at(self, tenant_id: UUID, call_id: UUID) -> None:
        async with self.units.begin(the_system(tenant_id)) as unit:
            query = select(Call).join(Engine, Engine.id == Call.engine_id).where(Engine.name == self.name)
            call = (await unit.session.scalars(query.where(Call.id == call_id))).one_or_none()
        if call is not None:
            self._learn(call)

    def _learn(self, call: Call) -> None:
        watch = self.watches.get(call.id)
        if watch is not None:
            watch.learn(call)
        elif call.phase in CONNECTED and call.ended_at is None:
            watch = self.watches[call.id] = CallWatch(self, call)
            task = asyncio.create_task(self._watch(watch), name=f"watch {call.id}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _watch(self, watch: CallWatch) -> None:
        try:
            await watch.run()
        except Exception as fault:
            # One call that cannot be watched leaves the others alone.
            log.exception("call_watch_failed", call_id=str(watch.call.id), fault=type(fault).__name__)
        finally:
            del self.watches[watch.call.id]

    async def _beat(self) -> None:
        while True:
            with contextlib.suppress(*AWAY):
                async with self.units.begin(the_system()) as unit:
                    await Watchers(unit).beat(self.name, self.speech.model, len(self.watches))
            await asyncio.sleep(BEAT_SECONDS)


@asynccontextmanager
async def open_sound(settings: Settings) -> AsyncGenerator[LiveSound]:
    """Open the ears at this machine's switch; raise Unavailable where calls are rehearsed without sound."""
    found = switch_of(settings)
    if found is None:
        raise Unavailable("live sound", "calls are rehearsed without sound")
    async with Listener.at(found) as listener:
        yield listener


async def run(settings: Settings) -> None:
    """Watch the calls of this machine's switch until SIGTERM or SIGINT."""
    async with open_house(settings) as house, open_sound(settings) as sound:
        speech = await asyncio.to_thread(choose_speech, SpeechSettings(), READING_NICENESS)
        watchman = Watchman(settings.engine_name, house.units, sound, speech, house.inspector)
        log.info("watch_ready", engine=settings.engine_name, model=speech.model)
        watching = asyncio.create_task(watchman.run())
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, watching.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await watching
