"""An agent's life on the phone floor, as a table: which state follows which event, and what may be done in each."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class AgentState(StrEnum):
    """Where an agent stands; she is in exactly one."""

    OFFLINE = "offline"
    READY = "ready"
    NOT_READY = "not_ready"
    RESERVED = "reserved"
    """A call is on its way to her."""
    ON_CALL = "on_call"
    WRAP_UP = "wrap_up"


class NotReadyReason(StrEnum):
    """Why an agent takes no calls."""

    LOGGED_IN = "logged_in"
    """Just come; she says herself when she is ready."""
    BREAK = "break"
    MEAL = "meal"
    MEETING = "meeting"
    TRAINING = "training"
    PAPERWORK = "paperwork"
    MISSED_CALL = "missed_call"
    """A call rang in vain: the house takes her out."""
    PHONE_LOST = "phone_lost"


ASKED_FOR: Final = frozenset(
    {
        NotReadyReason.BREAK,
        NotReadyReason.MEAL,
        NotReadyReason.MEETING,
        NotReadyReason.TRAINING,
        NotReadyReason.PAPERWORK,
    }
)
"""The reasons a person may give; the others are the house's."""


class AgentEvent(StrEnum):
    """What moves an agent on."""

    ARRIVE = "arrive"
    LEAVE = "leave"
    GET_READY = "get_ready"
    TAKE_BREAK = "take_break"
    RESERVE = "reserve"
    RELEASE = "release"
    """The call did not come to her after all."""
    MISS = "miss"
    CONNECT = "connect"
    HANG_UP = "hang_up"
    FINISH = "finish"
    """The wrap-up is done, or its time is over."""
    LOSE_PHONE = "lose_phone"


_S, _E = AgentState, AgentEvent

STEPS: Final[dict[tuple[AgentState, AgentEvent], AgentState]] = {
    (_S.OFFLINE, _E.ARRIVE): _S.NOT_READY,
    (_S.NOT_READY, _E.GET_READY): _S.READY,
    (_S.READY, _E.TAKE_BREAK): _S.NOT_READY,
    (_S.NOT_READY, _E.TAKE_BREAK): _S.NOT_READY,
    (_S.READY, _E.RESERVE): _S.RESERVED,
    # Her own one-click call needs no readiness: she is at her desk and asks for it.
    (_S.NOT_READY, _E.RESERVE): _S.RESERVED,
    (_S.WRAP_UP, _E.RESERVE): _S.RESERVED,
    (_S.RESERVED, _E.RELEASE): _S.READY,
    (_S.RESERVED, _E.MISS): _S.NOT_READY,
    (_S.RESERVED, _E.CONNECT): _S.ON_CALL,
    (_S.ON_CALL, _E.HANG_UP): _S.WRAP_UP,
    (_S.WRAP_UP, _E.FINISH): _S.READY,
    (_S.WRAP_UP, _E.TAKE_BREAK): _S.NOT_READY,
    (_S.READY, _E.LOSE_PHONE): _S.NOT_READY,
    (_S.READY, _E.LEAVE): _S.OFFLINE,
    (_S.NOT_READY, _E.LEAVE): _S.OFFLINE,
    (_S.WRAP_UP, _E.LEAVE): _S.OFFLINE,
}


def step(state: AgentState, event: AgentEvent) -> AgentState | None:
    """Return the state that follows, or None where the event has no place."""
    return STEPS.get((state, event))
