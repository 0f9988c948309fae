"""Inspections as HTTP sees them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from anmi.core.hearing_backlog import LATE_AFTER
from anmi.core.inspection.model import Severity
from anmi.core.inspection_queue import QueuedFor
from anmi.core.quality_codes import FINDING_WORDS
from anmi.kit.fields import Asked, Reason, Seen
from anmi.quality.inspections.models import InspectionState, Verdict
from anmi.quality.inspections.service import (
    Decision,
    FindingToAdd,
    HearingBacklog,
    InspectionDetail,
    InspectionView,
)

Code = Annotated[str, StringConstraints(pattern=r"^[VP][0-9]{2}$")]
Evidence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class CodeSeen(Seen):
    """What inspection can find."""

    code: str
    zh: str
    en: str


class CriterionPoints(Seen):
    """What a criterion has kept, and what cost it points."""

    kept: int
    weight: int
    causes: list[str]


class InspectionSeen(Seen):
    """An inspection as a list shows it."""

    id: UUID
    call_id: UUID
    called_at: datetime
    person_id: UUID | None
    name: str | None
    unit_id: UUID | None
    creditor_id: UUID | None
    subject_kind: str | None
    subject_id: UUID | None
    talked_seconds: int
    state: InspectionState
    queued_for: QueuedFor | None
    score: int
    machine_score: int
    is_vetoed: bool
    codes: list[str]
    inspector_id: UUID | None
    inspected_at: datetime | None
    version: int

    @classmethod
    def of(cls, view: InspectionView) -> InspectionSeen:
        """Return it as HTTP says it."""
        return cls(**_common(view), codes=list(view.codes))


class FindingSeen(Seen):
    """One violation with its evidence, and what a person says of it."""

    id: UUID
    code: str
    severity: Severity
    rule_id: str | None
    rule_version: str | None
    utterance: int | None
    began_ms: int | None
    ended_ms: int | None
    evidence: str
    is_live: bool
    verdict: Verdict
    verdict_by: UUID | None
    verdict_at: datetime | None
    verdict_note: str | None


class InspectionDetailSeen(InspectionSeen):
    """An inspection as an inspector works on it."""

    recording_id: UUID | None
    pack_version: str
    scorecard_id: UUID | None
    points: dict[str, CriterionPoints]
    missing: list[str]
    extracted: dict[str, Any]
    note: str | None
    findings: list[FindingSeen]

    @classmethod
    def of_detail(cls, detail: InspectionDetail) -> InspectionDetailSeen:
        """Return it as HTTP says it."""
        inspection = detail.row.inspection
        return cls(
            **_common(detail),
            codes=list(dict.fromkeys(each.code for each in detail.findings if each.verdict is not Verdict.OVERRULED)),
            recording_id=detail.row.recording_id,
            pack_version=inspection.pack_version,
            scorecard_id=inspection.scorecard_id,
            points={code: CriterionPoints(**points) for code, points in inspection.points.items()},
            missing=inspection.missing,
            extracted=inspection.extracted,
            note=inspection.note,
            findings=[FindingSeen.model_validate(finding) for finding in detail.findings],
        )


class InspectionCounts(Seen):
    """How many inspections there are in each state."""

    by_state: dict[InspectionState, int]


class FindingDecision(Asked):
    """What an inspector says of one finding."""

    finding_id: UUID
    verdict: Literal[Verdict.AGREED, Verdict.OVERRULED]
    note: Reason | None = None

    def asked(self) -> Decision:
        """Return it in the service's words."""
        return Decision(self.finding_id, self.verdict, self.note)


class MissedFinding(Asked):
    """A violation the machine did not hear."""

    code: Code
    severity: Severity
    utterance: Annotated[int, Field(ge=1)] | None = None
    began_ms: Annotated[int, Field(ge=0)] | None = None
    evidence: Evidence

    def asked(self) -> FindingToAdd:
        """Return it in the service's words."""
        return FindingToAdd(self.code, self.severity, self.utterance, self.began_ms, self.evidence)


class InspectionDecision(Asked):
    """The last word on a call; findings that are not spoken of are agreed to."""

    version: int
    findings: Annotated[list[FindingDecision], Field(default_factory=list[FindingDecision], max_length=200)]
    added: Annotated[list[MissedFinding], Field(default_factory=list[MissedFinding], max_length=50)]
    note: Reason | None = None


class FigureSeen(Seen):
    """A line of the quality figures; `key` is the id of the agent, team or creditor."""

    key: str | None
    name: str | None
    calls: int
    average: int
    vetoed: int
    by_people: int


class HearingBacklogSeen(Seen):
    """What waits for the recogniser and for the rules; `is_late` after half an hour of waiting."""

    unheard: int
    unheard_since: datetime | None
    unheard_milliseconds: int
    """Of sound that waits."""
    unread: int
    """Calls whose text is there, and that the rules have not been held against yet."""
    unread_since: datetime | None
    is_late: bool
    late_after_seconds: int

    @classmethod
    def of(cls, backlog: HearingBacklog) -> HearingBacklogSeen:
        """Return it as HTTP says it."""
        return cls(
            unheard=backlog.unheard.waiting,
            unheard_since=backlog.unheard.oldest_at,
            unheard_milliseconds=backlog.milliseconds,
            unread=backlog.unread.waiting,
            unread_since=backlog.unread.oldest_at,
            is_late=backlog.is_late,
            late_after_seconds=int(LATE_AFTER.total_seconds()),
        )


class RuleFigureSeen(Seen):
    """How often a rule fired, and how often people agreed or overruled it."""

    rule_id: str | None
    code: str
    found: int
    agreed: int
    overruled: int


def known_codes() -> list[CodeSeen]:
    """Return what inspection can find, with its words."""
    return [CodeSeen(code=code, zh=words.zh, en=words.en) for code, words in FINDING_WORDS.items()]


def _common(view: InspectionView | InspectionDetail) -> dict[str, Any]:
    inspection, call = view.row.inspection, view.row.call
    talked = (call.ended_at - call.connected_at).total_seconds() if call.ended_at and call.connected_at else 0
    return {
        "id": inspection.id,
        "call_id": inspection.call_id,
        "called_at": inspection.called_at,
        "person_id": inspection.person_id,
        "name": view.name,
        "unit_id": inspection.unit_id,
        "creditor_id": inspection.owner_id,
        "subject_kind": call.subject_kind,
        "subject_id": call.subject_id,
        "talked_seconds": round(talked),
        "state": inspection.state,
        "queued_for": inspection.queued_for,
        "score": inspection.score,
        "machine_score": inspection.machine_score,
        "is_vetoed": inspection.is_vetoed,
        "inspector_id": inspection.inspector_id,
        "inspected_at": inspection.inspected_at,
        "version": inspection.version,
    }
