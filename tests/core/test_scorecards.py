"""A scorecard turns findings into points: nothing found is 100, a veto is 0, and points are never made."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.inspection.model import Severity
from anmi.core.quality_codes import FINDING_WORDS, POSITIVES, VIOLATIONS
from anmi.core.scorecards import USUAL, BadScorecard, Criterion, check, score

findings = st.lists(st.tuples(st.sampled_from(sorted(VIOLATIONS)), st.sampled_from(Severity)), max_size=12)
lacking = st.sets(st.sampled_from(sorted(POSITIVES)))


def test_the_usual_scorecard_weighs_everything_there_is_once() -> None:
    check(USUAL)
    assert frozenset().union(*(criterion.rules for criterion in USUAL)) == FINDING_WORDS.keys()


def test_a_call_without_a_fault_keeps_all_points() -> None:
    found = score(USUAL, [])
    assert (found.total, found.is_vetoed) == (100, False)


def test_a_threat_fails_the_whole_call() -> None:
    found = score(USUAL, [("V01", Severity.CRITICAL)])
    assert (found.total, found.is_vetoed) == (0, True)
    assert found.points[0].causes == ("V01",)


def test_a_critical_finding_under_a_criterion_without_veto_costs_its_points_only() -> None:
    found = score(USUAL, [("V12", Severity.CRITICAL)])
    assert (found.total, found.is_vetoed) == (90, False)


def test_what_was_missing_costs_its_share() -> None:
    found = score(USUAL, [], ["P01", "P02"])
    opening = next(points for points in found.points if points.code == "opening")
    assert (opening.kept, opening.causes) == (5, ("P01", "P02"))


@given(findings, lacking)
def test_points_are_neither_made_nor_owed(found: list[tuple[str, Severity]], missing: set[str]) -> None:
    result = score(USUAL, found, missing)
    assert 0 <= result.total <= 100
    assert all(0 <= points.kept <= points.weight for points in result.points)


@given(findings, lacking, st.tuples(st.sampled_from(sorted(VIOLATIONS)), st.sampled_from(Severity)))
def test_one_more_fault_never_makes_a_call_better(
    found: list[tuple[str, Severity]], missing: set[str], more: tuple[str, Severity]
) -> None:
    assert score(USUAL, [*found, more], missing).total <= score(USUAL, found, missing).total


FIRST, SECOND = USUAL[:2]


@pytest.mark.parametrize(
    ("bent", "why"),
    [
        ((replace(FIRST, weight=26), SECOND), "make 100"),
        ((replace(FIRST, weight=-5), replace(SECOND, weight=50)), "at least 0"),
        ((replace(FIRST, rules=frozenset({"V99"})), SECOND), "unknown: V99"),
        ((replace(FIRST, rules=frozenset({"V04"})), SECOND), "one criterion only"),
        ((replace(FIRST, code=SECOND.code), SECOND), "a code of its own"),
    ],
)
def test_a_scorecard_that_cannot_score_is_refused_with_its_reason(bent: tuple[Criterion, Criterion], why: str) -> None:
    with pytest.raises(BadScorecard, match=why):
        check([*bent, *USUAL[2:]])
