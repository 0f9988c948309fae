"""What can be asked while the debtor talks with the house: hold, transfer, conference, supervisors who take part."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from uuid import UUID

from anmi.core.call_commands import SendKeys
from anmi.core.call_events import (
    CallEvent,
    ConferenceAsked,
    HoldAsked,
    KeysAsked,
    MonitorAsked,
    MonitorEnded,
    ResumeAsked,
    TakeOverAsked,
    TransferAsked,
    TransferConfirmed,
    TransferWithdrawn,
)
from anmi.core.call_legs import Ending, Leg, Role
from anmi.core.call_stages import (
    DEBTOR,
    AgentAway,
    Call,
    CallingGuest,
    Company,
    Conferring,
    Consulting,
    Ended,
    EndedBy,
    Held,
    Rung,
    Seat,
    Stage,
    Talking,
    Together,
    Waiting,
    Watcher,
    guest_of,
    people_of,
)

RING_SECONDS: Final = 20
QUEUE_SECONDS: Final = 60
"""How long a debtor waits whom an agent has sent on."""
KEYS: Final = frozenset("0123456789*#")
AWAY: Final = frozenset({Ending.OFFLINE, Ending.MEDIA_LOST})
"""So ends the leg of somebody who did not mean to leave."""


def follow(  # noqa: PLR0911 - a table of what is asked
    call: Call, stage: Talking | AgentAway, event: CallEvent
) -> tuple[Stage, SendKeys | None]:
    """Return the stage after what somebody has asked for, and keys to be pressed."""
    match stage, event:
        case _, MonitorEnded(by):
            return replace(stage, company=_company_without(stage.company, by)), None
        case _, TakeOverAsked(by):
            return _take_over(call, stage, by), None
        case Talking(), MonitorAsked(by, mode):
            return replace(stage, company=_watched(call, stage, Watcher(_coming(call, by), mode))), None
        case Talking(), KeysAsked(by, keys):
            may_press = by == stage.seat.agent_id and isinstance(stage.manner, Together | Conferring)
            return stage, SendKeys(DEBTOR, keys) if may_press and keys and KEYS.issuperset(keys) else None
        case Talking(seat), (HoldAsked(by) | ResumeAsked(by) | TransferAsked(by)) if by == seat.agent_id:
            return _handled(call, stage, event), None
        case Talking(seat), (TransferConfirmed(by) | TransferWithdrawn(by) | ConferenceAsked(by)) if (
            by == seat.agent_id
        ):
            return _with_guest(stage, event), None
        case _:
            return stage, None


def made(stage: Talking | AgentAway, leg: Leg) -> Stage:
    """Return the stage when the switch has made the leg of somebody who was asked in."""
    if isinstance(stage, Talking) and isinstance(stage.manner, CallingGuest) and stage.manner.guest.leg == leg:
        return replace(stage, manner=CallingGuest(replace(stage.manner.guest, is_made=True)))
    company = stage.company
    if company.relief is not None and company.relief.leg == leg:
        return replace(stage, company=replace(company, relief=replace(company.relief, is_made=True)))
    watchers = tuple(
        replace(each, rung=replace(each.rung, is_made=True)) if each.rung.leg == leg else each
        for each in company.watchers
    )
    return replace(stage, company=replace(company, watchers=watchers))


def answered(stage: Talking | AgentAway, leg: Leg) -> Stage:
    """Return the stage when somebody who was asked in has answered."""
    company = stage.company
    if company.relief is not None and company.relief.leg == leg:
        return _seated(stage, company.relief.seat)
    if isinstance(stage, Talking) and isinstance(stage.manner, CallingGuest) and stage.manner.guest.leg == leg:
        return replace(stage, manner=Consulting(stage.manner.guest.seat))
    watchers = tuple(replace(each, is_up=True) if each.rung.leg == leg else each for each in company.watchers)
    return replace(stage, company=replace(company, watchers=watchers))


def without(stage: Talking | AgentAway, leg: Leg, ending: Ending) -> Stage:
    """Return the stage when a leg of the house has ended."""
    if isinstance(stage, Talking):
        if stage.seat.leg == leg:
            return _without_agent(stage, is_away=ending in AWAY)
        guest = guest_of(stage.manner)
        if guest is not None and guest.leg == leg:
            return replace(stage, manner=Together())
    return replace(stage, company=stage.company.without(leg))


def guest_rang_in_vain(stage: Talking) -> Stage:
    """Return the stage when a guest does not answer: the debtor has waited long enough."""
    return replace(stage, manner=Together()) if isinstance(stage.manner, CallingGuest) else stage


def left_by(stage: Talking | AgentAway, by: UUID | None) -> Stage | None:
    """Return the stage when somebody leaves a call that goes on without her; None where the call itself is ended."""
    company = _company_without(stage.company, by)
    if company != stage.company:
        return replace(stage, company=company)
    match stage:
        case Talking(Seat(agent_id), Consulting() | Conferring()) if agent_id == by:
            # She leaves those whom she has brought together: nobody hangs up on a debtor who waits.
            return _without_agent(stage, is_away=False)
        case Talking(manner=CallingGuest(guest) | Consulting(guest) | Conferring(guest)) if guest.agent_id == by:
            return replace(stage, manner=Together())
        case _:
            return None


def _without_agent(stage: Talking, *, is_away: bool) -> Stage:
    """The agent's leg is gone: whoever was asked in takes her place; else it is over, unless she did not mean to go."""
    match guest_of(stage.manner):
        case Seat() as guest:
            return Talking(guest, company=stage.company)
        case Rung() as guest:
            return Waiting(QUEUE_SECONDS, guest)
        case None if is_away:
            return AgentAway(stage.seat.agent_id, company=stage.company)
        case None:
            return Ended(EndedBy.AGENT, Ending.RELEASED)


def _handled(call: Call, stage: Talking, event: CallEvent) -> Stage:
    match stage.manner, event:
        case Together(), HoldAsked():
            return replace(stage, manner=Held())
        case Held(), ResumeAsked():
            return replace(stage, manner=Together())
        case Together() | Held(), TransferAsked(by, to) if to != by and to not in _present(stage):
            if event.is_attended:
                return replace(stage, manner=CallingGuest(Rung(to, call.next_leg(Role.GUEST), RING_SECONDS)))
            return Waiting(QUEUE_SECONDS, Rung(to, call.next_leg(Role.AGENT), RING_SECONDS))
        case _:
            return stage


def _with_guest(stage: Talking, event: CallEvent) -> Stage:
    match stage.manner, event:
        case Consulting(guest), ConferenceAsked():
            return replace(stage, manner=Conferring(guest))
        case CallingGuest() | Consulting() | Conferring(), TransferWithdrawn():
            return replace(stage, manner=Together())
        case CallingGuest() | Consulting() | Conferring(), TransferConfirmed():
            return _without_agent(stage, is_away=False)
        case _:
            return stage


def _take_over(call: Call, stage: Talking | AgentAway, by: UUID) -> Stage:
    """A supervisor who takes part already is there at once; another one is rung first."""
    if by in {each.agent_id for each in people_of(stage)} or stage.company.relief is not None:
        return stage
    watcher = _watcher(stage.company, by)
    if watcher is not None and watcher.is_up:
        return _seated(stage, watcher.rung.seat)
    rung = watcher.rung if watcher is not None else _coming(call, by)
    return replace(stage, company=replace(_company_without(stage.company, by), relief=rung))


def _seated(stage: Talking | AgentAway, seat: Seat) -> Talking:
    """Seat somebody in the agent's place; a guest who speaks with everybody stays."""
    manner = stage.manner if isinstance(stage, Talking) and isinstance(stage.manner, Conferring) else Together()
    return Talking(seat, manner, stage.company.without(seat.leg))


def _watched(call: Call, stage: Talking, watcher: Watcher) -> Company:
    """Let a supervisor take part, or take part in another way; who is in the call as an agent does so already."""
    company, by = stage.company, watcher.rung.agent_id
    if by in {each.agent_id for each in people_of(stage)} or (company.relief and company.relief.agent_id == by):
        return company
    if _watcher(company, by) is None:
        return replace(company, watchers=(*company.watchers, watcher))
    changed = (replace(each, mode=watcher.mode) if each.rung.agent_id == by else each for each in company.watchers)
    return replace(company, watchers=tuple(changed))


def _coming(call: Call, by: UUID) -> Rung:
    return Rung(by, call.next_leg(Role.SUPERVISOR), RING_SECONDS)


def _watcher(company: Company, by: UUID | None) -> Watcher | None:
    return next((each for each in company.watchers if each.rung.agent_id == by), None)


def _company_without(company: Company, by: UUID | None) -> Company:
    staying = tuple(each for each in company.watchers if each.rung.agent_id != by)
    return Company(staying, None if company.relief and company.relief.agent_id == by else company.relief)


def _present(stage: Talking) -> frozenset[UUID]:
    """Return everybody who takes part in a talk in any way."""
    company = stage.company
    supervisors = (*(each.rung for each in company.watchers), *((company.relief,) if company.relief else ()))
    return frozenset(each.agent_id for each in (*people_of(stage), *supervisors))
