"""The tree of an agency: company, branches, departments, teams, to any depth."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base, Identified, OfTenant, Versioned


class UnitKind(StrEnum):
    """What a unit is called; it changes nothing of its rights."""

    COMPANY = "company"
    BRANCH = "branch"
    DEPARTMENT = "department"
    TEAM = "team"


class OrgUnit(Base, Identified, OfTenant, Versioned):
    """A node of the tree. The one without a parent is the agency itself."""

    __tablename__ = "org_units"
    __table_args__ = (UniqueConstraint("tenant_id", "parent_id", "name", postgresql_nulls_not_distinct=True),)

    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("org_units.id"), index=True)
    name: Mapped[str]
    kind: Mapped[UnitKind]
