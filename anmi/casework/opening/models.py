"""Case opening runs (智能开案)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from anmi.core.number_state import NumberState
from anmi.kit.db import Base, Identified, OfTenant, Versioned


class CaseOpeningRun(Base, Identified, OfTenant, Versioned):
    """One opening of a placement's cases, with its figures."""

    __tablename__ = "case_opening_runs"

    placement_id: Mapped[UUID] = mapped_column(ForeignKey("placements.id"), index=True)
    state: Mapped[str]
    """running, done, failed."""
    cases_total: Mapped[int]
    cases_done: Mapped[int] = mapped_column(default=0)
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    started_at: Mapped[datetime]
    started_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    fault: Mapped[str | None]


class OpenedCase(Base, Identified, OfTenant):
    """What the run found for one case: reachable, dead or unknown, and which rules set stage and priority."""

    __tablename__ = "opened_cases"
    __table_args__ = (UniqueConstraint("run_id", "case_id"),)

    run_id: Mapped[UUID] = mapped_column(ForeignKey("case_opening_runs.id", ondelete="CASCADE"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    reach: Mapped[str]
    """reachable, dead, unknown."""
    stage: Mapped[str | None]
    priority: Mapped[int]
    rules: Mapped[list[str]] = mapped_column(JSONB)


class NumberCheck(Base, Identified, OfTenant):
    """An answer about a number, with where it came from."""

    __tablename__ = "number_checks"

    phone_id: Mapped[UUID] = mapped_column(ForeignKey("phones.id"), index=True)
    state: Mapped[NumberState]
    vendor: Mapped[str]
    raw_code: Mapped[str | None]
    is_right_party: Mapped[bool | None]
    checked_at: Mapped[datetime]
    valid_until: Mapped[datetime]


class OpeningRules(Base, Identified, OfTenant, Versioned):
    """An agency's own rules of first stage and priority; without them the bundled ones hold."""

    __tablename__ = "opening_rules"

    body: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
