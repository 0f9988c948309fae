"""The security policy an agency has set for itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base, Identified, OfTenant, Versioned


class SecurityPolicyRow(Base, Identified, OfTenant, Versioned):
    """One per agency at the most; without it the defaults of `anmi.core.security_policy` hold."""

    __tablename__ = "security_policies"
    __table_args__ = (UniqueConstraint("tenant_id"),)

    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
