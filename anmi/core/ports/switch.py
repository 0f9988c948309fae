"""What we ask of a telephone switch: legs made, connected, kept and ended; and to be told what happens to them.

A switch knows calls and legs by the names we give them. It decides nothing: what follows from an event is
`core.call_life`'s to say. Times are aware instants of the switch's host.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias
from uuid import UUID

from anmi.core.call_commands import SwitchCommand
from anmi.core.call_events import CallEvent
from anmi.core.call_legs import Leg


@dataclass(frozen=True, slots=True)
class ToPhone:
    """The address of somebody of the house: her phone, by the name it registers under."""

    phone: str
    caller_name: str = ""
    """What her phone shows; ASCII or Chinese, never a number of a debtor."""


@dataclass(frozen=True, slots=True)
class ToNumber:
    """The address of a number outside, by the trunk it is dialled over. The digits never enter a log."""

    trunk: str
    digits: str = field(repr=False)
    caller_id: str


Address: TypeAlias = ToPhone | ToNumber


@dataclass(frozen=True, slots=True)
class Happened:
    """Something happened to a call the switch knows from us."""

    call_id: UUID
    event: CallEvent
    at: datetime


@dataclass(frozen=True, slots=True)
class Arrived:
    """A call has come from outside and stands unanswered: it gets its name from whoever takes it up."""

    call_id: UUID
    trunk: str
    caller: str = field(repr=False)
    called: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PhoneSeen:
    """A phone of the house has come or gone."""

    phone: str
    is_there: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordingKept:
    """The raw recording of a call lies complete on the switch's disk.

    Signed 16-bit little-endian samples, `rate` a second, two tracks interleaved: left the debtor, right what the debtor
    hears. A switch that was killed leaves what it had written.
    """

    call_id: UUID
    path: str
    rate: int
    at: datetime


@dataclass(frozen=True, slots=True)
class SwitchBack:
    """The switch was away, or was begun anew, and is there again: compare what lives with what should."""

    at: datetime


SwitchNews: TypeAlias = Happened | Arrived | PhoneSeen | RecordingKept | SwitchBack


@dataclass(frozen=True, slots=True)
class LiveLeg:
    """A leg that lives in the switch now."""

    call_id: UUID
    leg: Leg
    is_answered: bool


@dataclass(frozen=True, slots=True)
class PhoneAccount:
    """A phone the switch is to let in."""

    phone: str
    secret: str = field(repr=False)
    is_browser: bool
    """Over a WebSocket with WebRTC media; otherwise an ordinary SIP phone."""


@dataclass(frozen=True, slots=True)
class TrunkAccount:
    """A line to a carrier."""

    trunk: str
    host: str
    """`host[:port]` of the carrier."""
    transport: str = "udp"
    codecs: tuple[str, ...] = ("alaw", "ulaw")
    username: str | None = None
    secret: str | None = field(default=None, repr=False)
    registers: bool = False
    reasons: tuple[tuple[str, str], ...] = ()
    """What this carrier means by its answers, where it differs: (`sip:403` or `q850:31`, a name of `Ending`)."""


class TrunkRefused(Exception):
    """The switch does not take a trunk as it is set, or cannot find its carrier now; the text says why."""


class Switch(Protocol):
    """One switch. All of its methods raise `Unavailable` when it cannot be reached."""

    async def carry_out(self, call_id: UUID, command: SwitchCommand, address: Address | None = None) -> None:
        """Do what a call asks for; what comes of it is told as news. `address` goes with CreateLeg."""
        ...

    def news(self) -> AsyncIterator[SwitchNews]:
        """Tell what happens, in order, until the switch is left."""
        ...

    async def live_legs(self) -> Sequence[LiveLeg]:
        """Return every leg of ours that lives in the switch."""
        ...

    async def kept_recordings(self) -> Sequence[RecordingKept]:
        """Return the recordings that lie complete and have not been taken away."""
        ...

    async def take_away(self, recording: RecordingKept) -> None:
        """Delete a raw recording that is safe elsewhere."""
        ...

    async def let_in(self, phone: PhoneAccount) -> None:
        """Let a phone register; known, its secret is changed."""
        ...

    async def shut_out(self, phone: str) -> None:
        """Let a phone register no longer; what it talks goes on."""
        ...

    async def open_trunk(self, trunk: TrunkAccount) -> None:
        """Make a trunk usable, or change it; raise `TrunkRefused` where the switch does not take it as it is set."""
        ...

    async def close_trunk(self, trunk: str) -> None:
        """Dial no longer over a trunk."""
        ...

    def listen(self, call_id: UUID, leg: Leg) -> AsyncIterator[bytes]:
        """Yield what a leg says, as it is said: 16-bit little-endian samples, 16,000 a second, 20 ms each."""
        ...
