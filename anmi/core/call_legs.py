"""The legs of a call, told by the role of who is at the other end, never by a wire."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self


class Role(StrEnum):
    """Who is at the end of a leg."""

    DEBTOR = "debtor"
    """The party of the subject: the one who is called, or who calls back."""
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    GUEST = "guest"
    """Somebody asked in by a transfer or a conference."""


@dataclass(frozen=True, order=True, slots=True)
class Leg:
    """One leg; `number` counts the legs of its role within the call, from 1."""

    role: Role
    number: int = 1

    @classmethod
    def read(cls, name: str) -> Self:
        """Read a leg's name; raise ValueError for what is none."""
        role, _, number = name.partition(".")
        return cls(Role(role), int(number))

    def __str__(self) -> str:
        return f"{self.role}.{self.number}"


class Ending(StrEnum):
    """Why a leg ended, or never came to be: the wire's answer in our own words."""

    HUNG_UP = "hung_up"
    """After a talk, by the one at its end."""
    RELEASED = "released"
    """By us."""
    NO_ANSWER = "no_answer"
    TIMED_OUT = "timed_out"
    """We stopped ringing; the other side said nothing."""
    BUSY = "busy"
    REJECTED = "rejected"
    EMPTY_NUMBER = "empty_number"
    SUSPENDED = "suspended"
    CHANGED = "changed"
    POWERED_OFF = "powered_off"
    UNREACHABLE = "unreachable"
    INCOMPLETE_NUMBER = "incomplete_number"
    BARRED = "barred"
    """The trunk or the network does not let us call there."""
    CONGESTED = "congested"
    """The network is full or failing: it tells nothing about the number."""
    MEDIA_LOST = "media_lost"
    OFFLINE = "offline"
    """The phone at its end is not there."""
    FAILED = "failed"
    """For a reason that neither the wire nor we can name."""


SPOKEN: Final = "words"
# Causes of ITU-T Q.850 that are sent for want of something better, too.
GENERAL: Final = frozenset({18, 19})


class Source(StrEnum):
    """What the reason of an ending was taken from, the most trustworthy first."""

    Q850 = "q850"
    ANNOUNCEMENT = "announcement"
    SIP = "sip"
    CAUSE = "cause"
    OURSELVES = "ourselves"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a leg's ending was read from, as it came over the wire."""

    source: Source
    q850: int | None = None
    sip: int | None = None
    cause: int | None = None
    announcement: str | None = None
    """Name of the announcement that was recognised in early media, or SPOKEN where its words were understood."""

    @property
    def is_vague(self) -> bool:
        """Whether what the network announces is more to the point."""
        return self.source in {Source.SIP, Source.CAUSE} or (self.source is Source.Q850 and self.q850 in GENERAL)
