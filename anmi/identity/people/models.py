"""The people who work here, what they were granted, and what proves that it is they."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from anmi.core.permissions import Scope
from anmi.kit.db import Base, Identified, OfTenant, Versioned

NAME = "person.name"
PHONE = "person.phone"
PHONE_TAIL = "person.phone_tail"
TOTP = "person.totp"


class PersonState(StrEnum):
    """Whether somebody may come in at all."""

    ACTIVE = "active"
    DISABLED = "disabled"


class Person(Base, Identified, OfTenant, Versioned):
    """Somebody at work in an agency. Name and phone are sealed and found through their blind indexes."""

    __tablename__ = "people"
    __table_args__ = (
        UniqueConstraint("tenant_id", "employee_no"),
        UniqueConstraint("tenant_id", "phone_index"),
    )

    employee_no: Mapped[str]
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary, info={"sealed": NAME})
    name_index: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    phone_sealed: Mapped[bytes] = mapped_column(LargeBinary, info={"sealed": PHONE})
    phone_index: Mapped[bytes] = mapped_column(LargeBinary)
    phone_tail_index: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("org_units.id"), index=True)
    state: Mapped[PersonState] = mapped_column(default=PersonState.ACTIVE)
    training_valid_until: Mapped[date | None]
    skills: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    """Codes of what she is able to do, as allocation and routing demand them."""
    level: Mapped[int] = mapped_column(default=0)
    regions: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    """Provinces whose cases she works; none named means all of them."""
    locale: Mapped[str] = mapped_column(default="zh-CN")
    theme: Mapped[str] = mapped_column(default="auto")
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]
    enabled_at: Mapped[datetime | None]
    """When somebody let her in again: the time without a log-in is counted from then."""

    password_hash: Mapped[str]
    password_changed_at: Mapped[datetime]
    must_change_password: Mapped[bool] = mapped_column(default=True)
    failed_attempts: Mapped[int] = mapped_column(default=0)
    lockouts: Mapped[int] = mapped_column(default=0)
    """How often in a row the account was locked; each time it stays locked twice as long."""
    locked_until: Mapped[datetime | None]
    totp_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info={"sealed": TOTP})
    totp_pending_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info={"sealed": TOTP})
    """The secret of an enrolment that was begun and not confirmed yet; the one in use stays until then."""
    totp_enrolled_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None]
    """The last time step whose code was used: a code works once (RFC 6238, 5.2)."""


class FormerPassword(Base, Identified, OfTenant):
    """A password somebody had, so that it does not come back too soon."""

    __tablename__ = "former_passwords"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    password_hash: Mapped[str]
    at: Mapped[datetime]


class RecoveryCode(Base, Identified, OfTenant):
    """A way in for somebody who has lost her second factor; it works once."""

    __tablename__ = "recovery_codes"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    used_at: Mapped[datetime | None]


class PersonGrant(Base, Identified, OfTenant):
    """A role given to a person, as far as `scope` from `unit_id`."""

    __tablename__ = "grants"
    __table_args__ = (UniqueConstraint("person_id", "role", "scope", "unit_id"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    role: Mapped[str]
    scope: Mapped[Scope]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("org_units.id"), index=True)
