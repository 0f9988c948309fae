"""Appeals as HTTP sees them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from anmi.kit.fields import Asked, Reason, Seen
from anmi.quality.appeals.models import AppealState
from anmi.quality.appeals.service import AppealView


class AppealToMake(Asked):
    """An agent's word against an inspection, or against one of its findings."""

    inspection_id: UUID
    finding_id: UUID | None = None
    reason: Reason


class AppealDecision(Asked):
    """The answer to an appeal."""

    version: int
    is_granted: bool
    answer: Reason


class AppealSeen(Seen):
    """An appeal."""

    id: UUID
    inspection_id: UUID
    call_id: UUID
    called_at: datetime
    finding_id: UUID | None
    finding_code: str | None
    evidence: str | None
    person_id: UUID
    name: str
    reason: str
    state: AppealState
    appealed_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    answer: str | None
    score: int
    version: int

    @classmethod
    def of(cls, view: AppealView) -> AppealSeen:
        """Return it as HTTP says it."""
        appeal, inspection, finding = view.row.appeal, view.row.inspection, view.row.finding
        return cls(
            id=appeal.id,
            inspection_id=appeal.inspection_id,
            call_id=inspection.call_id,
            called_at=inspection.called_at,
            finding_id=appeal.finding_id,
            finding_code=finding.code if finding else None,
            evidence=finding.evidence if finding else None,
            person_id=appeal.person_id,
            name=view.name,
            reason=appeal.reason,
            state=appeal.state,
            appealed_at=appeal.appealed_at,
            decided_by=appeal.decided_by,
            decided_at=appeal.decided_at,
            answer=appeal.answer,
            score=inspection.score,
            version=appeal.version,
        )
