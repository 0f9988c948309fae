"""Inspections and their findings."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from anmi.core.inspection.model import Severity
from anmi.core.inspection_queue import QueuedFor
from anmi.kit.db import Base, Identified, OfTenant, Versioned


class InspectionState(StrEnum):
    """Who has looked at a call."""

    BY_MACHINE = "by_machine"
    QUEUED = "queued"
    """The machine asks for a person."""
    TAKEN = "taken"
    INSPECTED = "inspected"
    REINSPECTED = "reinspected"


class Verdict(StrEnum):
    """What a person says of a finding."""

    OPEN = "open"
    AGREED = "agreed"
    OVERRULED = "overruled"
    ADDED = "added"
    """The machine did not hear it."""


class CallInspection(Base, Identified, OfTenant, Versioned):
    """What is held of the conduct on one call."""

    __tablename__ = "inspections"
    __table_args__ = (
        Index("ix_inspections_queue", "tenant_id", "state", "priority", "called_at"),
        Index("ix_inspections_person", "person_id", "called_at"),
        Index("ix_inspections_unit", "tenant_id", "unit_id", "called_at"),
    )

    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id"), unique=True)
    called_at: Mapped[datetime]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("org_units.id"))
    owner_id: Mapped[UUID | None]
    """Opaque: whose debt it was about, the creditor, for figures."""
    state: Mapped[InspectionState] = mapped_column(default=InspectionState.BY_MACHINE)
    queued_for: Mapped[QueuedFor | None]
    priority: Mapped[int] = mapped_column(default=0)
    pack_version: Mapped[str]
    scorecard_id: Mapped[UUID | None] = mapped_column(ForeignKey("scorecards.id"))
    machine_score: Mapped[int]
    score: Mapped[int]
    """The one that counts: the machine's until a person has spoken."""
    is_vetoed: Mapped[bool] = mapped_column(default=False)
    points: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Points kept and lost, by the code of the criterion."""
    missing: Mapped[list[str]] = mapped_column(JSONB)
    """Codes of what should have been said."""
    extracted: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """The half-written note: what was promised, by whom, with the sentence it comes from."""
    inspected_by_machine_at: Mapped[datetime]
    inspector_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    taken_at: Mapped[datetime | None]
    inspected_at: Mapped[datetime | None]
    note: Mapped[str | None]
    blind_judges: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list)
    """Who judges this call in an open calibration: what is held here is not for them before it is closed."""


class CallFinding(Base, Identified, OfTenant):
    """One violation on one call, with its evidence."""

    __tablename__ = "findings"
    __table_args__ = (Index("ix_findings_rule", "tenant_id", "rule_id", "verdict"),)

    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id", ondelete="CASCADE"), index=True)
    code: Mapped[str]
    severity: Mapped[Severity]
    rule_id: Mapped[str | None]
    rule_version: Mapped[str | None]
    utterance: Mapped[int | None]
    """Number of the utterance it stands in; none: the call as a whole."""
    began_ms: Mapped[int | None]
    ended_ms: Mapped[int | None]
    evidence: Mapped[str]
    """The words, with long digits masked; blank once the call's recording has been deleted."""
    is_live: Mapped[bool] = mapped_column(default=False)
    """Heard while the call lasted."""
    verdict: Mapped[Verdict] = mapped_column(default=Verdict.OPEN)
    verdict_by: Mapped[UUID | None]
    verdict_at: Mapped[datetime | None]
    verdict_note: Mapped[str | None]
