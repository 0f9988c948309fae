"""Roles an agency made for itself; the built-in ones are code (`anmi.core.roles`)."""

from __future__ import annotations

from sqlalchemy import ARRAY, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base, Identified, OfTenant, Versioned


class CustomRole(Base, Identified, OfTenant, Versioned):
    """A named set of permissions and field rights."""

    __tablename__ = "roles"
    __table_args__ = (UniqueConstraint("tenant_id", "code"),)

    code: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    permissions: Mapped[list[str]] = mapped_column(ARRAY(String))
    field_rights: Mapped[list[str]] = mapped_column(ARRAY(String))
