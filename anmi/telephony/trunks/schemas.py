"""Trunks as HTTP sees them. What goes into a switch's configuration is held to strict forms."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final, Self, cast
from uuid import UUID

from pydantic import Field, StringConstraints

from anmi.core.call_legs import Ending
from anmi.kit.fields import Asked, Line, Seen
from anmi.telephony.trunks.service import TrunkChanges, TrunkState, TrunkView

Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?(:[0-9]{1,5})?$")]
Username = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._@+-]{1,64}$")]
# A semicolon begins a comment in Asterisk's files.
Secret = Annotated[str, StringConstraints(pattern=r"^[!-:<-~]{4,128}$")]
Answer = Annotated[str, StringConstraints(pattern=r"^(sip:[3-6][0-9]{2}|q850:[0-9]{1,3})$")]
Capacity = Annotated[int, Field(ge=1, le=100_000)]
Rank = Annotated[int, Field(ge=0, le=1000)]


class Transport(StrEnum):
    """How a carrier is spoken to."""

    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


class Codec(StrEnum):
    """How sound travels."""

    ALAW = "alaw"
    ULAW = "ulaw"
    G722 = "g722"
    G729 = "g729"
    OPUS = "opus"


_EMPTIED: Final = frozenset({"engine_id", "username", "secret"})

Codecs = Annotated[list[Codec], Field(min_length=1, max_length=5)]


class TrunkToAdd(Asked):
    """A line to a carrier."""

    name: Line
    carrier: Line
    licence: Line
    engine_id: UUID | None = None
    host: Host
    transport: Transport = Transport.UDP
    codecs: Codecs = Field(default=[Codec.ALAW, Codec.ULAW])
    username: Username | None = None
    secret: Secret | None = None
    registers: bool = False
    capacity: Capacity
    rank: Rank = 0
    reasons: Annotated[dict[Answer, Ending], Field(max_length=100)] = Field(default={})
    is_rehearsal: bool = False

    def facts(self) -> TrunkChanges:
        """Return the fields as the service takes them."""
        return cast("TrunkChanges", self.model_dump())


class TrunkChange(Asked):
    """What is to be changed of a trunk; a secret is replaced, and an empty one taken away."""

    version: int
    name: Line | None = None
    carrier: Line | None = None
    licence: Line | None = None
    engine_id: UUID | None = None
    host: Host | None = None
    transport: Transport | None = None
    codecs: Codecs | None = None
    username: Username | None = None
    secret: Secret | None = None
    registers: bool | None = None
    capacity: Capacity | None = None
    rank: Rank | None = None
    reasons: Annotated[dict[Answer, Ending], Field(max_length=100)] | None = None
    state: TrunkState | None = None

    def changes(self) -> TrunkChanges:
        """Return the fields that were sent; an engine, a username and a secret can be taken away by null."""
        sent = self.model_dump(exclude_unset=True, exclude={"version"})
        emptied = {"engine_id", "username", "secret"}
        return cast(
            "TrunkChanges", {name: value for name, value in sent.items() if value is not None or name in emptied}
        )


class TrunkFacts(Seen):
    """What is written of a trunk."""

    id: UUID
    name: str
    carrier: str
    licence: str
    engine_id: UUID | None
    host: str
    transport: str
    codecs: list[str]
    username: str | None
    registers: bool
    capacity: int
    rank: int
    reasons: dict[str, Any]
    state: TrunkState
    is_rehearsal: bool
    failures: int
    rests_until: datetime | None
    version: int


class TrunkSeen(TrunkFacts):
    """A trunk and how it stands; of its secret only whether there is one."""

    has_secret: bool
    calls_now: int
    is_resting: bool

    @classmethod
    def of(cls, view: TrunkView) -> Self:
        """Say a view as HTTP does."""
        return cls(
            **TrunkFacts.model_validate(view.trunk).model_dump(),
            has_secret=view.trunk.secret_sealed is not None,
            calls_now=view.calls_now,
            is_resting=view.is_resting,
        )
