"""Requests to keep cases longer than was agreed."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base, Identified, OfTenant, Versioned


class RetentionState(StrEnum):
    """How far a request has come."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class RetentionRequest(Base, Identified, OfTenant, Versioned):
    """A placement, or one case of it, that is to stay until a later day; one waits at a time."""

    __tablename__ = "retention_requests"
    __table_args__ = (
        Index(
            "uq_retention_requests_waiting",
            "placement_id",
            "case_id",
            unique=True,
            postgresql_where=text("state = 'asked'"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    placement_id: Mapped[UUID] = mapped_column(ForeignKey("placements.id"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"), index=True)
    """None where it is for all open cases of the placement."""
    state: Mapped[str]
    wanted_until: Mapped[date]
    reason: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID | None]
    granted_until: Mapped[date | None]
    """The creditor's own day, which may be an earlier one than was wanted."""
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None]
