"""What a stage of a call looks like in the switch and to the clock; commands are the difference of two pictures.

So no step says how one gets from here to there: it says where the call stands, and what is missing is asked for, what
is too much is ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from anmi.core.call_commands import (
    CallCommand,
    CancelTimer,
    Connect,
    CreateLeg,
    DialLeg,
    HangUp,
    Monitor,
    PlayMusic,
    Record,
    SetTimer,
)
from anmi.core.call_events import Monitoring, Timer
from anmi.core.call_legs import Leg
from anmi.core.call_stages import (
    DEBTOR,
    AgentAway,
    Arriving,
    Call,
    CallingGuest,
    Conferring,
    Consulting,
    Dialling,
    Held,
    RingingAgent,
    Stage,
    Talking,
    Waiting,
    has_debtor,
    legs_of,
    rung_of,
)

GRACE_SECONDS: Final = 5
"""The switch ends a ringing leg itself; when it says nothing for so much longer, we do."""
AWAY_SECONDS: Final = 15
RECORDING_SECONDS: Final = 5


@dataclass(frozen=True, slots=True)
class Waited:
    """How long something is waited for, and on which leg: another leg is waited for anew."""

    seconds: int
    leg: Leg | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """Who is there, who is rung, who hears whom, and what is waited for."""

    legs: frozenset[Leg]
    dialled: dict[Leg, int]
    is_recorded: bool
    music: frozenset[Leg]
    together: tuple[Leg, ...]
    monitored: dict[Leg, tuple[Leg, Monitoring]]
    timers: dict[Timer, Waited]


def picture(stage: Stage) -> Picture:
    """Return what a stage looks like."""
    return Picture(
        legs_of(stage),
        dict(_dialled(stage)),
        _is_recorded(stage),
        frozenset({DEBTOR}) if _has_music(stage) else frozenset(),
        _together(stage),
        dict(_monitored(stage)),
        dict(_timers(stage)),
    )


def difference(before: Picture, after: Picture, call: Call) -> Iterator[CallCommand]:
    """Yield what leads a call from one picture to the next: no leg is made twice, and who is gone needs no farewell.

    Who is to hear nobody is led away first, and who is to come is called last.
    """
    for timer in sorted(before.timers.keys() - after.timers.keys()):
        yield CancelTimer(timer)
    for leg in sorted(after.music - before.music):
        yield PlayMusic(leg)
    for leg in sorted(before.legs - after.legs - call.gone):
        yield HangUp(leg)
    # One alone hears nobody: the others have been led away or ended.
    if len(after.together) > 1 and after.together != before.together:
        yield Connect(after.together)
    for supervisor_leg, (of, mode) in sorted(after.monitored.items()):
        if before.monitored.get(supervisor_leg) != (of, mode):
            yield Monitor(supervisor_leg, of, mode)
    for leg in sorted(after.legs - call.made):
        yield CreateLeg(leg)
    if after.is_recorded and not before.is_recorded:
        yield Record(DEBTOR)
    for leg in sorted(after.dialled.keys() - before.dialled.keys()):
        yield DialLeg(leg, after.dialled[leg])
    for timer, waited in sorted(after.timers.items()):
        if before.timers.get(timer) != waited:
            yield SetTimer(timer, waited.seconds)


def _dialled(stage: Stage) -> Iterator[tuple[Leg, int]]:
    yield from ((rung.leg, rung.ring_seconds) for rung in rung_of(stage) if rung.is_made)
    if isinstance(stage, Dialling) and stage.is_made:
        yield DEBTOR, stage.ring_seconds


def _is_recorded(stage: Stage) -> bool:
    # Armed before the debtor can answer, so that not a word is lost.
    return has_debtor(stage) and (not isinstance(stage, Dialling) or stage.is_made)


def _has_music(stage: Stage) -> bool:
    match stage:
        case Waiting() | AgentAway():
            return True
        case Arriving():
            return stage.is_answered
        case Talking():
            return isinstance(stage.manner, Held | CallingGuest | Consulting)
        case _:
            return False


def _together(stage: Stage) -> tuple[Leg, ...]:
    if not isinstance(stage, Talking):
        return ()
    seat, barging = stage.seat.leg, stage.company.barging
    match stage.manner:
        case Held() | CallingGuest():
            return (seat, *barging)
        case Consulting(guest):
            return (seat, guest.leg, *barging)
        case Conferring(guest):
            return (seat, DEBTOR, guest.leg, *barging)
        case _:
            return (seat, DEBTOR, *barging)


def _monitored(stage: Stage) -> Iterator[tuple[Leg, tuple[Leg, Monitoring]]]:
    if isinstance(stage, Talking):
        for watcher in stage.company.watchers:
            if watcher.is_up:
                yield watcher.rung.leg, (stage.seat.leg, watcher.mode)


def _timers(stage: Stage) -> Iterator[tuple[Timer, Waited]]:
    match stage:
        case RingingAgent(agent):
            yield Timer.AGENT_RING, Waited(agent.ring_seconds + GRACE_SECONDS, agent.leg)
        case Dialling(is_answered=False):
            yield Timer.DEBTOR_RING, Waited(stage.ring_seconds + GRACE_SECONDS, DEBTOR)
        case Dialling(is_recorded=False):
            yield Timer.RECORDING, Waited(RECORDING_SECONDS)
        case Arriving():
            yield Timer.RECORDING, Waited(RECORDING_SECONDS)
        case Waiting(queue_seconds, offered):
            yield Timer.QUEUE, Waited(queue_seconds)
            if offered is not None:
                yield Timer.AGENT_RING, Waited(offered.ring_seconds + GRACE_SECONDS, offered.leg)
        case Talking(manner=CallingGuest(guest)):
            yield Timer.GUEST_RING, Waited(guest.ring_seconds + GRACE_SECONDS, guest.leg)
        case AgentAway():
            yield Timer.AGENT_AWAY, Waited(AWAY_SECONDS)
        case _:
            pass
