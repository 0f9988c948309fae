"""Contact attempts: every question put to the gate, its answer with the facts it stood on, and what came of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from anmi.core.contact_rules.facts import Channel, Outcome, Purpose
from anmi.kit.db import Base, Identified, OfTenant, Versioned


class ContactAttempt(Base, Identified, OfTenant):
    """One attempt to reach somebody. Allowed ones count from the moment they are reserved; refused ones never do.

    One that was reserved and then refused, when it was to be confirmed, is refused and has an end.
    """

    __tablename__ = "contact_attempts"
    __table_args__ = (
        Index("ix_contact_attempts_debtor", "tenant_id", "debtor_id", "at"),
        Index("ix_contact_attempts_number", "tenant_id", "number_index", "at"),
        Index("ix_contact_attempts_case", "case_id", "at"),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    debtor_id: Mapped[UUID] = mapped_column(ForeignKey("debtors.id"))
    phone_id: Mapped[UUID | None] = mapped_column(ForeignKey("phones.id"))
    number_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    address_id: Mapped[UUID | None] = mapped_column(ForeignKey("addresses.id"))
    channel: Mapped[Channel]
    purpose: Mapped[Purpose]
    at: Mapped[datetime]
    by: Mapped[UUID | None]
    allowed: Mapped[bool]
    rule_id: Mapped[str | None]
    reason: Mapped[str | None]
    until: Mapped[datetime | None]
    pack_version: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """What the decision stood on; ids and counts, no personal data."""
    confirmed_at: Mapped[datetime | None]
    """When the contact was really made, if the gate was asked once more at that moment."""
    confirmation_facts: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """What the second answer stood on, whichever it was."""
    outcome: Mapped[Outcome | None]
    ended_at: Mapped[datetime | None]


class ContactRuleRow(Base, Identified, OfTenant, Versioned):
    """A row by which an agency, or one of its creditors, makes a contact rule stricter.

    A row is never edited: decisions of the past stood on it. It is ended, and another one made.
    """

    __tablename__ = "contact_rule_rows"

    creditor_id: Mapped[UUID | None] = mapped_column(ForeignKey("creditors.id"), index=True)
    rule_id: Mapped[str]
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
