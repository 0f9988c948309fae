"""Scorecards: a call's findings turned into points, criterion by criterion; a veto fails the whole call."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from anmi.core.inspection.model import Severity
from anmi.core.permissions import Words
from anmi.core.quality_codes import FINDING_WORDS

WHOLE: Final = 100

COSTS: Final[dict[Severity, Fraction]] = {
    Severity.CRITICAL: Fraction(1),
    Severity.MAJOR: Fraction(1, 2),
    Severity.MINOR: Fraction(1, 4),
}
"""What one finding costs, as a share of its criterion's points."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of a scorecard."""

    code: str
    words: Words
    weight: int
    """Points of 100."""
    rules: frozenset[str]
    """Violations that cost its points, and positives whose absence does."""
    is_critical: bool = False
    """A critical finding under it fails the whole call (一票否决)."""


@dataclass(frozen=True, slots=True)
class Points:
    """What a criterion has kept."""

    code: str
    kept: int
    weight: int
    causes: tuple[str, ...]
    """Codes of what cost points, each once."""


@dataclass(frozen=True, slots=True)
class Score:
    """What a call comes to."""

    total: int
    """0 to 100; 0 after a veto."""
    is_vetoed: bool
    points: tuple[Points, ...]


class BadScorecard(ValueError):
    """A scorecard that cannot score; the message says why."""


def check(criteria: Sequence[Criterion]) -> None:
    """Raise BadScorecard unless the weights make 100 and every code is known and stands once."""
    if sum(criterion.weight for criterion in criteria) != WHOLE:
        raise BadScorecard("the weights must make 100")
    if any(criterion.weight < 0 for criterion in criteria):
        raise BadScorecard("a weight is at least 0")
    codes = [code for criterion in criteria for code in criterion.rules]
    if unknown := set(codes) - FINDING_WORDS.keys():
        raise BadScorecard(f"unknown: {', '.join(sorted(unknown))}")
    if len(set(codes)) < len(codes):
        raise BadScorecard("a code stands under one criterion only")
    if len({criterion.code for criterion in criteria}) < len(criteria):
        raise BadScorecard("every criterion has a code of its own")


def score(criteria: Sequence[Criterion], found: Sequence[tuple[str, Severity]], missing: Collection[str] = ()) -> Score:
    """Score a call by what was found, as codes with their severity, and by what was missing."""
    points: list[Points] = []
    is_vetoed = False
    for criterion in criteria:
        hits = [(code, severity) for code, severity in found if code in criterion.rules]
        lacking = sorted(code for code in missing if code in criterion.rules)
        owed = sum(code.startswith("P") for code in criterion.rules)
        cost = sum((COSTS[severity] for _, severity in hits), Fraction(0))
        cost += Fraction(len(lacking), owed) if owed else 0
        kept = int(criterion.weight * max(Fraction(0), 1 - cost))
        causes = tuple(dict.fromkeys([*sorted(code for code, _ in hits), *lacking]))
        points.append(Points(criterion.code, kept, criterion.weight, causes))
        is_vetoed |= criterion.is_critical and any(severity is Severity.CRITICAL for _, severity in hits)
    total = 0 if is_vetoed else sum(each.kept for each in points)
    return Score(total, is_vetoed, tuple(points))


USUAL: Final = (
    Criterion(
        "respect",
        Words("文明用语", "Respect"),
        25,
        frozenset({"V01", "V02", "V16", "V17", "V22"}),
        is_critical=True,
    ),
    Criterion("privacy", Words("信息保护", "Privacy"), 20, frozenset({"V04", "V05", "V14", "P14"}), is_critical=True),
    Criterion(
        "truth",
        Words("如实告知", "Truth"),
        20,
        frozenset({"V03", "V06", "V07", "V08", "V09", "V10", "V19"}),
        is_critical=True,
    ),
    Criterion("care", Words("异议与特殊情况", "Care"), 10, frozenset({"V20", "V21", "P10"}), is_critical=True),
    Criterion(
        "opening",
        Words("身份与告知", "Opening"),
        10,
        frozenset({"V11", "V12", "V13", "V15", "P01", "P02", "P03", "P13"}),
    ),
    Criterion(
        "talk",
        Words("沟通与协商", "Conversation"),
        15,
        frozenset({"V18", "P04", "P05", "P06", "P07", "P08", "P09", "P11", "P12"}),
    ),
)
"""The scorecard an agency begins with."""
