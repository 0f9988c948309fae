"""Rule packs."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base, Identified, OfTenant, Versioned


class PackState(StrEnum):
    """The life of a pack; one is in force."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    PUBLISHED = "published"
    RETIRED = "retired"
    REJECTED = "rejected"


class AgencyPack(Base, Identified, OfTenant, Versioned):
    """What an agency has changed of the built-in pack: rules added, reworded, set aside."""

    __tablename__ = "quality_packs"
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        Index("ix_quality_packs_published", "tenant_id", unique=True, postgresql_where="state = 'published'"),
    )

    number: Mapped[int]
    state: Mapped[PackState] = mapped_column(default=PackState.DRAFT)
    note: Mapped[str]
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """Each a rule in the form of the pack's files, by its id; `{"id": …, "off": true}` sets one aside."""
    based_on: Mapped[str]
    """Version of the built-in pack it was written for."""
    drafted_by: Mapped[UUID | None]
    drafted_at: Mapped[datetime]
    trial: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """What it found on the calls it was tried on, against the pack in force."""
    proposed_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    decision: Mapped[str | None]
