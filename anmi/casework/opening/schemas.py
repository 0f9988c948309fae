"""Opening as HTTP sees it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, Field

from anmi.casework.opening.service import OpenedView
from anmi.core.number_screening import Reach
from anmi.kit.fields import Asked, Line, Seen


class RuleRow(Asked):
    """A rule of first stage and priority (`anmi.core.opening`)."""

    code: Line
    zh: Line
    en: Line
    when: dict[Line, Any] = Field(default_factory=dict[str, Any])
    stage: Line | None = None
    priority: int = 0


class RulesSeen(Seen):
    """The rules cases begin by; version 0 are those that come with the house."""

    version: int
    rules: list[RuleRow]


class RulesToWrite(Asked):
    """All rules that are to hold, in the place of those read as `version`."""

    version: int
    rules: Annotated[list[RuleRow], Field(max_length=100)]

    def rows(self) -> list[dict[str, Any]]:
        """Return them as they are kept."""
        return [rule.model_dump(exclude_none=True) for rule in self.rules]


class RunSeen(Seen):
    """One opening run; `figures` counts the reachable, the dead and the unknown."""

    id: UUID
    placement_id: UUID
    state: str
    cases_total: int
    cases_done: int
    figures: dict[Reach, int]
    started_at: datetime
    started_by: UUID | None
    ended_at: datetime | None
    fault: str | None
    version: int


class OpenedSeen(BaseModel):
    """How one case was opened, and the rules that said so."""

    case_id: UUID
    serial_no: str
    reach: Reach
    stage: str | None
    priority: int
    rules: list[str]

    @classmethod
    def of(cls, view: OpenedView) -> Self:
        """Show how a case was opened."""
        opened = view.opened
        return cls(
            case_id=opened.case_id,
            serial_no=view.serial_no,
            reach=Reach(opened.reach),
            stage=opened.stage,
            priority=opened.priority,
            rules=opened.rules,
        )
