"""The agencies that use this installation."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base, Identified, Versioned

PLATFORM_CODE: Final = "platform"
"""The agency that is none: the operator's own people work in it, and make the others."""


class TenantState(StrEnum):
    """Whether an agency may work."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


class Tenant(Base, Identified, Versioned):
    """One agency. Its code is what people type at the door, and its subdomain."""

    __tablename__ = "tenants"

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    state: Mapped[TenantState] = mapped_column(default=TenantState.ACTIVE)
    created_at: Mapped[datetime]
