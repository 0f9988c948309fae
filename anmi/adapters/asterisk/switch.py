"""The body of the switch port: Asterisk. Events are told as news, commands are carried out, and nothing is decided."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from uuid import UUID

from anmi.adapters.asterisk.accounts import Accounts
from anmi.adapters.asterisk.acting import Hands
from anmi.adapters.asterisk.ami import Ami
from anmi.adapters.asterisk.announcements import Announcements
from anmi.adapters.asterisk.ari import Ari, Connected, Refused
from anmi.adapters.asterisk.ari_events import UNWANTED, read_channel_facts, read_event
from anmi.adapters.asterisk.elsewhere import Elsewhere
from anmi.adapters.asterisk.hearing import Ears
from anmi.adapters.asterisk.hep import Wire
from anmi.adapters.asterisk.installation import PORT
from anmi.adapters.asterisk.instance import APP, USER, Instance, configuration_folder
from anmi.adapters.asterisk.listening import Taps
from anmi.adapters.asterisk.media import MediaServer
from anmi.adapters.asterisk.naming import channel_of
from anmi.adapters.asterisk.places import Places
from anmi.adapters.asterisk.recordings import Recordings
from anmi.adapters.asterisk.watching import Watch
from anmi.core.call_commands import (
    Announce,
    AnswerLeg,
    Connect,
    CreateLeg,
    DialLeg,
    HangUp,
    Monitor,
    PlayMusic,
    Record,
    SendKeys,
    SwitchCommand,
)
from anmi.core.call_events import CallEvent, LegEnded, LegsConnected
from anmi.core.call_legs import Ending, Evidence, Leg, Source
from anmi.core.ports.switch import (
    Address,
    Happened,
    LiveLeg,
    PhoneAccount,
    RecordingKept,
    SwitchBack,
    SwitchNews,
    ToPhone,
    TrunkAccount,
)
from anmi.kit.errors import Unavailable
from anmi.kit.unit_of_work import Clock, system_clock

READY_SECONDS: Final = 5.0


class AsteriskSwitch:
    """One Asterisk; used inside an `async with` block."""

    def __init__(self, places: Places, recordings: Path, announcements: Announcements, clock: Clock) -> None:
        self._clock = clock
        self._ari = Ari(places.ari_url, USER, places.ari_secret, APP)
        self._ami = Ami(places.ami_host, places.ami_port, USER, places.ami_secret)
        self._wire = Wire(places.hep_host, places.hep_port)
        self._media = MediaServer(places.media_host, places.media_port)
        self._watch = Watch()
        self._hands = Hands(self._ari, self._watch, configuration_folder() / "prompts")
        self._recordings = Recordings(self._ami, recordings)
        self._accounts = Accounts(self._ari, places)
        self._taps = Taps(self._ari, self._hands, self._media)
        self._news: asyncio.Queue[SwitchNews] = asyncio.Queue()
        self._ears = Ears(
            self._ari,
            self._wire,
            self._watch,
            self._hands,
            self._recordings,
            self._taps,
            announcements,
            UUID(places.identity),
            clock,
            self._news.put_nowait,
        )
        self._is_ready = asyncio.Event()
        self._opened = contextlib.AsyncExitStack()

    @classmethod
    def of(cls, instance: Instance | Elsewhere, clock: Clock = system_clock) -> Self:
        """Return the switch that an Asterisk is; it knows announcements of the rehearsal and of `announcements/`."""
        folders = (configuration_folder() / "voices" / "network", instance.announcements)
        return cls(instance.places, instance.recordings, Announcements.read(*folders), clock)

    async def __aenter__(self) -> Self:
        for part in (self._ari, self._ami, self._wire, self._media):
            await self._opened.enter_async_context(part)
        self._opened.push_async_callback(self._ears.finish)
        for work, name in ((self._follow(), "asterisk events"), (self._follow_manager(), "asterisk manager events")):
            self._opened.push_async_callback(_end, asyncio.create_task(work, name=name))
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _fault: BaseException | None, _t: TracebackType | None
    ) -> None:
        await self._opened.aclose()

    async def carry_out(self, call_id: UUID, command: SwitchCommand, address: Address | None = None) -> None:
        """Do what a call asks for."""
        await self._legs_known()
        match command:
            case CreateLeg(leg):
                await self._create(call_id, leg, address)
            case DialLeg(leg, ring_seconds):
                await self._hands.dial(call_id, leg, ring_seconds)
            case AnswerLeg(leg):
                await self._hands.answer(call_id, leg)
            case Connect(legs):
                if await self._hands.connect(call_id, legs):
                    self._tell(call_id, LegsConnected(legs))
            case PlayMusic(leg):
                await self._hands.play_music(call_id, leg)
            case Announce(leg, prompt):
                await self._hands.announce(call_id, leg, prompt)
            case Monitor(supervisor_leg, of, mode):
                await self._hands.monitor(call_id, supervisor_leg, of, mode)
            case SendKeys(leg, keys):
                await self._hands.send_keys(call_id, leg, keys)
            case Record(leg):
                await self._record(call_id, leg)
            case HangUp(leg):
                await self._hands.hang_up(call_id, leg)

    async def news(self) -> AsyncIterator[SwitchNews]:
        """Tell what happens, in order."""
        while True:
            yield await self._news.get()

    async def live_legs(self) -> Sequence[LiveLeg]:
        """Return every leg of ours that lives."""
        channels = [read_channel_facts(told) for told in await self._ari.get("channels")]
        owners = ((channel, self._ears.owner_of(channel)) for channel in channels)
        return [LiveLeg(*owner, is_answered=channel.is_up) for channel, owner in owners if owner]

    async def kept_recordings(self) -> Sequence[RecordingKept]:
        """Return the recordings that lie complete."""
        living = {told["id"] for told in await self._ari.get("channels")}
        return await asyncio.to_thread(self._recordings.all_but, living)

    async def take_away(self, recording: RecordingKept) -> None:
        """Delete a raw recording."""
        await asyncio.to_thread(self._recordings.take_away, recording)

    async def let_in(self, phone: PhoneAccount) -> None:
        """Let a phone register, and tell whether it is there already."""
        await self._accounts.let_in(phone)
        self._ears.forget_phone(phone.phone)
        await self._ears.look_for(phone.phone)

    async def shut_out(self, phone: str) -> None:
        """Let a phone register no longer."""
        self._ears.forget_phone(phone)
        await self._accounts.shut_out(phone)

    async def open_trunk(self, trunk: TrunkAccount) -> None:
        """Make a trunk usable, or change it."""
        self._ears.mean(trunk.trunk, {code: Ending(meaning) for code, meaning in trunk.reasons})
        await self._accounts.open_trunk(trunk)

    async def close_trunk(self, trunk: str) -> None:
        """Dial no longer over a trunk."""
        await self._accounts.close_trunk(trunk)

    async def listen(self, call_id: UUID, leg: Leg) -> AsyncIterator[bytes]:
        """Yield what a leg says."""
        watched = self._watch.of(call_id, leg)
        if watched is None:
            return
        async with self._taps.on(watched.channel) as sound:
            async for frame in sound.frames():
                yield frame

    async def _legs_known(self) -> None:
        """Wait until we know which legs live: whom we do not know we would lead out of her own talk."""
        try:
            async with asyncio.timeout(READY_SECONDS):
                await self._is_ready.wait()
        except TimeoutError:
            raise Unavailable(PORT, "it has not yet said which legs live") from None

    async def _create(self, call_id: UUID, leg: Leg, address: Address | None) -> None:
        if address is None:
            raise ValueError("A leg leads somewhere.")
        try:
            await self._hands.create(call_id, leg, address)
        except Refused:
            # Asterisk knows no way there: nobody is registered under this name, or there is no such trunk.
            ending = Ending.OFFLINE if isinstance(address, ToPhone) else Ending.FAILED
            self._tell(call_id, LegEnded(leg, ending, Evidence(Source.CAUSE)))

    async def _record(self, call_id: UUID, leg: Leg) -> None:
        watched = self._watch.of(call_id, leg)
        if watched:
            self._tell(call_id, await self._recordings.begin(watched.channel, channel_of(call_id, leg)))

    async def _follow(self) -> None:
        async for told in self._ari.events():
            if isinstance(told, Connected):
                await self._come_back()
            elif event := read_event(told):
                self._ears.hear(event)

    async def _come_back(self) -> None:
        unwanted = [{"type": kind} for kind in UNWANTED]
        await self._ari.put(f"applications/{APP}/eventFilter", {"disallowed": unwanted})
        await self._ami.ready()
        await self._accounts.let_in_again()
        await self._ears.take_back()
        self._is_ready.set()
        self._news.put_nowait(SwitchBack(self._clock()))

    async def _follow_manager(self) -> None:
        async for message in self._ami.events():
            self._ears.hear_manager(message)

    def _tell(self, call_id: UUID, event: CallEvent) -> None:
        self._news.put_nowait(Happened(call_id, event, self._clock()))


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait({task})
