"""Events of the switch, told as news of calls: what a channel is to a call, and why a leg has ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID, uuid5

import structlog

from anmi.adapters.asterisk.acting import Hands
from anmi.adapters.asterisk.ami import Message
from anmi.adapters.asterisk.announcements import Announcements, is_spoken
from anmi.adapters.asterisk.ari import Ari, Refused
from anmi.adapters.asterisk.ari_events import (
    AriEvent,
    Changed,
    Channel,
    ChannelEvent,
    Destroyed,
    Dialled,
    Entered,
    Played,
    Pressed,
    Talking,
    read_channel_facts,
)
from anmi.adapters.asterisk.endings import Signs, ending_of
from anmi.adapters.asterisk.hep import Wire
from anmi.adapters.asterisk.listening import Taps
from anmi.adapters.asterisk.naming import call_of, read_channel, talk_of
from anmi.adapters.asterisk.recordings import Recordings, debtors_track
from anmi.adapters.asterisk.watching import ARRIVALS, Watch, Watched, found
from anmi.core.call_events import CallEvent, KeyPressed, LegBack, LegCreated, LegEnded, LegLost, TalkBegan, TalkEnded
from anmi.core.call_legs import Ending, Leg, Role
from anmi.core.ports.switch import Arrived, Happened, PhoneSeen, SwitchNews
from anmi.kit.errors import Unavailable

# The copy of the carrier's answer and Asterisk's own event come by two ways, a millisecond apart.
COPY_SECONDS: Final = 0.03
# What a phone answers when it is not there, in SIP.
AWAY: Final = frozenset({404, 408, 410})
GONE: Final = frozenset({"Removed", "Unreachable"})
CALLER: Final = Leg(Role.DEBTOR)

log = structlog.get_logger()


class Ears:
    """What is heard of the switch."""

    def __init__(
        self,
        ari: Ari,
        wire: Wire,
        watch: Watch,
        hands: Hands,
        recordings: Recordings,
        taps: Taps,
        announcements: Announcements,
        identity: UUID,
        clock: Callable[[], datetime],
        tell: Callable[[SwitchNews], None],
    ) -> None:
        self._ari = ari
        self._wire = wire
        self._watch = watch
        self._hands = hands
        self._recordings = recordings
        self._taps = taps
        self._announcements = announcements
        self._identity = identity
        self._clock = clock
        self._tell = tell
        self._reasons: dict[str, Mapping[str, Ending]] = {}
        self._phones: dict[str, bool] = {}
        self._lost: dict[str, set[tuple[UUID, Leg]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def mean(self, trunk: str, reasons: Mapping[str, Ending]) -> None:
        """Note what a trunk means by its answers."""
        self._reasons[trunk] = reasons

    def hear(self, event: AriEvent) -> None:
        """Take an event; tell what it is to a call."""
        match event:
            case Entered(channel, arguments):
                self._enter(channel, arguments)
            case Destroyed(channel) if watched := self._watch.drop(channel.id):
                self._in_the_background(self._end(watched, event))
            case Played(playback, channel):
                if (watched := self._watch.at(channel)) and watched.playback == playback:
                    self._in_the_background(self._hands.has_heard(watched))
            case _ if watched := self._watch.at(event.channel.id):
                if news := _news_of(watched, event):
                    self._tell(Happened(watched.call_id, news, self._clock()))
            case _:
                pass

    def hear_manager(self, message: Message) -> None:
        """Take an event of the manager interface: a phone has come or gone."""
        phone = message.get("AOR", "")
        if phone in self._reasons:
            # The address of a trunk, written by ourselves.
            return
        match message.get("Event"):
            case "ContactStatus" if message.get("ContactStatus") in GONE:
                # Only one of its contacts may have gone: a newer one takes the place of the older.
                self._in_the_background(self.look_for(phone))
            case "ContactStatus":
                self.see_phone(phone, is_there=True)
            case "LoggedIn":
                self._in_the_background(self._look_for_phones())
            case _:
                pass

    async def look_for(self, phone: str) -> None:
        """Ask whether a phone is there, and tell it."""
        try:
            told = await self._ari.get(f"endpoints/PJSIP/{quote(phone, safe='')}")
        except Refused:
            told = {"state": "unknown"}
        self.see_phone(phone, is_there=told["state"] == "online")

    def see_phone(self, phone: str, *, is_there: bool) -> None:
        """Tell that a phone is there or gone, and what that is to the legs that go over it."""
        if self._phones.get(phone) is is_there:
            return
        self._phones[phone] = is_there
        now = self._clock()
        self._tell(PhoneSeen(phone, is_there, now))
        if is_there:
            for call_id, leg in self._lost.pop(phone, ()):
                if self._watch.has_call(call_id):
                    self._tell(Happened(call_id, LegBack(leg), now))
            return
        for watched in self._watch.on_phone(phone):
            self._lost.setdefault(phone, set()).add((watched.call_id, watched.leg))
            self._tell(Happened(watched.call_id, LegLost(watched.leg), now))

    def forget_phone(self, phone: str) -> None:
        """Look for a phone no longer; let in again, it is news again."""
        self._phones.pop(phone, None)
        self._lost.pop(phone, None)

    async def take_back(self) -> None:
        """Learn which legs live, after we or the switch were away; end what serves none of them."""
        channels = [read_channel_facts(told) for told in await self._ari.get("channels")]
        ours = {channel.id: owner for channel in channels if (owner := self.owner_of(channel))}
        self._watch.drop_all_but(ours)
        for channel in channels:
            if channel.id in ours and not self._watch.at(channel.id):
                self._watch.add(found(channel, *ours[channel.id]))
                await self._subscribe(channel)
        living = {call_id for call_id, _ in ours.values()}
        for channel in channels:
            if channel.id not in ours and (call := call_of(channel.id)) and call not in living:
                await self._ari.delete(f"channels/{channel.id}")
        for bridge in await self._ari.get("bridges"):
            if (call := call_of(bridge["id"])) and call not in living:
                await self._ari.delete(f"bridges/{bridge['id']}")
        await self._look_for_phones()

    def owner_of(self, channel: Channel) -> tuple[UUID, Leg] | None:
        """Return the call and leg of a channel: named by us, or arrived."""
        if own := read_channel(channel.id):
            return own
        if channel.context == ARRIVALS and not call_of(channel.id):
            return uuid5(self._identity, channel.id), CALLER
        return None

    async def finish(self) -> None:
        """Finish what is still under way; it is short."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _enter(self, channel: Channel, arguments: tuple[str, ...]) -> None:
        at = self._clock()
        if watched := self._watch.at(channel.id):
            self._tell(Happened(watched.call_id, LegCreated(watched.leg), at))
        elif arguments[:1] == ("arrived",) and (owner := self.owner_of(channel)):
            self._watch.add(found(channel, *owner))
            self._in_the_background(self._subscribe(channel))
            called = arguments[1] if len(arguments) > 1 else ""
            self._tell(Arrived(owner[0], channel.over, channel.caller, called, at))
            self._tell(Happened(owner[0], LegCreated(owner[1]), at))
        else:
            self._hands.has_entered(channel.id)

    async def _look_for_phones(self) -> None:
        for phone in list(self._phones):
            await self.look_for(phone)

    async def _subscribe(self, channel: Channel) -> None:
        """Ask to be told of the end of a channel that came through the dialplan; of our own we are told anyway."""
        if read_channel(channel.id):
            return
        try:
            await self._ari.post(f"applications/{self._ari.app}/subscription", eventSource=f"channel:{channel.id}")
        except Refused:
            # It is gone already, and nobody will tell.
            if watched := self._watch.drop(channel.id):
                self._tell(Happened(watched.call_id, LegEnded(watched.leg, Ending.HUNG_UP), self._clock()))

    async def _end(self, watched: Watched, event: Destroyed) -> None:
        signs, is_announced = await self._signs(watched, event), False
        if watched.has_progressed and not watched.is_answered:
            signs, is_announced = await self._with_announcement(watched, signs)
        ending, evidence = ending_of(signs)
        if watched.is_phone and not watched.is_answered and signs.sip in AWAY:
            ending = Ending.OFFLINE
        self._tell(Happened(watched.call_id, LegEnded(watched.leg, ending, evidence), self._clock()))
        self._in_the_background(self._clear(watched))
        kept = await self._recordings.completed(watched.channel)
        if kept and (watched.is_answered or (is_announced and evidence.is_vague)):
            # The second: words that only a recogniser can read tell more than the code we have.
            self._tell(kept)
        elif kept:
            self._recordings.take_away(kept)

    async def _clear(self, watched: Watched) -> None:
        """Put away what served a leg, and with the last one what served the call."""
        await self._taps.leave(watched.channel)
        if watched.leg.role is Role.SUPERVISOR:
            await self._hands.stop_monitoring(watched.channel)
        if not self._watch.has_call(watched.call_id):
            await self._ari.delete(f"bridges/{talk_of(watched.call_id)}")

    async def _signs(self, watched: Watched, event: Destroyed) -> Signs:
        call_id = event.channel.sip_call_id
        is_told = watched.is_answered or watched.is_released or not call_id
        if not is_told and self._wire.about(call_id).sip is None:
            await asyncio.sleep(COPY_SECONDS)
        said = self._wire.about(call_id)
        was_withdrawn = said.is_cancelled or (watched.has_rung_out and said.sip in {None, 487})
        return Signs(
            cause=event.cause,
            sip=said.sip or event.sip,
            q850=said.q850,
            was_answered=watched.is_answered,
            has_rung=watched.has_rung,
            is_released=watched.is_released,
            is_timed_out=was_withdrawn,
            reasons=self._reasons.get(watched.over, {}),
        )

    async def _with_announcement(self, watched: Watched, signs: Signs) -> tuple[Signs, bool]:
        """Recognise what the network said before it cleared the call, and say whether it said anything.

        It is on the debtor's track.
        """
        kept = await self._recordings.completed(watched.channel)
        if kept is None:
            return signs, False
        try:
            track = await asyncio.to_thread(debtors_track, kept)
        except OSError as fault:
            log.warning("announcement_not_read", fault=str(fault))
            return signs, False
        found = await asyncio.to_thread(self._announcements.recognise, track, kept.rate)
        if found:
            return replace(signs, announcement=found.name, announced=found.ending), True
        return signs, await asyncio.to_thread(is_spoken, track, kept.rate)

    def _in_the_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(_told(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _told(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Unavailable as fault:
        log.warning("switch_left_something_undone", fault=str(fault))


def _news_of(watched: Watched, event: ChannelEvent) -> CallEvent | None:
    match event:
        case Dialled():
            return watched.see(event)
        case Changed(channel) if channel.is_up:
            return watched.answer()
        case Pressed(key=key):
            return KeyPressed(watched.leg, key)
        case Talking(has_begun=has_begun):
            return TalkBegan(watched.leg) if has_begun else TalkEnded(watched.leg)
        case _:
            return None
