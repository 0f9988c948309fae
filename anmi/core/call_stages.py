"""Where a call stands. Each stage holds exactly what is true in it, so what cannot be cannot be written down."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, TypeAlias
from uuid import UUID

from anmi.core.call_events import Monitoring
from anmi.core.call_legs import Ending, Leg, Role

DEBTOR: Final = Leg(Role.DEBTOR)
"""A call has one debtor's leg, and only one."""


class EndedBy(StrEnum):
    """Who or what ended a call."""

    DEBTOR = "debtor"
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    RULE = "rule"
    SWITCH = "switch"
    ENGINE = "engine"


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody of the house, on a leg that is up."""

    agent_id: UUID
    leg: Leg


@dataclass(frozen=True, slots=True)
class Rung:
    """Somebody of the house, on a leg that is on its way to her."""

    agent_id: UUID
    leg: Leg
    ring_seconds: int
    is_made: bool = False
    """The switch has the leg, so it is being dialled."""

    @property
    def seat(self) -> Seat:
        """Where she sits once she has answered."""
        return Seat(self.agent_id, self.leg)


@dataclass(frozen=True, slots=True)
class Watcher:
    """A supervisor in a call that is not hers: on her way, or taking part."""

    rung: Rung
    mode: Monitoring
    is_up: bool = False


@dataclass(frozen=True, slots=True)
class Company:
    """Supervisors around a talk, and one who is on her way to take the agent's place."""

    watchers: tuple[Watcher, ...] = ()
    relief: Rung | None = None

    @property
    def barging(self) -> tuple[Leg, ...]:
        """The legs of those who speak with everybody."""
        return tuple(each.rung.leg for each in self.watchers if each.is_up and each.mode is Monitoring.BARGE)

    def legs(self) -> frozenset[Leg]:
        """Return the legs of all of them."""
        coming = () if self.relief is None else (self.relief.leg,)
        return frozenset((*(each.rung.leg for each in self.watchers), *coming))

    def without(self, leg: Leg) -> Company:
        """Return the company when the one on this leg has left."""
        staying = tuple(each for each in self.watchers if each.rung.leg != leg)
        return Company(staying, None if self.relief and self.relief.leg == leg else self.relief)


# ── how a talk goes ──


@dataclass(frozen=True, slots=True)
class Together:
    """Agent and debtor hear one another."""


@dataclass(frozen=True, slots=True)
class Held:
    """The debtor hears music."""


@dataclass(frozen=True, slots=True)
class CallingGuest:
    """The debtor hears music while somebody else is rung."""

    guest: Rung


@dataclass(frozen=True, slots=True)
class Consulting:
    """The debtor hears music while the agent has a word with a guest."""

    guest: Seat


@dataclass(frozen=True, slots=True)
class Conferring:
    """Agent, debtor and guest hear one another."""

    guest: Seat


Manner: TypeAlias = Together | Held | CallingGuest | Consulting | Conferring


# ── stages ──


@dataclass(frozen=True, slots=True)
class New:
    """Nothing has happened yet."""


@dataclass(frozen=True, slots=True)
class RingingAgent:
    """The agent asked for the call, and her phone is on its way to ringing."""

    agent: Rung
    debtor_ring_seconds: int


@dataclass(frozen=True, slots=True)
class AskingPermission:
    """The agent is there; whether the debtor may be dialled is being decided."""

    seat: Seat
    debtor_ring_seconds: int


@dataclass(frozen=True, slots=True)
class Dialling:
    """The debtor may be dialled, and is. A talk begins when she has answered and is being recorded."""

    seat: Seat
    ring_seconds: int
    is_made: bool = False
    is_ringing: bool = False
    is_answered: bool = False
    is_recorded: bool = False


@dataclass(frozen=True, slots=True)
class Arriving:
    """Somebody calls us and is being answered and recorded."""

    agent_id: UUID | None
    queue_seconds: int
    is_answered: bool = False
    is_recorded: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """The debtor hears music until somebody has time; perhaps somebody's phone rings already."""

    queue_seconds: int
    offered: Rung | None = None


@dataclass(frozen=True, slots=True)
class Talking:
    """The debtor talks with the house."""

    seat: Seat
    manner: Manner = Together()
    company: Company = Company()


@dataclass(frozen=True, slots=True)
class AgentAway:
    """The agent's phone has left without a word. The debtor hears music while we wait for it, and ring it again."""

    agent_id: UUID
    back: Rung | None = None
    company: Company = Company()


@dataclass(frozen=True, slots=True)
class Ended:
    """It is over. Legs may take a moment longer to go."""

    by: EndedBy
    ending: Ending | None
    """Why the debtor's leg ended; None: there never was one."""


Stage: TypeAlias = New | RingingAgent | AskingPermission | Dialling | Arriving | Waiting | Talking | AgentAway | Ended


@dataclass(frozen=True, slots=True)
class Call:
    """A call: its stage, and the legs it ever had."""

    stage: Stage = New()
    made: frozenset[Leg] = field(default=frozenset())
    """Every leg a switch was asked for; a leg's name is given once."""
    gone: frozenset[Leg] = field(default=frozenset())
    """Those the switch says are no more."""

    @property
    def has_ended(self) -> bool:
        """Whether nothing can follow but farewells."""
        return isinstance(self.stage, Ended)

    @property
    def open_legs(self) -> frozenset[Leg]:
        """The legs that may still live in a switch."""
        return self.made - self.gone

    def next_leg(self, role: Role) -> Leg:
        """Return the name of the next leg of a role."""
        return Leg(role, 1 + sum(leg.role is role for leg in self.made))

    def at(self, stage: Stage) -> Call:
        """Return the call at another stage."""
        return replace(self, stage=stage)


def has_debtor(stage: Stage) -> bool:
    """Say whether the debtor is on the call, or on the way."""
    return isinstance(stage, Dialling | Arriving | Waiting | Talking | AgentAway)


def guest_of(manner: Manner) -> Rung | Seat | None:
    """Return the guest of a talk, on the way or there."""
    return manner.guest if isinstance(manner, CallingGuest | Consulting | Conferring) else None


def company_of(stage: Stage) -> Company:
    """Return the supervisors around a call."""
    return stage.company if isinstance(stage, Talking | AgentAway) else Company()


def people_of(stage: Stage) -> tuple[Rung | Seat, ...]:
    """Return those of the house who are on a call, or on the way, the one whose call it is first. No supervisors."""
    match stage:
        case RingingAgent(agent):
            return (agent,)
        case AskingPermission(seat) | Dialling(seat):
            return (seat,)
        case Waiting(_, Rung() as offered):
            return (offered,)
        case Talking(seat, manner):
            guest = guest_of(manner)
            return (seat,) if guest is None else (seat, guest)
        case AgentAway(_, Rung() as back):
            return (back,)
        case _:
            return ()


def legs_of(stage: Stage) -> frozenset[Leg]:
    """Return the legs a call needs where it stands; every other one is to go."""
    house = frozenset(each.leg for each in people_of(stage))
    debtor = frozenset({DEBTOR}) if has_debtor(stage) else frozenset[Leg]()
    return house | debtor | company_of(stage).legs()


def rung_of(stage: Stage) -> tuple[Rung, ...]:
    """Return everybody whose phone is on its way to ringing, supervisors among them."""
    company = company_of(stage)
    coming = (*people_of(stage), *(each.rung for each in company.watchers if not each.is_up), company.relief)
    return tuple(each for each in coming if isinstance(each, Rung))
