"""Packs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base, Identified, OfTenant


class Pack(Base, Identified, OfTenant):
    """What somebody asked to have packed, and why. The file is made while it is fetched and lies nowhere."""

    __tablename__ = "packs"

    wanted: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """The filter of the call records it holds."""
    reason: Mapped[str]
    calls: Mapped[int]
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID]
    expires_at: Mapped[datetime]
    fetched_at: Mapped[datetime | None]
