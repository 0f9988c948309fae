"""Sessions: one for every browser somebody is signed in with."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base, Identified, OfTenant


class Step(StrEnum):
    """What is still owed before the desk opens."""

    TOTP = "totp"
    PASSWORD_CHANGE = "password_change"  # noqa: S105
    TOTP_ENROLMENT = "totp_enrolment"
    COMPLETE = "complete"


class Session(Base, Identified, OfTenant):
    """A browser that somebody is signed in with. The token itself is kept nowhere, only its digest."""

    __tablename__ = "sessions"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    step: Mapped[Step]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]
    ip: Mapped[str]
    device: Mapped[str]
