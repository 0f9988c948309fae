"""API tokens: how a machine calls us."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from anmi.core.permissions import Scope
from anmi.kit.db import Base, Identified, OfTenant


class ApiToken(Base, Identified, OfTenant):
    """A machine's key to some permissions within one unit's reach. Only its digest is kept."""

    __tablename__ = "api_tokens"

    name: Mapped[str]
    token_digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    permissions: Mapped[list[str]] = mapped_column(ARRAY(String))
    scope: Mapped[Scope]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("org_units.id"))
    issued_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    issued_at: Mapped[datetime]
    expires_on: Mapped[date | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
