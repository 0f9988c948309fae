"""The rehearsal's telephone network: an Asterisk whose numbers are answered, or not, by invented debtors who speak.

It stands where a carrier would: what reaches it are SIP calls, what it gives back is the network's own signalling and
sound. How somebody behaves is `core.rehearsal`'s; here it is only carried out.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import structlog

from anmi.adapters.asterisk.ari import Ari, Connected, Refused
from anmi.core.rehearsal import ANNOUNCEMENTS, BY_CODE, CAUSES, Answer, Cast, Deed, Ear, Leave, Persona, Say, Talk, Wait
from anmi.kit.errors import Unavailable

log = structlog.get_logger()

VOICES: Final = ("woman", "man")
# How the switch tells talk from silence: milliseconds of quiet that end a sentence, and how loud talk is.
TALK_DETECTION: Final = "700,160"
LONGEST_RING: Final = 120.0
NORMAL_CLEARING: Final = 16
TONE: Final = "tone:"
CALLING: Final = "calling"
"""First word of a call that goes out of the network; the number of who calls follows."""
RING_SECONDS: Final = 30

_EARS: Final = {"ChannelTalkingStarted": Ear.OTHER_BEGAN, "ChannelTalkingFinished": Ear.OTHER_ENDED}


@dataclass(slots=True)
class _Line:
    """One call at the network, as long as it lasts."""

    channel: str
    digits: str
    persona: Persona
    heard: asyncio.Queue[Ear] = field(default_factory=asyncio.Queue[Ear])
    played: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None

    @property
    def voice(self) -> str:
        """A number keeps its voice."""
        return VOICES[blake2b(self.digits.encode(), digest_size=1).digest()[0] % len(VOICES)]


class Carrier:
    """Plays the debtors of a rehearsal on one Asterisk."""

    def __init__(self, ari: Ari, cast: Cast, voices: Path) -> None:
        self._ari = ari
        self._cast = cast
        self._voices = voices
        self._lines: dict[str, _Line] = {}

    @property
    def live(self) -> int:
        """How many calls are in the network now."""
        return len(self._lines)

    async def run(self) -> None:
        """Play until cancelled."""
        try:
            async for event in self._ari.events():
                if isinstance(event, Connected):
                    log.info("rehearsal_ready", personas=len(self._cast.personas), seed=self._cast.seed)
                else:
                    self._notice(event)
        finally:
            for line in list(self._lines.values()):
                if line.task:
                    line.task.cancel()

    def _notice(self, event: dict[str, Any]) -> None:
        match event.get("type"):
            case "StasisStart":
                match event.get("args"):
                    case [word, caller] if word == CALLING:
                        self._let_speak(event["channel"]["id"], caller)
                    case args:
                        self._take(event["channel"]["id"], str((args or [""])[0]))
            case "StasisEnd" | "ChannelDestroyed":
                line = self._lines.get(event["channel"]["id"])
                if line and line.task:
                    line.task.cancel()
            case "PlaybackFinished":
                if line := self._lines.get(str(event["playback"]["target_uri"]).partition(":")[2]):
                    line.played.set()
            case "ChannelTalkingStarted" | "ChannelTalkingFinished" as kind:
                if line := self._lines.get(event["channel"]["id"]):
                    line.heard.put_nowait(_EARS[kind])
            case _:
                pass

    def _take(self, channel: str, called: str) -> None:
        digits = called.removeprefix("+86") if not called.startswith("+860") else called[3:]
        self._begin(_Line(channel, digits, self._cast.under(digits)), self._play)

    def _let_speak(self, channel: str, caller: str) -> None:
        """Let somebody whose call was answered say why she calls; who never picks up still has something to say."""
        persona = self._cast.under(caller)
        if persona.answer is not Answer.PERSON:
            persona = BY_CODE["promises"]
        self._begin(_Line(channel, caller, persona), self._talk)

    def _begin(self, line: _Line, play: Callable[[_Line], Awaitable[None]]) -> None:
        log.info("rehearsal_call", persona=line.persona.code)
        self._lines[line.channel] = line
        line.task = asyncio.create_task(self._carefully(line, play), name=f"rehearsal {line.channel}")

    async def _play(self, line: _Line) -> None:
        if line.persona.answer in (Answer.PERSON, Answer.MACHINE):
            await self._ring(line)
            await self._ari.post(f"channels/{line.channel}/answer")
            await self._talk(line)
        else:
            await self._decline(line)

    async def _carefully(self, line: _Line, play: Callable[[_Line], Awaitable[None]]) -> None:
        try:
            await play(line)
        except (Refused, Unavailable) as fault:
            # The caller was quicker, or the switch has gone: either way there is nobody left to play for.
            log.debug("rehearsal_call_ended", why=str(fault))
        finally:
            self._lines.pop(line.channel, None)

    async def _ring(self, line: _Line) -> None:
        if line.persona.ring_seconds:
            await self._ari.post(f"channels/{line.channel}/ring")
            await asyncio.sleep(min(line.persona.ring_seconds, LONGEST_RING))

    async def _decline(self, line: _Line) -> None:
        """Let it ring in vain, say what the network says, and clear with its cause."""
        await self._ring(line)
        if announcement := ANNOUNCEMENTS.get(line.persona.answer):
            await self._say(line, self._voices / "network" / announcement)
        await self._hang_up(line, CAUSES[line.persona.answer])

    async def _talk(self, line: _Line) -> None:
        await self._ari.post(f"channels/{line.channel}/variable", variable="TALK_DETECT(set)", value=TALK_DETECTION)
        talk, deeds = Talk(line.persona).hear(Ear.PICKED_UP)
        while True:
            patience: float | None = None
            for deed in deeds:
                patience = await self._do(line, deed)
            talk, deeds = talk.hear(await self._next(line, patience, is_speaking=talk.is_speaking))

    async def _do(self, line: _Line, deed: Deed) -> float | None:
        """Do one thing; return how long silence is borne from then on."""
        match deed:
            case Say(name):
                await self._start_saying(
                    line, name if name.startswith(TONE) else _file(self._voices / line.voice / name)
                )
            case Wait(seconds):
                return seconds
            case Leave():
                await self._hang_up(line, NORMAL_CLEARING)
                await asyncio.sleep(LONGEST_RING)  # The switch tells of the end, which ends this.
        return None

    async def _next(self, line: _Line, patience: float | None, *, is_speaking: bool) -> Ear:
        """Wait for what is noticed next: a word, the end of one's own line, or that nothing comes."""
        hearing = asyncio.create_task(line.heard.get())
        saying = asyncio.create_task(line.played.wait()) if is_speaking else None
        try:
            waited = {task for task in (hearing, saying) if task}
            done, _ = await asyncio.wait(waited, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
            if hearing in done:
                return hearing.result()
            return Ear.LINE_ENDED if done else Ear.PATIENCE_ENDED
        finally:
            for task in (hearing, saying):
                if task:
                    task.cancel()

    async def _say(self, line: _Line, voice: Path) -> None:
        await self._start_saying(line, _file(voice))
        await line.played.wait()

    async def _start_saying(self, line: _Line, media: str) -> None:
        line.played.clear()
        await self._ari.post(f"channels/{line.channel}/play", media=media)

    async def _hang_up(self, line: _Line, cause: int) -> None:
        with contextlib.suppress(Refused):
            await self._ari.delete(f"channels/{line.channel}", reason_code=cause)


async def call_in(ari: Ari, caller: str, called: str, switch: str) -> None:
    """Let the debtor under a number call one of ours at the switch (`host:port`); who plays the network plays her."""
    # Without an account of its own: the switch knows the network by its address.
    endpoint = f"PJSIP/anonymous/sip:{called}@{switch}"
    # What the other side sees of us is, to a channel that goes out, its connected line.
    shown = {"variables": {"CONNECTEDLINE(num,i)": caller}}
    words = f"{CALLING},{caller}"
    await ari.post("channels", shown, endpoint=endpoint, app=ari.app, appArgs=words, timeout=RING_SECONDS)


def _file(voice: Path) -> str:
    return f"sound:{voice}"
