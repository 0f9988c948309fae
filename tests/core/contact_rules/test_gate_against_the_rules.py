"""The gate and a slow reading of the rules, side by side over 100,000 random histories."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from anmi.core.contact_rules.facts import Attempt, Facts
from anmi.core.contact_rules.gate import decide, explain
from anmi.core.contact_rules.rule_pack import RULES, RulePack
from anmi.core.contact_rules.values import Caps
from anmi.core.contact_rules.verdicts import Allowed, Refused, Standing
from tests.core.contact_rules.histories import PACK, histories
from tests.core.contact_rules.naive_reading import refusals


@pytest.mark.parametrize("seed", range(4))
def test_the_gate_never_allows_what_the_rules_refuse(seed: int) -> None:
    seen: Counter[str] = Counter()
    for attempt, facts in histories(seed, count=25_000):
        verdict = decide(PACK, attempt, facts)
        refused_by = refusals(attempt, facts)
        if isinstance(verdict, Allowed):
            assert not refused_by, (attempt, facts)
            seen["allowed"] += 1
        else:
            assert set(verdict.rule_ids) == refused_by, (attempt, facts)
            seen.update(refused_by)
    # The histories are only a proof if they reach every rule, and the open gate as well.
    assert {rule_id for rule_id in RULES if seen[rule_id] < 20} == set()
    assert seen["allowed"] > 5_000


def test_the_gate_opens_at_the_instant_it_names_and_not_before() -> None:
    dice = random.Random(5)
    waited = 0
    for attempt, facts in histories(seed=4, count=6_000):
        verdict = decide(PACK, attempt, facts)
        if not isinstance(verdict, Refused) or verdict.until is None:
            continue
        waited += 1
        assert verdict.until > attempt.at
        assert isinstance(decide(PACK, replace(attempt, at=verdict.until), facts), Allowed)
        before = attempt.at + (verdict.until - attempt.at) * dice.random()
        for earlier in (
            min(before, verdict.until - timedelta(microseconds=1)),
            verdict.until - timedelta(microseconds=1),
        ):
            assert isinstance(decide(PACK, replace(attempt, at=earlier), facts), Refused)
    assert waited > 1_000


def test_the_desk_is_told_the_same_as_the_dialer() -> None:
    for attempt, facts in histories(seed=6, count=3_000):
        verdicts = [one for one in explain(PACK, attempt, facts) if one.standing is Standing.IN_THE_WAY]
        match decide(PACK, attempt, facts):
            case Refused() as refused:
                assert refused.rule_ids == tuple(one.rule_id for one in verdicts)
                assert refused.reason in {one.reason for one in verdicts if one.rule_id == refused.rule_id}
                assert all(one.reason in PACK.sentences for one in verdicts)
            case Allowed():
                assert not verdicts


@pytest.fixture(scope="module")
def refused_by_one() -> list[tuple[Attempt, Facts]]:
    """Attempts that a single rule refuses: where that rule fails, the gate stands open."""
    return [
        (attempt, facts) for attempt, facts in histories(seed=7, count=40_000) if len(refusals(attempt, facts)) == 1
    ]


@pytest.mark.parametrize("rule_id", RULES)
def test_the_reading_notices_a_rule_that_is_left_out(rule_id: str, refused_by_one: list[tuple[Attempt, Facts]]) -> None:
    loose = RulePack(PACK.version, tuple(row for row in PACK.rows if row.rule_id != rule_id), PACK.sentences)
    assert any(isinstance(decide(loose, attempt, facts), Allowed) for attempt, facts in refused_by_one)


@pytest.mark.parametrize("rule_id", [row.rule_id for row in PACK.rows if isinstance(row.value, Caps)])
def test_the_reading_notices_a_cap_that_is_one_too_high(
    rule_id: str, refused_by_one: list[tuple[Attempt, Facts]]
) -> None:
    rows = tuple(
        replace(row, value=Caps(tuple((count + 1, days) for count, days in row.value.limits)))
        if row.rule_id == rule_id and isinstance(row.value, Caps)
        else row
        for row in PACK.rows
    )
    loose = RulePack(PACK.version, rows, PACK.sentences)
    assert any(isinstance(decide(loose, attempt, facts), Allowed) for attempt, facts in refused_by_one)
