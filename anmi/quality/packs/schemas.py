"""Rule packs as HTTP sees them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from anmi.core.inspection.model import Severity
from anmi.core.inspection.rules import RulePack, Said
from anmi.kit.fields import Asked, Line, Reason, Seen
from anmi.quality.packs.models import PackState

RuleId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_.]{1,40}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Texts = Annotated[list[Text], Field(max_length=200)]


class RuleChange(Asked):
    """A rule added or reworded, in the form of the pack's files; `off` sets a rule aside."""

    id: RuleId
    off: bool = False
    version: Annotated[int, Field(ge=1)] = 1
    code: Annotated[str, StringConstraints(pattern=r"^V(0[1-9]|1[0-9]|2[0-2])$")] | None = None
    severity: Severity | None = None
    title: Line | None = None
    patterns: Annotated[Texts, Field(default_factory=list[str])]
    unless: Annotated[Texts, Field(default_factory=list[str])]
    parties: Annotated[list[str], Field(default_factory=list[str], max_length=3)]
    before_verification: bool = False
    fire: Annotated[Texts, Field(default_factory=list[str])]
    hold: Annotated[Texts, Field(default_factory=list[str])]

    @model_validator(mode="after")
    def _whole(self) -> RuleChange:
        if self.off:
            return self
        if not (self.code and self.severity and self.title and self.patterns and self.fire and self.hold):
            raise ValueError("a rule has a code, a severity, a title, patterns, and examples that fire and that hold")
        return self

    def written(self) -> dict[str, Any]:
        """Return it as the pack's files write it."""
        return {"id": self.id, "off": True} if self.off else self.model_dump(mode="json", exclude={"off"})


class QualityRuleSeen(Seen):
    """A rule in force that listens for words."""

    id: str
    version: int
    code: str
    severity: Severity
    title: str
    fire: list[str]
    hold: list[str]


class PackSeen(Seen):
    """A version of an agency's rules."""

    id: UUID
    number: int
    state: PackState
    note: str
    based_on: str
    changes: list[dict[str, Any]]
    trial: dict[str, Any] | None
    drafted_by: UUID | None
    drafted_at: datetime
    proposed_at: datetime | None
    decided_by: UUID | None
    decided_at: datetime | None
    decision: str | None
    version: int


class PackToDraft(Asked):
    """What is to be changed of the built-in rules."""

    note: Reason
    changes: Annotated[list[RuleChange], Field(min_length=1, max_length=200)]


class PackEdit(PackToDraft):
    """A draft changed."""

    version: int


class PackStep(Asked):
    """A step in the life of a version."""

    version: int


class PackDecision(Asked):
    """The word of whoever approves; `again_days` has earlier calls inspected anew."""

    version: int
    decision: Reason
    again_days: Annotated[int, Field(ge=0, le=90)] = 0


class Stretch(Asked):
    """A stretch of time whose calls the rules are tried on."""

    since: datetime
    until: datetime


def rules_seen(pack: RulePack) -> list[QualityRuleSeen]:
    """Return the rules that listen for words, with their examples."""
    examples: dict[str, tuple[list[str], list[str]]] = {}
    for example in pack.examples:
        fire, hold = examples.setdefault(example.rule, ([], []))
        (fire if example.fires else hold).append(example.text)
    return [
        QualityRuleSeen(
            id=rule.heading.id,
            version=rule.heading.version,
            code=rule.heading.code,
            severity=rule.heading.severity,
            title=rule.heading.title,
            fire=examples.get(rule.heading.id, ([], []))[0],
            hold=examples.get(rule.heading.id, ([], []))[1],
        )
        for rule in pack.rules
        if isinstance(rule, Said)
    ]
