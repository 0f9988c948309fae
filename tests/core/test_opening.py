"""Opening by rule: the first fitting rule that names a stage decides it, priorities add up."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from anmi.core.case_stages import read_stages
from anmi.core.money import Money
from anmi.core.number_origin import Origin, origin_of
from anmi.core.number_screening import Reach, reach_of, valid_for
from anmi.core.number_state import NumberState as State
from anmi.core.opening import OpeningFacts, open_case, read_opening_rules
from anmi.core.phone_number import PhoneNumber

BUNDLED = Path(__file__).parents[2] / "anmi/casework/opening_rules/default.toml"
STAGES = read_stages(
    [
        {"code": "early", "zh": "前期", "en": "Early", "from_dpd": 0, "next": ["late"]},
        {"code": "late", "zh": "后期", "en": "Late", "from_dpd": 61, "next": []},
    ]
)
FACTS = OpeningFacts(Reach.REACHABLE, "M2", 40, Money(100_000))


def a_rule(**facts: Any) -> dict[str, Any]:
    return {"code": "one", "zh": "一", "en": "One", "when": {}} | facts


def test_the_bundled_rules_can_be_read() -> None:
    rules = read_opening_rules(tomllib.loads(BUNDLED.read_text("utf-8"))["rule"])
    assert open_case(rules, FACTS, STAGES).rules == ("reachable",)


@pytest.mark.parametrize(
    ("when", "fits"),
    [
        ({"reach": ["reachable", "unknown"]}, True),
        ({"reach": ["dead"]}, False),
        ({"buckets": ["M2"]}, True),
        ({"buckets": ["M3"]}, False),
        ({"owing_from": 100_000}, True),
        ({"owing_to": 100_000}, False),
        ({"owing_from": 1, "owing_to": 100_001}, True),
        ({"dpd_from": 41}, False),
        ({"dpd_to": 40}, True),
        ({"is_special": True}, False),
        ({"is_special": False, "is_linked": False}, True),
        ({"due_back_within": 30}, False),
    ],
)
def test_a_rule_fits_when_all_of_its_conditions_do(when: dict[str, Any], fits: bool) -> None:
    (rule,) = read_opening_rules([a_rule(when=when)])
    assert rule.fits(FACTS) is fits


def test_the_first_stage_that_the_product_has_is_taken_and_priorities_add_up() -> None:
    rows = [
        a_rule(stage="elsewhere", priority=5),
        a_rule(code="two", stage="late", priority=-2),
        a_rule(code="three", stage="early"),
    ]
    opening = open_case(read_opening_rules(rows), FACTS, STAGES)
    assert (opening.stage, opening.priority, opening.rules) == ("late", 3, ("one", "two", "three"))
    assert open_case((), FACTS, STAGES).stage == "early"
    assert open_case((), FACTS, None).stage is None


@pytest.mark.parametrize(
    "rows",
    [
        "rules",
        [a_rule(code="")],
        [a_rule(), a_rule()],
        [a_rule(when=[])],
        [a_rule(when={"phase": 1})],
        [a_rule(when={"reach": ["near"]})],
        [a_rule(when={"owing_from": -1})],
        [a_rule(when={"dpd_to": True})],
        [a_rule(when={"is_special": 1})],
        [a_rule(stage=3)],
        [a_rule(priority="high")],
        [a_rule(priority=1001)],
        [a_rule(then=1)],
        [a_rule(code=str(number)) for number in range(101)],
    ],
)
def test_rules_that_cannot_be_read_are_refused_with_a_sentence(rows: Any) -> None:
    with pytest.raises(ValueError, match="opening rules"):
        read_opening_rules(rows)


@pytest.mark.parametrize(
    ("states", "reach"),
    [
        ([], Reach.DEAD),
        ([State.EMPTY, State.WRONG_PARTY], Reach.DEAD),
        ([State.EMPTY, State.ACTIVE], Reach.REACHABLE),
        ([State.BUSY], Reach.REACHABLE),
        ([State.EMPTY, State.POWERED_OFF], Reach.UNKNOWN),
        ([State.UNKNOWN], Reach.UNKNOWN),
    ],
)
def test_one_number_that_answers_is_enough(states: list[State], reach: Reach) -> None:
    assert reach_of(states) is reach


def test_what_is_dead_is_believed_for_long_and_what_is_switched_off_is_not() -> None:
    assert valid_for(State.EMPTY).days == 30
    assert valid_for(State.SUSPENDED).days == 7
    assert valid_for(State.POWERED_OFF).seconds == 4 * 3600


@pytest.mark.parametrize(
    ("digits", "origin"),
    [
        ("13800138000", Origin("移动", "北京", "北京")),
        ("01062345678", Origin(None, "北京", "北京")),
        ("057187654321", Origin(None, "浙江", "杭州")),
        ("19912345678", Origin("电信", None, None)),
    ],
)
def test_a_prefix_tells_carrier_and_place_as_far_as_it_is_known(digits: str, origin: Origin) -> None:
    assert origin_of(PhoneNumber(digits)) == origin
