"""Money on the bank's statement finds its claim and its account, or a human who looks. All persons are made up."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.money import Money
from anmi.core.reconciliation import Claim, Doubt, Match, OpenAccount, OpenLine, StatementLine, Tolerances, reconcile

DAY = date(2026, 11, 20)
WITHIN = Tolerances(days=3, tail_digits=4, without_claim=True)
ACCOUNTS = [
    OpenAccount("A1", "case-1", "62220001", frozenset({"张三", "李四"})),
    OpenAccount("A2", "case-2", "62220002", frozenset({"张五"})),
    OpenAccount("A3", "case-3", "62229992", frozenset({"欧阳小明"})),
    OpenAccount("A4", "case-3", "62229993", frozenset({"欧阳小明"})),
    OpenAccount("A5", "case-4", "99990002", frozenset({"王六"})),
]


def line(amount: str = "100", tail: str | None = None, name: str | None = None, days: int = 0) -> StatementLine:
    return StatementLine("L", DAY + timedelta(days=days), Money.of(amount), tail, name)


def claim(account_id: str, amount: str = "100", days: int = 0, claim_id: str = "C") -> Claim:
    return Claim(claim_id, account_id, DAY + timedelta(days=days), Money.of(amount))


@pytest.mark.parametrize(
    ("one", "claimed", "expected"),
    [
        (line(tail="0001"), claim("A1"), Match("L", "A1", "C")),
        (line(tail="尾号0001"), claim("A1"), Match("L", "A1", "C")),
        (line(name="李四"), claim("A1"), Match("L", "A1", "C")),
        (line(tail="0001", name="*三"), claim("A1"), Match("L", "A1", "C")),
        (line(tail="0001", days=3), claim("A1"), Match("L", "A1", "C")),
        (line(tail="0001", days=4), claim("A1"), OpenLine("L", Doubt.NOT_CLAIMED, ("A1",))),
        (line("99.99", tail="0001"), claim("A1"), OpenLine("L", Doubt.NOT_CLAIMED, ("A1",))),
        (line("99.99", tail="0001", name="张*"), claim("A1"), Match("L", "A1", None)),
        (line(tail="0001", name="赵七"), claim("A1"), OpenLine("L", Doubt.NOBODY_FITS, ())),
        (line(tail="0002"), claim("A1"), OpenLine("L", Doubt.SEVERAL_FIT, ("A2", "A5"))),
        (line(tail="0002"), claim("A5"), Match("L", "A5", "C")),
        (line(name="欧阳小明"), claim("A4"), Match("L", "A4", "C")),
        (line(name="张*"), claim("A1"), OpenLine("L", Doubt.SEVERAL_FIT, ("A1", "A2"))),
        (line(name="*六"), claim("A5"), OpenLine("L", Doubt.TOO_LITTLE_SAID, ("A5",))),
        (line(), claim("A1"), OpenLine("L", Doubt.NOBODY_FITS, ())),
    ],
)
def test_a_line_is_matched_by_what_it_says_or_left_to_a_human(
    one: StatementLine, claimed: Claim, expected: Match | OpenLine
) -> None:
    found = reconcile([one], [claimed], ACCOUNTS, WITHIN)
    assert [*found.matches, *found.open_lines] == [expected]
    is_paid = isinstance(expected, Match) and expected.claim_id is not None
    assert found.open_claims == (() if is_paid else ("C",))


@pytest.mark.parametrize(
    ("tail", "name", "claimed", "expected"),
    [
        (None, None, "A4", Match("L", "A4", "C")),
        ("9992", None, "A4", Match("L", "A4", "C")),
        (None, None, "A1", Match("L", "A3", None)),
        (None, "欧阳**", "A1", Match("L", "A3", None)),
        ("0001", None, "A1", OpenLine("L", Doubt.NOBODY_FITS, ())),
        (None, "张三", "A1", OpenLine("L", Doubt.NOBODY_FITS, ())),
    ],
)
def test_a_line_that_names_the_case_is_for_it_unless_something_contradicts(
    tail: str | None, name: str | None, claimed: str, expected: Match | OpenLine
) -> None:
    one = StatementLine("L", DAY, Money.of("100"), tail, name, "case-3")
    found = reconcile([one], [claim(claimed)], ACCOUNTS, WITHIN)
    assert [*found.matches, *found.open_lines] == [expected]


def test_two_cases_that_claim_the_same_sum_are_told_apart_or_left_open() -> None:
    claims = [claim("A2", claim_id="C2"), claim("A5", claim_id="C5")]
    doubtful = reconcile([line(tail="0002")], claims, ACCOUNTS, WITHIN)
    assert doubtful.open_lines == (OpenLine("L", Doubt.SEVERAL_FIT, ("A2", "A5")),)
    named = reconcile([line(tail="0002", name="王六")], claims, ACCOUNTS, WITHIN)
    assert named.matches == (Match("L", "A5", "C5"),)


def test_a_line_that_says_more_chooses_first() -> None:
    vague = StatementLine("L1", DAY, Money.of("100"), None, "张三")
    exact = StatementLine("L2", DAY, Money.of("100"), "0001", "张三")
    found = reconcile([vague, exact], [claim("A1")], ACCOUNTS, WITHIN)
    assert found.matches == (Match("L2", "A1", "C"),)
    assert found.open_lines == (OpenLine("L1", Doubt.NOT_CLAIMED, ("A1",)),)


def test_the_same_sum_paid_twice_and_claimed_twice_is_matched_twice() -> None:
    lines = [StatementLine(f"L{number}", DAY, Money.of("100"), "0001") for number in (1, 2)]
    claims = [claim("A1", claim_id=f"C{number}") for number in (1, 2)]
    found = reconcile(lines, claims, ACCOUNTS, WITHIN)
    assert found.matches == (Match("L1", "A1", "C1"), Match("L2", "A1", "C2"))


def test_an_agency_may_want_every_unclaimed_line_looked_at() -> None:
    careful = Tolerances(days=3, tail_digits=4, without_claim=False)
    found = reconcile([line(tail="0001", name="张三")], [], ACCOUNTS, careful)
    assert found.open_lines == (OpenLine("L", Doubt.NOT_CLAIMED, ("A1",)),)


statement_lines = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.integers(1, 3),
        st.sampled_from([None, "0001", "0002", "9992"]),
        st.sampled_from([None, "张三", "张*", "王六", "欧阳**"]),
    ),
    max_size=8,
)
made_claims = st.lists(
    st.tuples(st.sampled_from(["A1", "A2", "A3", "A4", "A5"]), st.integers(0, 5), st.integers(1, 3)), max_size=8
)


@given(statement_lines, made_claims, st.randoms(use_true_random=False))
def test_every_line_is_somewhere_once_and_no_claim_is_paid_twice(
    line_rows: list[tuple[int, int, str | None, str | None]],
    claim_rows: list[tuple[str, int, int]],
    dice: random.Random,
) -> None:
    lines = [
        StatementLine(f"L{number}", DAY + timedelta(days=days), Money(fen), tail, name)
        for number, (days, fen, tail, name) in enumerate(line_rows)
    ]
    claims = [
        Claim(f"C{number}", account, DAY + timedelta(days=days), Money(fen))
        for number, (account, days, fen) in enumerate(claim_rows)
    ]
    found = reconcile(lines, claims, ACCOUNTS, WITHIN)
    seen = [one.line_id for one in (*found.matches, *found.open_lines)]
    assert sorted(seen) == sorted(one.line_id for one in lines)
    paid = [match.claim_id for match in found.matches if match.claim_id is not None]
    assert sorted([*paid, *found.open_claims]) == sorted(one.claim_id for one in claims)
    amounts = {one.line_id: one.amount for one in lines}
    by_id = {one.claim_id: one for one in claims}
    for match in found.matches:
        if match.claim_id is not None:
            assert by_id[match.claim_id].amount == amounts[match.line_id]
            assert by_id[match.claim_id].account_id == match.account_id
    shuffled = [dice.sample(rows, len(rows)) for rows in (lines, claims, ACCOUNTS)]
    assert reconcile(*shuffled, WITHIN) == found
