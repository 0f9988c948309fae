"""Scorecards as HTTP sees them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from anmi.core import scorecards as rule_book
from anmi.core.permissions import Words
from anmi.kit.fields import Asked, Line, Seen
from anmi.quality.scorecards.service import Card, ScorecardToMake

FindingCode = Annotated[str, StringConstraints(pattern=r"^[VP][0-9]{2}$")]


class CriterionBody(Asked):
    """One line of a scorecard."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,30}$")]
    zh: Line
    en: Line
    weight: Annotated[int, Field(ge=0, le=100)]
    is_critical: bool = False
    rules: Annotated[list[FindingCode], Field(max_length=40)]


class ScorecardBody(Asked):
    """What somebody wants a scorecard to be; the weights make 100."""

    name: Line
    passing: Annotated[int, Field(ge=0, le=100)] = 80
    creditor_id: UUID | None = None
    is_active: bool = True
    criteria: Annotated[list[CriterionBody], Field(min_length=1, max_length=30)]

    def asked(self) -> ScorecardToMake:
        """Return it in the service's words."""
        criteria = tuple(
            rule_book.Criterion(
                each.code, Words(each.zh, each.en), each.weight, frozenset(each.rules), each.is_critical
            )
            for each in self.criteria
        )
        return ScorecardToMake(self.name, criteria, self.passing, self.creditor_id, self.is_active)


class ScorecardEdit(ScorecardBody):
    """A scorecard changed."""

    version: int


class CriterionSeen(Seen):
    """One line of a scorecard."""

    code: str
    zh: str
    en: str
    weight: int
    is_critical: bool
    rules: list[str]


class ScorecardSeen(Seen):
    """A scorecard; without an id it is the usual one, of an agency that has made none."""

    id: UUID | None
    name: str
    passing: int
    creditor_id: UUID | None
    is_active: bool
    criteria: list[CriterionSeen]
    version: int | None

    @classmethod
    def of(cls, card: Card) -> ScorecardSeen:
        """Return it as HTTP says it."""
        row = card.row
        return cls(
            id=row.id if row else None,
            name=row.name if row else "通用评分卡",
            passing=card.passing,
            creditor_id=row.owner_id if row else None,
            is_active=row.is_active if row else True,
            criteria=[
                CriterionSeen(
                    code=each.code,
                    zh=each.words.zh,
                    en=each.words.en,
                    weight=each.weight,
                    is_critical=each.is_critical,
                    rules=sorted(each.rules),
                )
                for each in card.criteria
            ],
            version=row.version if row else None,
        )
