"""The events of ARI that we use, read into types; what we do not use is passed over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from anmi.adapters.asterisk.ari import Json

# Sent for every variable that is set and every step of the dialplan: half of all that comes.
UNWANTED: Final = (
    "ChannelVarset",
    "ChannelDialplan",
    "ChannelCallerId",
    "ChannelConnectedLine",
    "ChannelEnteredBridge",
    "ChannelLeftBridge",
    "ChannelUserevent",
    "ChannelCreated",
    "BridgeCreated",
    "BridgeDestroyed",
    "PlaybackStarted",
)


@dataclass(frozen=True, slots=True)
class Channel:
    """What ARI tells of a channel."""

    id: str
    name: str
    is_up: bool
    caller: str = field(repr=False)
    sip_call_id: str
    context: str

    @property
    def over(self) -> str:
        """The phone or trunk it goes over: `PJSIP/<this>-0000002a`."""
        return self.name.partition("/")[2].rpartition("-")[0]


@dataclass(frozen=True, slots=True)
class Entered:
    """A channel is in our hands."""

    channel: Channel
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dialled:
    """How an attempt goes: `RINGING`, `PROGRESS`, `ANSWER`, or nothing yet."""

    channel: Channel
    status: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A channel's state is another."""

    channel: Channel


@dataclass(frozen=True, slots=True)
class Destroyed:
    """A channel is no more."""

    channel: Channel
    cause: int
    sip: int | None


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key."""

    channel: Channel
    key: str


@dataclass(frozen=True, slots=True)
class Talking:
    """Somebody has begun or ceased to speak."""

    channel: Channel
    has_begun: bool


@dataclass(frozen=True, slots=True)
class Played:
    """What was to be heard has been heard."""

    playback: str
    channel: str


ChannelEvent: TypeAlias = Entered | Dialled | Changed | Destroyed | Pressed | Talking
AriEvent: TypeAlias = ChannelEvent | Played


def read_channel_facts(told: Json) -> Channel:
    """Read a channel as ARI writes it."""
    return Channel(
        id=told["id"],
        name=told["name"],
        is_up=told["state"] == "Up",
        caller=told.get("caller", {}).get("number", ""),
        sip_call_id=told.get("protocol_id", ""),
        context=told.get("dialplan", {}).get("context", ""),
    )


def read_event(told: Json) -> AriEvent | None:  # noqa: PLR0911 - one answer for each kind of event
    """Read an event; None for one we have no use for."""
    match told["type"]:
        case "StasisStart":
            return Entered(_channel(told), tuple(told.get("args", ())))
        case "Dial":
            return Dialled(_channel(told, "peer"), told.get("dialstatus", ""))
        case "ChannelStateChange":
            return Changed(_channel(told))
        case "ChannelDestroyed":
            return Destroyed(_channel(told), told.get("cause", 0), _sip(told.get("tech_cause")))
        case "ChannelDtmfReceived":
            return Pressed(_channel(told), told["digit"])
        case "ChannelTalkingStarted" | "ChannelTalkingFinished" as kind:
            return Talking(_channel(told), kind == "ChannelTalkingStarted")
        case "PlaybackFinished":
            playback = told["playback"]
            return Played(playback["id"], playback["target_uri"].removeprefix("channel:"))
        case _:
            return None


def _channel(told: Json, key: str = "channel") -> Channel:
    return read_channel_facts(told[key])


def _sip(told: Any) -> int | None:
    return int(told) if told else None
