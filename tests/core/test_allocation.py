"""Cases are shared evenly among those who may have them, and every plan can be taken back."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.allocation import Case, Collector, Equal, Move, Obstacle, Plan, Rule, apply, plan, undo
from anmi.core.money import Money, total

TODAY = date(2026, 11, 23)
BY_COUNT, BY_AMOUNT = Rule(Equal.COUNT), Rule(Equal.AMOUNT)


def case(name: str, owing: str = "1000", **changes: object) -> Case:
    made = Case(name, f"debtor of {name}", Money.of(owing), "bank", "card", "M1", "江苏")
    return replace(made, **changes)  # type: ignore[arg-type]


def collector(name: str, **changes: object) -> Collector:
    return replace(Collector(name, frozenset({"bank"}), date(2027, 6, 1)), **changes)  # type: ignore[arg-type]


def who_has(made: Plan) -> dict[str, str | None]:
    return {move.case_id: move.to_id for move in made.moves}


def test_cases_are_shared_evenly_by_count() -> None:
    made = plan([case(f"c{n}") for n in range(10)], [collector(name) for name in "abc"], BY_COUNT, TODAY)
    assert sorted(share.count for share in made.shares) == [3, 3, 4]


def test_cases_are_shared_evenly_by_amount() -> None:
    cases = [case(f"c{n}", str(amount)) for n, amount in enumerate([900, 500, 400, 300, 200, 100])]
    made = plan(cases, [collector("a"), collector("b")], BY_AMOUNT, TODAY)
    assert [str(share.owing) for share in made.shares] == ["1200.00", "1200.00"]


def test_who_has_much_already_gets_less() -> None:
    cases = [case(f"c{n}") for n in range(10)]
    people = [collector("a", load=6), collector("b")]
    assert [share.count for share in plan(cases, people, BY_COUNT, TODAY).shares] == [2, 8]
    blind = Rule(Equal.COUNT, counts_current_load=False)
    assert [share.count for share in plan(cases, people, blind, TODAY).shares] == [5, 5]


def test_who_has_least_is_not_given_all_the_largest_debts() -> None:
    dice = random.Random(5)
    cases = [case(f"c{n:04d}", str(dice.randint(1000, 50_000))) for n in range(1500)]
    people = [collector("a", load=400), collector("b", load=500), collector("newcomer")]
    means = [share.owing.fen // share.count for share in plan(cases, people, BY_COUNT, TODAY).shares]
    assert max(means) * 10 < min(means) * 11


def test_the_cases_of_one_debtor_stay_with_one_person() -> None:
    cases = [case(f"c{n}", linked_to=f"debtor {n // 3}") for n in range(9)]
    made = who_has(plan(cases, [collector(name) for name in "abc"], BY_COUNT, TODAY))
    for debtor in range(3):
        assert len({made[f"c{n}"] for n in range(debtor * 3, debtor * 3 + 3)}) == 1


def test_a_new_case_goes_to_whoever_knows_the_debtor() -> None:
    people = [collector("a", load=50, holds_links=frozenset({"debtor of c"})), collector("b")]
    assert who_has(plan([case("c")], people, BY_COUNT, TODAY)) == {"c": "a"}


@pytest.mark.parametrize(
    ("one", "person", "obstacle"),
    [
        (case("c", creditor_id="other"), collector("a"), Obstacle.OUT_OF_SCOPE),
        (case("c"), collector("a", creditor_ids=frozenset()), Obstacle.OUT_OF_SCOPE),
        (case("c"), collector("a", training_valid_until=date(2026, 11, 22)), Obstacle.TRAINING_LAPSED),
        (case("c"), collector("a", training_valid_until=None), Obstacle.TRAINING_LAPSED),
        (case("c", needs_skills=frozenset({"legal"})), collector("a"), Obstacle.SKILL_MISSING),
        (case("c"), collector("a", products=frozenset({"loan"})), Obstacle.OTHER_PRODUCT),
        (case("c"), collector("a", buckets=frozenset({"M2"})), Obstacle.OTHER_BUCKET),
        (case("c"), collector("a", regions=frozenset({"浙江"})), Obstacle.OTHER_REGION),
        (case("c", min_level=2), collector("a", level=1), Obstacle.LEVEL_TOO_LOW),
        (case("c"), collector("a", load=5, load_cap=5), Obstacle.LOAD_FULL),
    ],
)
def test_a_case_nobody_may_have_stays_and_says_why(one: Case, person: Collector, obstacle: Obstacle) -> None:
    made = plan([one], [person], BY_COUNT, TODAY)
    assert not made.moves
    assert [(left.case_id, dict(left.obstacles)) for left in made.unplaced] == [("c", {"a": obstacle})]


def test_linked_cases_that_no_one_person_may_have_are_left_to_a_human() -> None:
    cases = [case("c1", linked_to="d"), case("c2", linked_to="d", creditor_id="other")]
    people = [collector("a"), collector("b", creditor_ids=frozenset({"other"}))]
    assert {left.case_id for left in plan(cases, people, BY_COUNT, TODAY).unplaced} == {"c1", "c2"}
    apart = Rule(Equal.COUNT, keeps_linked_together=False)
    assert who_has(plan(cases, people, apart, TODAY)) == {"c1": "a", "c2": "b"}


def test_a_case_that_stays_where_it_is_is_no_move() -> None:
    assert plan([case("c", holder_id="a")], [collector("a")], BY_COUNT, TODAY).moves == ()
    assert plan([case("c", holder_id="z")], [collector("a")], BY_COUNT, TODAY).moves == (Move("c", "z", "a"),)


def test_a_case_that_has_moved_on_is_not_taken_back_over_anybodys_head() -> None:
    with pytest.raises(ValueError, match="no longer"):
        apply(undo([Move("c", None, "a")]), {"c": "b"})


cases_of_a_placement = st.lists(
    st.builds(
        Case,
        st.integers(0, 10**6).map(str),
        st.integers(0, 12).map(str),
        st.integers(0, 10**7).map(Money),
        st.sampled_from(["bank", "other"]),
        st.sampled_from(["card", "loan"]),
        st.sampled_from(["M1", "M2"]),
        st.sampled_from(["江苏", "浙江"]),
        st.frozensets(st.sampled_from(["legal"])),
        st.integers(0, 2),
        st.sampled_from([None, "a", "b"]),
    ),
    max_size=25,
    unique_by=lambda one: one.case_id,
)
teams = st.lists(
    st.builds(
        Collector,
        st.sampled_from("abcdef"),
        st.frozensets(st.sampled_from(["bank", "other"])),
        st.sampled_from([None, date(2026, 11, 22), TODAY, date(2027, 1, 1)]),
        st.frozensets(st.sampled_from(["legal"])),
        st.just(frozenset[str]()),
        st.frozensets(st.sampled_from(["M1", "M2"])),
        st.frozensets(st.sampled_from(["江苏", "浙江"])),
        st.integers(0, 2),
        st.integers(0, 9),
        st.sampled_from([None, 3, 10, 12]),
        st.frozensets(st.integers(0, 12).map(str), max_size=2),
    ),
    max_size=6,
    unique_by=lambda one: one.collector_id,
)
rules = st.builds(Rule, st.sampled_from(Equal), st.booleans(), st.booleans())


@given(cases_of_a_placement, teams, rules, st.randoms(use_true_random=False))
def test_no_plan_gives_a_case_to_somebody_who_may_not_have_it(
    cases: list[Case], team: list[Collector], rule: Rule, dice: random.Random
) -> None:
    made = plan(cases, team, rule, TODAY)
    people = {one.collector_id: one for one in team}
    left = {one.case_id for one in made.unplaced}
    moved = who_has(made)
    holders = {one.case_id: moved.get(one.case_id, one.holder_id) for one in cases if one.case_id not in left}
    loads: Counter[str] = Counter()
    for one in cases:
        if one.case_id in left:
            continue
        person = people[holders[one.case_id] or ""]
        loads[person.collector_id] += 1
        assert one.creditor_id in person.creditor_ids
        assert person.training_valid_until is not None
        assert person.training_valid_until >= TODAY
        assert one.needs_skills <= person.skills
        assert not person.buckets or one.bucket in person.buckets
        assert not person.regions or one.region in person.regions
        assert person.level >= one.min_level
    for name, count in loads.items():
        cap = people[name].load_cap
        assert cap is None or people[name].load + count <= cap
    if rule.keeps_linked_together:
        links = {(one.linked_to, holders[one.case_id]) for one in cases if one.case_id not in left}
        assert len(links) == len({debtor for debtor, _ in links})
    assert total([share.owing for share in made.shares]) == total([c.owing for c in cases if c.case_id not in left])
    assert plan(dice.sample(cases, len(cases)), dice.sample(team, len(team)), rule, TODAY) == made
    before = {one.case_id: one.holder_id for one in cases}
    assert apply(undo(made.moves), apply(made.moves, before)) == before


@given(st.integers(1, 60), st.integers(1, 7))
def test_alike_people_get_alike_shares(count: int, people: int) -> None:
    made = plan([case(f"c{n}") for n in range(count)], [collector(f"p{n}") for n in range(people)], BY_COUNT, TODAY)
    counts = [share.count for share in made.shares]
    assert sum(counts) == count
    assert max(counts) - min(counts) <= 1


def test_ten_thousand_cases_are_planned_while_one_waits() -> None:
    cases = [case(f"c{n}", str(n), linked_to=f"d{n // 2}") for n in range(10_000)]
    start = perf_counter()
    plan(cases, [collector(f"p{n}") for n in range(50)], BY_AMOUNT, TODAY)
    assert perf_counter() - start < 10
