"""The legs that live in the switch, and what has been seen of each: an event becomes news of a call here."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from anmi.adapters.asterisk.ari_events import Channel, Dialled
from anmi.core.call_events import CallEvent, LegAnswered, LegProgressed, LegRinging
from anmi.core.call_legs import Leg

# Between our stopwatch and Asterisk's lie two messages.
CLOCK_SLACK: Final = 0.25
# The dialplan's contexts of either kind of line.
PHONES: Final = "from-phone"
ARRIVALS: Final = "from-trunk"


@dataclass(slots=True)
class Watched:
    """A leg that lives."""

    call_id: UUID
    leg: Leg
    channel: str
    over: str
    """The phone or trunk it goes over."""
    is_phone: bool
    is_answered: bool = False
    has_rung: bool = False
    has_progressed: bool = False
    may_hear_music: bool = False
    is_released: bool = False
    playback: str | None = None
    """What is being said to it; it is not ended before that was heard."""
    rings_until: float | None = None

    def ring(self, seconds: int) -> None:
        """Note that it is rung from now on, and for how long."""
        self.rings_until = time.monotonic() + seconds

    @property
    def has_rung_out(self) -> bool:
        """Whether our time of ringing is over."""
        return self.rings_until is not None and time.monotonic() >= self.rings_until - CLOCK_SLACK

    def see(self, event: Dialled) -> CallEvent | None:
        """Note how an attempt goes; return what is new of it."""
        match event.status:
            case "RINGING" if not (self.has_rung or self.is_answered):
                self.has_rung = True
                return LegRinging(self.leg)
            case "PROGRESS" if not (self.has_progressed or self.is_answered):
                self.has_progressed = True
                return LegProgressed(self.leg)
            case "ANSWER":
                return self.answer()
            case _:
                return None

    def answer(self) -> CallEvent | None:
        """Note that it was answered; told twice, it is news once."""
        if self.is_answered:
            return None
        self.is_answered = True
        return LegAnswered(self.leg)


class Watch:
    """All legs that live, by their channels."""

    def __init__(self) -> None:
        self._legs: dict[str, Watched] = {}
        self._names: dict[tuple[UUID, Leg], str] = {}

    def add(self, watched: Watched) -> Watched:
        """Watch a leg."""
        self._legs[watched.channel] = watched
        self._names[watched.call_id, watched.leg] = watched.channel
        return watched

    def at(self, channel: str) -> Watched | None:
        """Return the leg of a channel."""
        return self._legs.get(channel)

    def of(self, call_id: UUID, leg: Leg) -> Watched | None:
        """Return a leg of a call."""
        return self._legs.get(self._names.get((call_id, leg), ""))

    def drop(self, channel: str) -> Watched | None:
        """Watch a leg no longer."""
        if watched := self._legs.pop(channel, None):
            self._names.pop((watched.call_id, watched.leg), None)
        return watched

    def drop_all_but(self, channels: Iterable[str]) -> None:
        """Forget the legs that no longer live."""
        for channel in self._legs.keys() - set(channels):
            self.drop(channel)

    def has_call(self, call_id: UUID) -> bool:
        """Whether any leg of a call lives."""
        return any(watched.call_id == call_id for watched in self._legs.values())

    def on_phone(self, phone: str) -> list[Watched]:
        """Return the legs that go over a phone."""
        return [watched for watched in self._legs.values() if watched.is_phone and watched.over == phone]


def found(channel: Channel, call_id: UUID, leg: Leg) -> Watched:
    """Return a leg that was met alive, as far as a channel tells."""
    return Watched(
        call_id,
        leg,
        channel.id,
        channel.over,
        is_phone=channel.context == PHONES,
        is_answered=channel.is_up,
        may_hear_music=True,
    )
