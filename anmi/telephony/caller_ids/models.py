"""Caller ids."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base, Identified, OfTenant, Versioned


class CallerIdState(StrEnum):
    """Whether a number is shown."""

    ACTIVE = "active"
    RESTING = "resting"
    ENDED = "ended"


class CallerId(Base, Identified, OfTenant, Versioned):
    """A number the agency has leased and may show."""

    __tablename__ = "caller_ids"
    __table_args__ = (UniqueConstraint("tenant_id", "number"),)

    number: Mapped[str]
    """As it is dialled inside the country; the agency's own, so it is not sealed."""
    city: Mapped[str | None]
    """City of the number, as `core` names cities; none for numbers of the whole country (95…, 400)."""
    province: Mapped[str | None]
    trunk_id: Mapped[UUID] = mapped_column(ForeignKey("trunks.id"), index=True)
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("org_units.id"))
    """The unit it is given to; none: to everybody."""
    licence: Mapped[str]
    """The lease or assignment it is shown on the strength of."""
    leased_until: Mapped[date | None]
    daily_ceiling: Mapped[int]
    cool_down_seconds: Mapped[int]
    """How long it is not shown again to the same number's city pool after use; rests spread the load."""
    complaints: Mapped[int] = mapped_column(default=0)
    complaint_ceiling: Mapped[int] = mapped_column(default=3)
    state: Mapped[CallerIdState] = mapped_column(default=CallerIdState.ACTIVE)
    rests_until: Mapped[datetime | None]
    last_shown_at: Mapped[datetime | None]
    shown_on: Mapped[date | None]
    """The day it was last shown on."""
    shown: Mapped[int] = mapped_column(default=0)
    """How often it was on that day: counted as it is taken, while it is held."""

    def shown_today(self, today: date) -> int:
        """Return how often it was shown on this day."""
        return self.shown if self.shown_on == today else 0
