"""Calibrations as HTTP sees them: a round while it is judged, blind."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from anmi.core.inspection.model import Severity
from anmi.kit.fields import Asked, Line, Reason, Seen
from anmi.quality.calibrations.models import CalibrationRating, CalibrationState
from anmi.quality.calibrations.repository import JudgedCall
from anmi.quality.calibrations.service import Drawing, Judgement, Named, Round, RoundToCall, RoundView

ViolationCode = Annotated[str, StringConstraints(pattern=r"^V[0-9]{2}$")]
PositiveCode = Annotated[str, StringConstraints(pattern=r"^P[0-9]{2}$")]


class CallsToDraw(Asked):
    """Calls drawn by lot out of a period, half of them with a finding."""

    count: Annotated[int, Field(ge=1, le=50)]
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


class CalibrationToCall(Asked):
    """A round: its name, who judges, and either chosen calls or a number to draw."""

    name: Line
    judges: Annotated[list[UUID], Field(min_length=2, max_length=20)]
    inspection_ids: Annotated[list[UUID], Field(default_factory=list[UUID], max_length=50)]
    draw: CallsToDraw | None = None
    due_on: date | None = None

    @model_validator(mode="after")
    def _has_calls_of_one_kind(self) -> Self:
        if bool(self.inspection_ids) == (self.draw is not None):
            raise ValueError("either chosen calls or a number to draw")
        return self

    def asked(self) -> RoundToCall:
        """Return it in the service's words."""
        draw = self.draw
        return RoundToCall(
            self.name,
            tuple(self.judges),
            tuple(self.inspection_ids),
            Drawing(draw.count, draw.since, draw.until) if draw else None,
            self.due_on,
        )


class ViolationNamed(Asked):
    """A violation an inspector has heard."""

    code: ViolationCode
    severity: Severity
    utterance: Annotated[int, Field(ge=1)] | None = None


class CalibrationJudgement(Asked):
    """What one says of a call: what was wrong, and what should have been said and was not."""

    call_id: UUID
    found: Annotated[list[ViolationNamed], Field(default_factory=list[ViolationNamed], max_length=50)]
    missing: Annotated[list[PositiveCode], Field(default_factory=list[PositiveCode], max_length=14)]
    note: Reason | None = None

    def asked(self) -> Judgement:
        """Return it in the service's words."""
        return Judgement(
            tuple(Named(each.code, each.severity, each.utterance) for each in self.found),
            tuple(self.missing),
            self.note,
        )


class CalibrationToClose(Asked):
    """The round as it was seen."""

    version: int


class CalibrationSeen(Seen):
    """A round as a list shows it."""

    id: UUID
    name: str
    state: CalibrationState
    called_by: UUID
    called_at: datetime
    due_on: date | None
    closed_at: datetime | None
    judges: int
    calls: int
    ratings: int
    """Given so far; all of them are `judges` × `calls`."""
    version: int

    @classmethod
    def of(cls, view: RoundView) -> CalibrationSeen:
        """Return it as HTTP says it."""
        row, progress = view.row, view.progress
        return cls(
            id=row.id,
            name=row.name,
            state=row.state,
            called_by=row.called_by,
            called_at=row.called_at,
            due_on=row.due_on,
            closed_at=row.closed_at,
            judges=progress.judges,
            calls=progress.calls,
            ratings=progress.ratings,
            version=row.version,
        )


class CalibrationInspector(Seen):
    """Who may take part in a calibration."""

    person_id: UUID
    name: str


class CalibrationJudgeSeen(CalibrationInspector):
    """Who takes part, and on how many calls she has spoken."""

    rated: int


class ViolationSeen(Seen):
    """A violation as an inspector named it."""

    code: str
    severity: Severity
    utterance: int | None


class CalibrationRatingSeen(Seen):
    """What one inspector said of a call."""

    found: list[ViolationSeen]
    missing: list[str]
    score: int
    note: str | None
    rated_at: datetime

    @classmethod
    def of(cls, rating: CalibrationRating) -> CalibrationRatingSeen:
        """Return it as HTTP says it."""
        return cls(
            found=[ViolationSeen(**named) for named in rating.found],
            missing=rating.missing,
            score=rating.score,
            note=rating.note,
            rated_at=rating.rated_at,
        )


class CalibrationCallSeen(Seen):
    """A call to be judged: no word of what the machine or anybody else has found."""

    call_id: UUID
    called_at: datetime
    talked_seconds: int
    recording_id: UUID | None
    mine: CalibrationRatingSeen | None


class CalibrationDetailSeen(CalibrationSeen):
    """A round as those who take part see it."""

    takes_part: bool
    people: list[CalibrationJudgeSeen]
    sheets: list[CalibrationCallSeen]

    @classmethod
    def of_round(cls, found: Round, person_id: UUID | None) -> CalibrationDetailSeen:
        """Return it as one person may see it."""
        row = found.row
        everything = [rating for ratings in found.ratings.values() for rating in ratings]
        return cls(
            id=row.id,
            name=row.name,
            state=row.state,
            called_by=row.called_by,
            called_at=row.called_at,
            due_on=row.due_on,
            closed_at=row.closed_at,
            judges=len(found.judges),
            calls=len(found.calls),
            ratings=len(everything),
            version=row.version,
            takes_part=any(judge.person_id == person_id for judge in found.judges),
            people=[
                CalibrationJudgeSeen(
                    person_id=judge.person_id,
                    name=judge.name,
                    rated=sum(rating.person_id == judge.person_id for rating in everything),
                )
                for judge in found.judges
            ],
            sheets=[_sheet(found, call, person_id) for call in found.calls],
        )


def talked_seconds(judged: JudgedCall) -> int:
    """Return how long a call lasted."""
    call = judged.call
    return round((call.ended_at - call.connected_at).total_seconds()) if call.ended_at and call.connected_at else 0


def _sheet(found: Round, judged: JudgedCall, person_id: UUID | None) -> CalibrationCallSeen:
    own = found.own_rating(judged, person_id)
    return CalibrationCallSeen(
        call_id=judged.call.id,
        called_at=judged.inspection.called_at,
        talked_seconds=talked_seconds(judged),
        recording_id=judged.recording_id,
        mine=CalibrationRatingSeen.of(own) if own else None,
    )
