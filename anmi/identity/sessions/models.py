"""Sessions: one for every browser somebody is signed in with."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from anmi.core.sign_in import Step
from anmi.kit.db import Base, Identified, OfTenant


class EndReason(StrEnum):
    """Why a session is over."""

    SIGNED_OUT = "signed_out"
    REVOKED = "revoked"
    """Ended from another of the person's own sessions."""
    ENDED = "ended"
    """Ended by an administrator."""
    REPLACED = "replaced"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a reason, not a password
    LOCKED_OUT = "locked_out"
    PERSON_DISABLED = "person_disabled"
    CREDENTIALS_RESET = "credentials_reset"
    TENANT_SUSPENDED = "tenant_suspended"
    IDLE = "idle"
    EXPIRED = "expired"


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
    end_reason: Mapped[EndReason | None]
    ip: Mapped[str]
    device: Mapped[str]
