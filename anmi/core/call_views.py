"""What others want to know of a call: whom a leg leads to, how far it has come, and what it means for its agents."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from uuid import UUID

from anmi.core.agent_life import AgentEvent
from anmi.core.call_events import CallEvent, LegEnded, LegLost, Timer, TimerRang
from anmi.core.call_legs import Ending, Leg
from anmi.core.call_stages import (
    AgentAway,
    Arriving,
    AskingPermission,
    Call,
    Conferring,
    Dialling,
    Ended,
    New,
    RingingAgent,
    Rung,
    Seat,
    Stage,
    Talking,
    Together,
    Waiting,
    company_of,
    guest_of,
    people_of,
)


class Direction(StrEnum):
    """Who called whom."""

    OUTBOUND = "outbound"
    INBOUND = "inbound"


class CallPhase(StrEnum):
    """How far a call has come, for lists and figures; the whole truth is its journal."""

    ASKED = "asked"
    AGENT_RINGING = "agent_ringing"
    DIALLING = "dialling"
    RINGING = "ringing"
    WAITING = "waiting"
    """An arriving call waits for an agent."""
    TALKING = "talking"
    HELD = "held"
    ENDED = "ended"


class Part(StrEnum):
    """What a call is to an agent."""

    COMING = "coming"
    THERE = "there"


def phase_of(stage: Stage) -> CallPhase:  # noqa: PLR0911 - a table of stages
    """Return how far a call has come."""
    match stage:
        case New() | AskingPermission():
            return CallPhase.ASKED
        case RingingAgent():
            return CallPhase.AGENT_RINGING
        case Dialling():
            return CallPhase.RINGING if stage.is_ringing else CallPhase.DIALLING
        case Arriving() | Waiting():
            return CallPhase.WAITING
        case Talking():
            return CallPhase.TALKING if _hears_debtor(stage) else CallPhase.HELD
        case AgentAway():
            return CallPhase.HELD
        case Ended():
            return CallPhase.ENDED


def owner_of(stage: Stage) -> UUID | None:
    """Return the agent whose call it is, if it is anybody's yet; the guest of a talk is not."""
    if isinstance(stage, AgentAway):
        return stage.agent_id
    people = people_of(stage)
    return people[0].agent_id if people else None


def guest_part(stage: Stage) -> tuple[UUID, Part] | None:
    """Return who was asked into a talk, if anybody was, and whether she is there yet."""
    guest = guest_of(stage.manner) if isinstance(stage, Talking) else None
    return None if guest is None else (guest.agent_id, Part.COMING if isinstance(guest, Rung) else Part.THERE)


def whose(call: Call, leg: Leg) -> UUID | None:
    """Return the agent a leg of the house leads to; None for the debtor's, and for legs nobody needs any more."""
    company = company_of(call.stage)
    coming = (company.relief,) if company.relief is not None else ()
    everybody = (*people_of(call.stage), *(each.rung for each in company.watchers), *coming)
    return next((each.agent_id for each in everybody if each.leg == leg), None)


def supervisors_of(stage: Stage) -> frozenset[UUID]:
    """Return those who take part in a call that is not theirs, or are on their way."""
    company = company_of(stage)
    coming = (company.relief,) if company.relief is not None else ()
    return frozenset(each.agent_id for each in (*(each.rung for each in company.watchers), *coming))


def agent_events(before: Stage, event: CallEvent, after: Stage) -> Iterator[tuple[UUID, AgentEvent]]:
    """Yield what a step means for the agents of a call. Supervisors who take part are not taken from their work."""
    earlier, later = dict(_parts(before)), dict(_parts(after))
    for agent_id in sorted(earlier.keys() | later.keys()):
        match earlier.get(agent_id), later.get(agent_id):
            case None, Part.COMING:
                yield agent_id, AgentEvent.RESERVE
            case None | Part.COMING, Part.THERE:
                yield agent_id, AgentEvent.CONNECT
            case Part.COMING, None:
                yield agent_id, AgentEvent.MISS if _rang_in_vain(before, event, agent_id) else AgentEvent.RELEASE
            case Part.THERE, None:
                yield agent_id, AgentEvent.HANG_UP
            case _:
                pass


def _parts(stage: Stage) -> Iterator[tuple[UUID, Part]]:
    if isinstance(stage, AgentAway):
        yield stage.agent_id, Part.THERE
        return
    for person in people_of(stage):
        # Until the debtor may be dialled nothing has come of the call: it can still pass her by.
        is_coming = isinstance(person, Rung) or isinstance(stage, AskingPermission)
        yield person.agent_id, Part.COMING if is_coming else Part.THERE


def _rang_in_vain(before: Stage, event: CallEvent, agent_id: UUID) -> bool:
    person = next((each for each in people_of(before) if each.agent_id == agent_id), None)
    match event, person:
        case LegEnded(ending=Ending.FAILED), _:
            # A fault of ours is no call that she has missed.
            return False
        case ((LegEnded(leg) | LegLost(leg)), Rung(leg=rung) | Seat(leg=rung)):
            return leg == rung
        case TimerRang(Timer.AGENT_RING | Timer.GUEST_RING), Rung():
            return True
        case _:
            return False


def _hears_debtor(stage: Talking) -> bool:
    return isinstance(stage.manner, Together | Conferring)
