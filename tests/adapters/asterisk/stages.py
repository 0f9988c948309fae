"""How the suite of the switch port leads calls: by hand, and by listening to the news of the switch."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID, uuid4

from anmi.core.call_commands import CreateLeg, DialLeg, SwitchCommand
from anmi.core.call_events import CallEvent, LegAnswered, LegCreated, LegEnded
from anmi.core.call_legs import Leg, Role
from anmi.core.ports.switch import Address, Happened, RecordingKept, Switch, SwitchNews

PATIENCE = 5.0
DEBTOR, AGENT, SUPERVISOR, GUEST = Leg(Role.DEBTOR), Leg(Role.AGENT), Leg(Role.SUPERVISOR), Leg(Role.GUEST)
CALLER_ID = "02188880000"

Told = TypeVar("Told")


class Ear:
    """Keeps the news of a switch and lets a test wait for what it is to hear."""

    def __init__(self, switch: Switch) -> None:
        self.switch = switch
        self.heard: list[SwitchNews] = []
        self._is_new = asyncio.Event()
        self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        async for news in self.switch.news():
            self.heard.append(news)
            self._is_new.set()

    async def close(self) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def wait(self, wanted: Callable[[SwitchNews], Told | None], seconds: float = PATIENCE) -> Told:
        """Return the first news that is wanted, of all that was and will be heard."""
        at = 0
        try:
            async with asyncio.timeout(seconds):
                while True:
                    self._is_new.clear()
                    while at < len(self.heard):
                        if (found := wanted(self.heard[at])) is not None:
                            return found
                        at += 1
                    await self._is_new.wait()
        except TimeoutError:
            raise AssertionError(f"not heard within {seconds} s; but: {self.heard[-12:]}") from None

    async def news(self, kind: type[Told], seconds: float = PATIENCE) -> Told:
        """Wait for a kind of news."""
        return await self.wait(lambda news: news if isinstance(news, kind) else None, seconds)

    def events_of(self, call_id: UUID) -> list[CallEvent]:
        return [news.event for news in self.heard if isinstance(news, Happened) and news.call_id == call_id]


@dataclass(slots=True)
class TestCall:
    """A call that a test leads by hand."""

    __test__ = False

    ear: Ear
    id: UUID = field(default_factory=uuid4)

    async def do(self, *commands: SwitchCommand) -> None:
        for command in commands:
            await self.ear.switch.carry_out(self.id, command)

    async def told(
        self, kind: type[Told], where: Callable[[Told], bool] = lambda _event: True, seconds: float = PATIENCE
    ) -> Told:
        """Wait for an event of this call."""

        def wanted(news: SwitchNews) -> Told | None:
            if isinstance(news, Happened) and news.call_id == self.id and isinstance(news.event, kind):
                return news.event if where(news.event) else None
            return None

        return await self.ear.wait(wanted, seconds)

    async def do_create(self, leg: Leg, address: Address) -> None:
        await self.ear.switch.carry_out(self.id, CreateLeg(leg), address)

    async def make(self, leg: Leg, address: Address) -> None:
        await self.do_create(leg, address)
        await self.told(LegCreated, lambda event: event.leg == leg)

    async def dial(self, leg: Leg, address: Address, ring_seconds: int = 10) -> None:
        await self.make(leg, address)
        await self.do(DialLeg(leg, ring_seconds))

    async def reach(self, leg: Leg, address: Address) -> None:
        """Make a leg, ring it, and wait until somebody answers."""
        await self.dial(leg, address)
        await self.told(LegAnswered, lambda event: event.leg == leg)

    async def end_of(self, leg: Leg, seconds: float = PATIENCE) -> LegEnded:
        return await self.told(LegEnded, lambda event: event.leg == leg, seconds)

    def when(self, kind: type[CallEvent]) -> datetime:
        return next(
            news.at
            for news in self.ear.heard
            if isinstance(news, Happened) and news.call_id == self.id and isinstance(news.event, kind)
        )


async def kept_of(ear: Ear, call: TestCall) -> RecordingKept:
    """Wait for the recording of a call."""
    return await ear.wait(lambda news: news if isinstance(news, RecordingKept) and news.call_id == call.id else None)
