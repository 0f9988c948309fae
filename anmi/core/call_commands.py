"""What is to be done for a call: by the switch, by the house, by the clock. Every command may be given twice."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from anmi.core.call_events import Monitoring, Timer
from anmi.core.call_legs import Leg


class Prompt(StrEnum):
    """What the house says itself; each is a recording in `asterisk/prompts`."""

    NOT_RECORDED = "not_recorded"
    """The call cannot be kept and is therefore ended."""
    AGENT_GONE = "agent_gone"
    """The agent has lost her line; we shall call again."""
    NOBODY_FREE = "nobody_free"
    """Everybody is talking; please call again."""


# ── to the switch ──


@dataclass(frozen=True, slots=True)
class CreateLeg:
    """Make a leg, without ringing anybody yet. Where it leads the engine knows: its address is no part of the call."""

    leg: Leg


@dataclass(frozen=True, slots=True)
class DialLeg:
    """Ring the leg; after `ring_seconds` without an answer it ends as timed out."""

    leg: Leg
    ring_seconds: int


@dataclass(frozen=True, slots=True)
class AnswerLeg:
    """Answer a call that arrived."""

    leg: Leg


@dataclass(frozen=True, slots=True)
class Connect:
    """Let exactly these legs hear one another, whatever they heard before."""

    legs: tuple[Leg, ...]


@dataclass(frozen=True, slots=True)
class PlayMusic:
    """Let a leg wait, with music; `Connect` ends it."""

    leg: Leg


@dataclass(frozen=True, slots=True)
class Announce:
    """Let a leg hear a prompt of the house; a `HangUp` that follows waits until it has been heard."""

    leg: Leg
    prompt: str


@dataclass(frozen=True, slots=True)
class Monitor:
    """Let a supervisor's leg take part in the talk of another leg; the mode replaces the one before."""

    supervisor_leg: Leg
    of: Leg
    mode: Monitoring


@dataclass(frozen=True, slots=True)
class SendKeys:
    """Press keys towards a leg."""

    leg: Leg
    keys: str


@dataclass(frozen=True, slots=True)
class Record:
    """Keep both tracks of the talk from now on: the debtor's, and what the debtor hears."""

    leg: Leg


@dataclass(frozen=True, slots=True)
class HangUp:
    """End a leg."""

    leg: Leg


# ── to the house ──


@dataclass(frozen=True, slots=True)
class AskPermission:
    """Ask whether the debtor may be dialled now; the answer is DialPermitted or DialRefused."""


@dataclass(frozen=True, slots=True)
class OfferToAgent:
    """Find an agent for a call that waits; the answer is AgentOffered, when there is one."""


# ── to the clock ──


@dataclass(frozen=True, slots=True)
class SetTimer:
    """Ring in so many seconds; set again, it begins anew."""

    timer: Timer
    seconds: int


@dataclass(frozen=True, slots=True)
class CancelTimer:
    """Do not ring."""

    timer: Timer


SwitchCommand: TypeAlias = (
    CreateLeg | DialLeg | AnswerLeg | Connect | PlayMusic | Announce | Monitor | SendKeys | Record | HangUp
)
CallCommand: TypeAlias = SwitchCommand | AskPermission | OfferToAgent | SetTimer | CancelTimer
