"""Commands of a call, carried out: each becomes a few requests. What comes of them is told by events, not here.

Every command may be given twice, and to a leg that is going: what is gone needs nothing done.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncGenerator, Generator, Mapping
from pathlib import Path
from typing import Final
from uuid import UUID

from anmi.adapters.asterisk.ari import Ari, Refused
from anmi.adapters.asterisk.naming import EAR, channel_of, helper_of, talk_of
from anmi.adapters.asterisk.watching import Watch, Watched
from anmi.core.call_events import Monitoring
from anmi.core.call_legs import Leg
from anmi.core.ports.switch import Address, ToNumber, ToPhone

ENTRY_SECONDS: Final = 5.0
GONE_SECONDS: Final = 0.01
# Gone, on its way out, or on its way in: nothing that has to be mended here.
PASSING: Final = frozenset({404, 409, 412, 422})
# `video_sfu` keeps a talk of two mixed like one of three: connected directly, a leg whose partner changes may stay
# deaf to the new one (docs/decisions/0202).
TALK: Final = "mixing,dtmf_events,video_sfu"
# Milliseconds of sound and of silence after which somebody is said to speak, or to have fallen silent; energy.
TALK_DETECTION: Final = "700,160"
_PROMPT: Final = re.compile(r"[a-z0-9_]+")
_SPIES: Final[Mapping[Monitoring, Mapping[str, str]]] = {
    Monitoring.LISTEN: {"spy": "both", "whisper": "none"},
    Monitoring.WHISPER: {"spy": "both", "whisper": "out"},
}


class Hands:
    """What is done in the switch."""

    def __init__(self, ari: Ari, watch: Watch, prompts: Path) -> None:
        self._ari = ari
        self._watch = watch
        self._prompts = prompts
        self._entering: dict[str, asyncio.Event] = {}

    async def create(self, call_id: UUID, leg: Leg, address: Address) -> None:
        """Make a leg; raise Refused when the switch knows no way there."""
        channel = channel_of(call_id, leg)
        if self._watch.at(channel):
            return
        watched = Watched(call_id, leg, channel, _over(address), isinstance(address, ToPhone))
        self._watch.add(watched)
        try:
            await self._ari.post(
                "channels/create",
                {"variables": _variables(call_id, leg, address)},
                endpoint=_endpoint(address),
                app=self._ari.app,
                appArgs="made",
                channelId=channel,
            )
        except Refused as refusal:
            # 409: it is there already, from before this engine was begun.
            if refusal.status != 409:
                self._watch.drop(channel)
                raise

    async def dial(self, call_id: UUID, leg: Leg, ring_seconds: int) -> None:
        """Ring."""
        watched = self._watch.of(call_id, leg)
        if watched is None or watched.rings_until is not None:
            return
        watched.ring(ring_seconds)
        with passing():
            await self._ari.post(f"channels/{watched.channel}/dial", timeout=ring_seconds)

    async def answer(self, call_id: UUID, leg: Leg) -> None:
        """Answer a call that arrived."""
        if watched := self._watch.of(call_id, leg):
            with passing():
                await self._ari.post(f"channels/{watched.channel}/answer")

    async def connect(self, call_id: UUID, legs: tuple[Leg, ...]) -> bool:
        """Let exactly these legs hear one another; return whether they do."""
        wanted = {watched.channel for leg in legs if (watched := self._watch.of(call_id, leg))}
        bridge = talk_of(call_id)
        present = await self._opened(bridge)
        leaving, joining = present - wanted, wanted - present
        await self._lead_away(bridge, leaving)
        with passing() as answers:
            await asyncio.gather(*(self._stop_music(channel) for channel in joining))
            if joining:
                await self._ari.post(f"bridges/{bridge}/addChannel", channel=",".join(sorted(joining)))
        return not answers and len(wanted) == len(legs)

    async def play_music(self, call_id: UUID, leg: Leg) -> None:
        """Let a leg wait with music, by itself."""
        if watched := self._watch.of(call_id, leg):
            await self._set_apart(call_id, watched.channel)
            watched.may_hear_music = True
            with passing():
                await self._ari.post(f"channels/{watched.channel}/moh")

    async def announce(self, call_id: UUID, leg: Leg, prompt: str) -> None:
        """Let a leg hear a prompt."""
        if not _PROMPT.fullmatch(prompt) or not any(self._prompts.glob(f"{prompt}.*")):
            raise ValueError(f"There is no prompt {prompt!r}.")
        watched = self._watch.of(call_id, leg)
        if watched is None:
            return
        playback = watched.playback = helper_of(watched.channel, prompt)
        with passing() as answers:
            media = f"sound:{self._prompts / prompt}"
            await self._ari.post(f"channels/{watched.channel}/play", media=media, playbackId=playback)
        if answers:
            watched.playback = None

    async def send_keys(self, call_id: UUID, leg: Leg, keys: str) -> None:
        """Press keys towards a leg."""
        if watched := self._watch.of(call_id, leg):
            with passing():
                await self._ari.post(f"channels/{watched.channel}/dtmf", dtmf=keys, between=100, duration=100)

    async def hang_up(self, call_id: UUID, leg: Leg) -> None:
        """End a leg; when something is being said to it, afterwards."""
        if watched := self._watch.of(call_id, leg):
            watched.is_released = True
            if watched.playback is None:
                await self._ari.delete(f"channels/{watched.channel}")

    async def has_heard(self, watched: Watched) -> None:
        """End a leg that was only to hear what was said."""
        watched.playback = None
        if watched.is_released:
            await self._ari.delete(f"channels/{watched.channel}")

    async def monitor(self, call_id: UUID, supervisor: Leg, of: Leg, mode: Monitoring) -> None:
        """Let a supervisor take part; the mode replaces the one before."""
        listener, subject = self._watch.of(call_id, supervisor), self._watch.of(call_id, of)
        if listener is None or subject is None:
            return
        ear = helper_of(listener.channel, EAR)
        await self._take_off(ear)
        if mode is Monitoring.BARGE:
            with passing():
                await self._ari.post(f"bridges/{talk_of(call_id)}/addChannel", channel=listener.channel)
            return
        await self._set_apart(call_id, listener.channel)
        # One bridge serves as long as the supervisor is there: while one of its name still ends, another is refused.
        with passing():
            await self._ari.post(f"bridges/{ear}", type="mixing", name=ear)
        with passing():
            async with self.entering(ear):
                await self._ari.post(
                    f"channels/{subject.channel}/snoop/{ear}", None, app=self._ari.app, appArgs=EAR, **_SPIES[mode]
                )
            await self._ari.post(f"bridges/{ear}/addChannel", channel=f"{listener.channel},{ear}")

    async def stop_monitoring(self, listener: str) -> None:
        """Put away by what a supervisor heard, when she is gone."""
        ear = helper_of(listener, EAR)
        await self._ari.delete(f"channels/{ear}")
        await self._ari.delete(f"bridges/{ear}")

    async def _take_off(self, ear: str) -> None:
        """End a supervisor's way to hear another's leg, and wait until it is gone."""
        if await self._ari.delete(f"channels/{ear}"):
            await self._until_gone(ear)

    async def _until_gone(self, channel: str) -> None:
        """Wait for a channel to end: while it still ends, another of its name is refused."""
        async with asyncio.timeout(ENTRY_SECONDS):
            while True:
                try:
                    await self._ari.get(f"channels/{channel}")
                except Refused as refusal:
                    if refusal.status == 404:
                        return
                    raise
                await asyncio.sleep(GONE_SECONDS)

    @contextlib.asynccontextmanager
    async def entering(self, channel: str) -> AsyncGenerator[None]:
        """Do something that makes a channel; go on when it is in our hands."""
        entered = self._entering[channel] = asyncio.Event()
        try:
            yield
            async with asyncio.timeout(ENTRY_SECONDS):
                await entered.wait()
        finally:
            del self._entering[channel]

    def has_entered(self, channel: str) -> None:
        """Note that a helper's channel is in our hands."""
        if entered := self._entering.get(channel):
            entered.set()

    async def _lead_away(self, bridge: str, leaving: set[str]) -> None:
        """Take channels out of a talk, and wait for those who were just told to go and are on their way out."""
        if not leaving:
            return
        for channel in sorted(leaving):
            with passing():
                await self._ari.post(f"bridges/{bridge}/removeChannel", channel=channel)
        for _ in range(round(ENTRY_SECONDS / GONE_SECONDS)):
            if leaving.isdisjoint(await self._in_bridge(bridge) or ()):
                return
            await asyncio.sleep(GONE_SECONDS)

    async def _stop_music(self, channel: str) -> None:
        watched = self._watch.at(channel)
        if watched and watched.may_hear_music:
            watched.may_hear_music = False
            await self._ari.delete(f"channels/{channel}/moh")

    async def _set_apart(self, call_id: UUID, channel: str) -> None:
        """Take a channel out of its call's talk."""
        bridge = talk_of(call_id)
        if channel in (await self._in_bridge(bridge) or ()):
            with passing():
                await self._ari.post(f"bridges/{bridge}/removeChannel", channel=channel)

    async def _opened(self, bridge: str) -> set[str]:
        """Return who is in a talk, which is begun where there is none: most often there is none yet."""
        try:
            told = await self._ari.post(f"bridges/{bridge}", type=TALK, name=bridge)
        except Refused:
            if (present := await self._in_bridge(bridge)) is None:
                raise
            return present
        return set(told["channels"])

    async def _in_bridge(self, bridge: str) -> set[str] | None:
        try:
            return set((await self._ari.get(f"bridges/{bridge}"))["channels"])
        except Refused as refusal:
            if refusal.status == 404:
                return None
            raise


@contextlib.contextmanager
def passing() -> Generator[list[Refused]]:
    """Let pass what a leg that comes or goes answers; yield a list that then holds the answer."""
    answers: list[Refused] = []
    try:
        yield answers
    except Refused as refusal:
        if refusal.status not in PASSING:
            raise
        answers.append(refusal)


def _over(address: Address) -> str:
    return address.phone if isinstance(address, ToPhone) else address.trunk


def _endpoint(address: Address) -> str:
    match address:
        case ToPhone():
            return f"PJSIP/{address.phone}"
        case ToNumber():
            return f"PJSIP/{address.digits}@{address.trunk}"


def _variables(call_id: UUID, leg: Leg, address: Address) -> dict[str, str]:
    common = {"TALK_DETECT(set)": TALK_DETECTION}
    match address:
        case ToPhone(caller_name=name):
            # By these the page knows which of its calls rings, and answers the one that was asked for in it.
            headers = {"X-Anmi-Call": str(call_id), "X-Anmi-Leg": str(leg)}
            named = {"CONNECTEDLINE(name,i)": name} if name else {}
            told = {f"PJSIP_HEADER(add,{header})": value for header, value in headers.items()}
            return common | named | told
        case ToNumber(caller_id=caller_id):
            return common | ({"CONNECTEDLINE(num,i)": caller_id} if caller_id else {})
