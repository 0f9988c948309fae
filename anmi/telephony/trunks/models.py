"""Trunks."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base, Identified, OfTenant, Versioned

SECRET = "trunks.secret"  # noqa: S105 - the name of the field


class TrunkState(StrEnum):
    """Whether calls go over a trunk."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class Trunk(Base, Identified, OfTenant, Versioned):
    """A line to a carrier. The one of the lowest `rank` that is well and has room is dialled over."""

    __tablename__ = "trunks"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    name: Mapped[str]
    carrier: Mapped[str]
    """The contracting carrier, as on the contract."""
    licence: Mapped[str]
    """Reference of the carrier's telecommunications licence, or of the contract that rests on it."""
    engine_id: Mapped[UUID | None] = mapped_column(ForeignKey("engines.id"))
    """Whose switch it hangs on; none: on every one."""
    host: Mapped[str]
    transport: Mapped[str] = mapped_column(default="udp")
    codecs: Mapped[list[str]] = mapped_column(JSONB)
    username: Mapped[str | None]
    secret_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info={"sealed": SECRET})
    registers: Mapped[bool] = mapped_column(default=False)
    capacity: Mapped[int]
    """Calls at once."""
    rank: Mapped[int] = mapped_column(default=0)
    reasons: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    """What this carrier means by its answers where it differs: `{"sip:403": "suspended"}`."""
    state: Mapped[TrunkState] = mapped_column(default=TrunkState.ACTIVE)
    is_rehearsal: Mapped[bool] = mapped_column(default=False)
    failures: Mapped[int] = mapped_column(default=0)
    """Calls in a row that failed for a reason of the trunk."""
    rests_until: Mapped[datetime | None]
    """After too many failures it is left alone for a while, and tried again then."""
