"""What things of ours are called in Asterisk: channels by call and leg, so that an engine begun anew knows them."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from anmi.core.call_legs import Leg

TALK: Final = "talk"
EAR: Final = "ear"
"""A supervisor's way to hear another's leg."""
TAP: Final = "tap"
"""Our own way to hear a leg."""
WATCH: Final = "watch"
"""The live watch's way to hear a leg."""
SOUND: Final = "sound"
"""Where a tap brings what it hears."""


def channel_of(call_id: UUID, leg: Leg) -> str:
    """Return the name of a leg's channel."""
    return f"{call_id}.{leg}"


def read_channel(name: str) -> tuple[UUID, Leg] | None:
    """Return whose channel this is; None for a helper's, or one that is not ours."""
    call, _, leg = name.partition(".")
    try:
        return UUID(call), Leg.read(leg)
    except ValueError:
        return None


def talk_of(call_id: UUID) -> str:
    """Return the name of the bridge in which a call's legs hear one another."""
    return f"{call_id}.{TALK}"


def helper_of(channel: str, helper: str) -> str:
    """Return the name of a channel or bridge that serves another channel."""
    return f"{channel}.{helper}"


def call_of(name: str) -> UUID | None:
    """Return the call that a channel or bridge of ours belongs to."""
    try:
        return UUID(name.partition(".")[0])
    except ValueError:
        return None
