"""The life of a call: `step` says for every event where the call stands next, and what is to be done.

It is total: an event that has no place where the call stands changes nothing. A step names the next stage and what has
to be said or asked on the way; everything else that is to be done is the difference of two pictures.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, TypeAlias
from uuid import UUID

from anmi.core import call_talk as talk
from anmi.core.call_commands import (
    Announce,
    AnswerLeg,
    AskPermission,
    CallCommand,
    HangUp,
    OfferToAgent,
    Prompt,
)
from anmi.core.call_events import (
    AgentOffered,
    CallArrived,
    CallAsked,
    CallEvent,
    DialPermitted,
    DialRefused,
    EngineLost,
    ForceReleaseAsked,
    HangUpAsked,
    LegAnswered,
    LegBack,
    LegCreated,
    LegEnded,
    LegLost,
    LegProgressed,
    LegRinging,
    OwnerFailed,
    RecordingBegan,
    RecordingFailed,
    Timer,
    TimerRang,
)
from anmi.core.call_legs import Ending, Leg, Role
from anmi.core.call_picture import Picture, difference, picture
from anmi.core.call_stages import (
    DEBTOR,
    AgentAway,
    Arriving,
    AskingPermission,
    Call,
    Dialling,
    Ended,
    EndedBy,
    New,
    RingingAgent,
    Rung,
    Stage,
    Talking,
    Waiting,
    has_debtor,
    legs_of,
)

RING_SECONDS: Final = 20
"""How long somebody of the house is rung, where nobody says otherwise."""

LegEvent: TypeAlias = LegCreated | LegRinging | LegProgressed | LegAnswered | LegEnded | LegLost

_NOTHING: Final = Picture(frozenset(), {}, False, frozenset(), (), {}, {})


@dataclass(frozen=True, slots=True)
class Next:
    """The stage that follows, and what is to be said or asked on the way there."""

    stage: Stage
    say: Announce | None = None
    ask: CallCommand | None = None


def step(call: Call, event: CallEvent) -> tuple[Call, tuple[CallCommand, ...]]:
    """One call, one event: where the call stands now, and what is to be done."""
    if isinstance(event, LegEvent):
        if event.leg not in call.open_legs:
            return call, ()
        if event.leg not in legs_of(call.stage):
            return _farewell(call, event)
    following = _follow(call, event)
    after = _told(call, event, following.stage)
    changed = difference(picture(call.stage), picture(following.stage), after)
    # A farewell is heard before the leg goes; a question is asked when everything is as it should be.
    commands = (following.say, *changed, following.ask)
    made = after.made | legs_of(following.stage)
    return replace(after, stage=following.stage, made=made), tuple(each for each in commands if each is not None)


def commands_again(call: Call) -> tuple[CallCommand, ...]:
    """Return what a switch is to be told of a call once more, when nobody knows what it has heard of it.

    No leg is made a second time; one that rings already goes on ringing.
    """
    leaving = tuple(HangUp(leg) for leg in sorted(call.open_legs - legs_of(call.stage)))
    wanted = difference(_NOTHING, picture(call.stage), call)
    asked: CallCommand | None = None
    match call.stage:
        case AskingPermission():
            asked = AskPermission()
        case Waiting(offered=None):
            asked = OfferToAgent()
        case Arriving(is_answered=False):
            asked = AnswerLeg(DEBTOR)
        case _:
            pass
    asked_again = () if asked is None else (asked,)
    return (*leaving, *wanted, *asked_again)


def _farewell(call: Call, event: LegEvent) -> tuple[Call, tuple[CallCommand, ...]]:
    """A leg that nobody needs any more still tells of itself: it is over, or it is told again to go."""
    if isinstance(event, LegEnded):
        return replace(call, gone=call.gone | {event.leg}), ()
    return call, (HangUp(event.leg),)


def _told(call: Call, event: CallEvent, stage: Stage) -> Call:
    """Return the call with what the event says of its legs."""
    match event:
        case LegEnded(leg):
            return replace(call, gone=call.gone | {leg})
        case EngineLost():
            # The switch is gone with its engine, and every leg with the switch.
            return replace(call, gone=call.made)
        case CallArrived() if isinstance(stage, Arriving):
            # This leg was made by who calls us.
            return replace(call, made=call.made | {DEBTOR})
        case _:
            return call


def _follow(call: Call, event: CallEvent) -> Next:  # noqa: PLR0911, PLR0912 - a table of events
    if isinstance(call.stage, Ended):
        return Next(call.stage)
    match event:
        case HangUpAsked() | ForceReleaseAsked() | EngineLost() | OwnerFailed():
            return _end_asked(call.stage, event)
        case LegCreated(leg):
            return Next(_made(call.stage, leg))
        case LegRinging(leg):
            return Next(_ringing(call.stage, leg))
        case LegAnswered(leg):
            return _answered(call.stage, leg)
        case LegEnded(leg, ending):
            return _without(call.stage, leg, ending)
        case LegLost(leg):
            return _without(call.stage, leg, Ending.OFFLINE)
        case RecordingBegan():
            return _recorded(call.stage)
        case RecordingFailed():
            return _unrecorded(call.stage)
        case TimerRang(timer):
            return _waited_enough(call.stage, timer)
        case CallAsked() | CallArrived() | DialPermitted() | DialRefused() | AgentOffered() | LegBack():
            return _begun(call, event)
        case _:
            if not isinstance(call.stage, Talking | AgentAway):
                return Next(call.stage)
            stage, keys = talk.follow(call, call.stage, event)
            return Next(stage, ask=keys)


# ── how it begins ──


def _begun(  # noqa: PLR0911 - a table of beginnings
    call: Call, event: CallAsked | CallArrived | DialPermitted | DialRefused | AgentOffered | LegBack
) -> Next:
    match call.stage, event:
        case New(), CallAsked(agent_id, agent_seconds, debtor_seconds):
            return Next(RingingAgent(_rung(call, agent_id, agent_seconds), debtor_seconds))
        case New(), CallArrived(agent_id, queue_seconds):
            return Next(Arriving(agent_id, queue_seconds), ask=AnswerLeg(DEBTOR))
        case AskingPermission(seat, ring_seconds), DialPermitted():
            return Next(Dialling(seat, ring_seconds))
        case AskingPermission(), DialRefused():
            return Next(Ended(EndedBy.RULE, None))
        case Waiting(queue_seconds, None), AgentOffered(agent_id, ring_seconds):
            return Next(Waiting(queue_seconds, _rung(call, agent_id, ring_seconds)))
        case AgentAway(agent_id, None) as away, LegBack():
            return Next(replace(away, back=_rung(call, agent_id, RING_SECONDS)))
        case stage, _:
            return Next(stage)


def _rung(call: Call, agent_id: UUID, ring_seconds: int) -> Rung:
    return Rung(agent_id, call.next_leg(Role.AGENT), ring_seconds)


# ── what the switch tells of legs ──


def _made(stage: Stage, leg: Leg) -> Stage:
    match stage:
        case Dialling() if leg == DEBTOR:
            return replace(stage, is_made=True)
        case RingingAgent(Rung(leg=rung_leg) as agent) if rung_leg == leg:
            return replace(stage, agent=replace(agent, is_made=True))
        case Waiting(_, Rung(leg=rung_leg) as offered) if rung_leg == leg:
            return replace(stage, offered=replace(offered, is_made=True))
        case AgentAway(_, Rung(leg=rung_leg) as back) if rung_leg == leg:
            return replace(stage, back=replace(back, is_made=True))
        case Talking() | AgentAway():
            return talk.made(stage, leg)
        case _:
            return stage


def _ringing(stage: Stage, leg: Leg) -> Stage:
    return replace(stage, is_ringing=True) if isinstance(stage, Dialling) and leg == DEBTOR else stage


def _answered(stage: Stage, leg: Leg) -> Next:  # noqa: PLR0911 - a table of stages
    match stage:
        case RingingAgent(agent, debtor_seconds):
            return Next(AskingPermission(agent.seat, debtor_seconds), ask=AskPermission())
        case Dialling() if leg == DEBTOR:
            return _dialled_enough(replace(stage, is_answered=True))
        case Arriving() if leg == DEBTOR:
            return _arrived_enough(replace(stage, is_answered=True))
        case Waiting(_, Rung(leg=rung_leg) as offered) if rung_leg == leg:
            return Next(Talking(offered.seat))
        case AgentAway(_, Rung(leg=rung_leg) as back) if rung_leg == leg:
            return Next(Talking(back.seat, company=stage.company))
        case Talking() | AgentAway():
            return Next(talk.answered(stage, leg))
        case _:
            return Next(stage)


def _without(stage: Stage, leg: Leg, ending: Ending) -> Next:
    following = _left(stage, leg, ending)
    if ending is Ending.FAILED and isinstance(following.stage, Ended):
        # Nobody has hung up: the leg was lost with its switch, or never came to be.
        return replace(following, stage=replace(following.stage, by=EndedBy.SWITCH))
    return following


def _left(stage: Stage, leg: Leg, ending: Ending) -> Next:
    if leg == DEBTOR:
        return Next(Ended(EndedBy.DEBTOR, ending))
    match stage:
        case Waiting(queue_seconds):
            return Next(Waiting(queue_seconds), ask=OfferToAgent())
        case AgentAway(_, Rung(leg=rung_leg)) if rung_leg == leg:
            return Next(replace(stage, back=None))
        case Talking() | AgentAway():
            return Next(talk.without(stage, leg, ending))
        case _:
            return Next(_end(stage, EndedBy.AGENT))


# ── recording ──


def _recorded(stage: Stage) -> Next:
    match stage:
        case Dialling():
            return _dialled_enough(replace(stage, is_recorded=True))
        case Arriving():
            return _arrived_enough(replace(stage, is_recorded=True))
        case _:
            return Next(stage)


def _dialled_enough(dialling: Dialling) -> Next:
    is_enough = dialling.is_answered and dialling.is_recorded
    return Next(Talking(dialling.seat) if is_enough else dialling)


def _arrived_enough(arriving: Arriving) -> Next:
    if not (arriving.is_answered and arriving.is_recorded):
        return Next(arriving)
    if arriving.agent_id is None:
        return Next(Waiting(arriving.queue_seconds), ask=OfferToAgent())
    # An arriving call has no agent's leg yet, so this one is the first.
    return Next(Waiting(arriving.queue_seconds, Rung(arriving.agent_id, Leg(Role.AGENT), RING_SECONDS)))


def _unrecorded(stage: Stage) -> Next:
    # Rule RECORDING: what cannot be kept is not said.
    if not has_debtor(stage):
        return Next(stage)
    hears = not isinstance(stage, Dialling | Arriving) or stage.is_answered
    return Next(_end(stage, EndedBy.SWITCH), Announce(DEBTOR, Prompt.NOT_RECORDED) if hears else None)


# ── the clock ──


def _waited_enough(stage: Stage, timer: Timer) -> Next:  # noqa: PLR0911 - a table of timers
    match timer, stage:
        case Timer.AGENT_RING, RingingAgent():
            return Next(_end(stage, EndedBy.AGENT))
        case Timer.AGENT_RING, Waiting(queue_seconds, Rung()):
            return Next(Waiting(queue_seconds), ask=OfferToAgent())
        case Timer.DEBTOR_RING, Dialling(is_answered=False):
            return Next(Ended(EndedBy.DEBTOR, Ending.TIMED_OUT))
        case Timer.GUEST_RING, Talking():
            return Next(talk.guest_rang_in_vain(stage))
        case Timer.QUEUE, Waiting():
            return Next(_end(stage, EndedBy.RULE), Announce(DEBTOR, Prompt.NOBODY_FREE))
        case Timer.AGENT_AWAY, AgentAway():
            return Next(_end(stage, EndedBy.AGENT), Announce(DEBTOR, Prompt.AGENT_GONE))
        case Timer.RECORDING, Dialling(is_answered=True) | Arriving():
            return _unrecorded(stage)
        case _:
            return Next(stage)


# ── the end ──


def _end_asked(stage: Stage, event: HangUpAsked | ForceReleaseAsked | EngineLost | OwnerFailed) -> Next:
    match event:
        case EngineLost():
            return Next(Ended(EndedBy.ENGINE, Ending.FAILED if has_debtor(stage) else None))
        case OwnerFailed():
            return Next(_end(stage, EndedBy.ENGINE))
        case ForceReleaseAsked(by):
            return Next(_end(stage, EndedBy.RULE if by is None else EndedBy.SUPERVISOR))
        case HangUpAsked(by):
            staying = talk.left_by(stage, by) if isinstance(stage, Talking | AgentAway) else None
            return Next(staying or _end(stage, EndedBy.RULE if by is None else EndedBy.AGENT))


def _end(stage: Stage, by: EndedBy) -> Ended:
    return Ended(by, Ending.RELEASED if has_debtor(stage) else None)
