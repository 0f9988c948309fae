"""Agreement is what textbooks say it is, and nobody gains by chance."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from anmi.core.calibration import (
    Agreement,
    Sheet,
    Strength,
    Tally,
    against_machine,
    among_judges,
    between,
    codes_named,
    cohen,
    fleiss,
    likely,
    majority,
    spread,
    with_machine,
)

# Fleiss (1971): ten subjects, fourteen judges, five categories.
_FLEISS = (
    (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
    (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
)  # fmt: skip


def test_the_kappa_of_many_judges_is_the_one_of_the_textbook() -> None:
    items = [[category for category, count in enumerate(row) for _ in range(count)] for row in _FLEISS]
    found = fleiss(items)
    assert found.items == 10
    assert found.share is not None
    assert found.kappa is not None
    assert (round(float(found.share), 3), round(float(found.kappa), 3)) == (0.378, 0.210)


def test_the_kappa_of_two_judges_is_the_one_of_the_textbook() -> None:
    pairs = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    assert cohen(pairs) == Agreement(50, Fraction(7, 10), Fraction(2, 5))


@pytest.mark.parametrize(
    ("kappa", "word"),
    [
        (Fraction(-1, 5), Strength.POOR),
        (Fraction(1, 10), Strength.SLIGHT),
        (Fraction(2, 5), Strength.FAIR),
        (Fraction(1, 2), Strength.MODERATE),
        (Fraction(7, 10), Strength.SUBSTANTIAL),
        (Fraction(9, 10), Strength.ALMOST_PERFECT),
        (None, None),
    ],
)
def test_a_kappa_has_a_word(kappa: Fraction | None, word: Strength | None) -> None:
    assert Agreement(1, None, kappa).strength is word


def test_where_everybody_always_says_the_same_there_is_no_kappa() -> None:
    assert fleiss([[True, True], [True, True]]) == Agreement(2, Fraction(1), None)
    assert cohen([(False, False)]) == Agreement(1, Fraction(1), None)
    assert fleiss([[True]]) == fleiss([]) == cohen([]) == Agreement(0, None, None)


SHEETS = (
    Sheet({"a": frozenset({"V01"}), "b": frozenset({"V01"}), "c": frozenset({"V01", "V02"})}, frozenset({"V01"})),
    Sheet({"a": frozenset(), "b": frozenset(), "c": frozenset({"V02"})}, frozenset({"V01"})),
    Sheet({"a": frozenset({"V02"}), "b": frozenset()}, frozenset()),
)


def test_the_machine_is_held_against_what_most_inspectors_say() -> None:
    assert against_machine(SHEETS, ["V01"]) == Tally(agreed=1, invented=1)
    assert against_machine(SHEETS, ["V02"]) == Tally(undecided=1)
    assert [majority(sheet, "V02") for sheet in SHEETS] == [False, False, None]
    tally = against_machine(SHEETS, codes_named(SHEETS))
    assert (tally.precision, tally.recall) == (Fraction(1, 2), Fraction(1))


def test_what_nobody_has_judged_counts_for_nothing() -> None:
    assert against_machine([Sheet({}, frozenset({"V01"}))], ["V01"]) == Tally()


def test_two_are_compared_over_the_calls_both_have_judged() -> None:
    assert between(SHEETS, "a", "c", ["V01", "V02"]).items == 4
    assert between(SHEETS, "a", "b", ["V01", "V02"]).items == 6
    assert with_machine(SHEETS, "c", ["V01"]) == Agreement(2, Fraction(1, 2), Fraction(0))


def test_a_spread_needs_two_scores() -> None:
    assert (spread([80]), spread([]), spread([80, 95, 60])) == (None, None, 35)


def test_few_reviews_prove_little() -> None:
    few, many = likely(4, 4), likely(400, 400)
    assert few is not None
    assert many is not None
    assert few[0] < 0.55
    assert many[0] > 0.98
    assert likely(0, 0) is None


NAMED = st.frozensets(st.sampled_from(["V01", "V02", "V03"]))
A_SHEET = st.builds(Sheet, st.dictionaries(st.sampled_from("abcd"), NAMED, max_size=4), NAMED)


@given(st.lists(A_SHEET, max_size=6))
def test_agreement_is_a_share_and_its_kappa_never_above_it(sheets: list[Sheet]) -> None:
    codes = codes_named(sheets)
    found = among_judges(sheets, codes)
    if found.share is not None:
        assert 0 <= found.share <= 1
    if found.kappa is not None and found.share is not None:
        assert -1 <= found.kappa <= found.share
    for one, other in (("a", "b"), ("b", "c")):
        assert between(sheets, one, other, codes) == between(sheets, other, one, codes)
    judged = sum(bool(sheet.judges) for sheet in sheets) * len(codes)
    tally = against_machine(sheets, codes)
    assert tally.agreed + tally.invented + tally.overlooked + tally.undecided <= judged


@given(st.lists(NAMED, min_size=1, max_size=6), st.integers(2, 5))
def test_judges_of_one_mind_agree_wholly(calls: list[frozenset[str]], judges: int) -> None:
    sheets = [Sheet({str(judge): named for judge in range(judges)}, named) for named in calls]
    found = among_judges(sheets, codes_named(sheets))
    assert found.share in {None, 1}
    assert found.kappa in {None, 1}
    tally = against_machine(sheets, codes_named(sheets))
    assert (tally.invented, tally.overlooked, tally.undecided) == (0, 0, 0)


@example(part=0, more=11)
@given(st.integers(0, 50), st.integers(1, 50))
def test_the_likely_share_holds_the_share_that_was_seen(part: int, more: int) -> None:
    found = likely(part, part + more)
    assert found is not None
    assert 0 <= found[0] <= part / (part + more) <= found[1] <= 1
