"""Commission is exact: by the contract's table, rounded once, shared without a fen lost or made."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.commission import Adjustment, Recovered, apportion, read_commission_table, statement
from anmi.core.money import ZERO, Money, total

STEPS = [{"from": "0", "rate": "0.10"}, {"from": "1000", "rate": "0.20"}, {"from": "5000", "rate": "0.25"}]
TABLE = read_commission_table(
    [
        {"bucket": "M1", "placement_tier": 1, "mode": "slice", "steps": STEPS},
        {"bucket": "M2", "mode": "whole", "steps": STEPS},
        {"placement_tier": 2, "mode": "whole", "steps": [{"from": "0", "rate": "0.3"}]},
    ]
)


def recovered(payment_id: str, yuan: str, bucket: str = "M1", tier: int = 1) -> Recovered:
    return Recovered(payment_id, bucket, tier, Money.of(yuan))


@pytest.mark.parametrize(
    ("bucket", "tier", "yuan", "commission"),
    [
        ("M1", 1, "1000", "100"),
        ("M1", 1, "1500", "200"),
        ("M1", 1, "6000", "1150"),
        ("M2", 1, "999.99", "99.99"),
        ("M2", 1, "1000", "200"),
        ("M2", 2, "1000", "200"),
        ("M1", 2, "1000", "300"),
        ("M1", 1, "-50", "-5"),
        ("M1", 1, "0.09", "0"),
    ],
)
def test_the_most_particular_row_of_the_contract_holds(bucket: str, tier: int, yuan: str, commission: str) -> None:
    assert statement(TABLE, [recovered("a", yuan, bucket, tier)]).total == Money.of(commission)


def test_money_without_a_rate_is_shown_and_not_guessed() -> None:
    made = statement(TABLE, [recovered("a", "100", "M9", 1), recovered("b", "100")])
    assert [one.payment_id for one in made.without_rate] == ["a"]
    assert made.total == Money.of("10")


def test_bonus_and_malus_stand_beside_the_lines() -> None:
    made = statement(TABLE, [recovered("a", "100")], [Adjustment("complaint", Money.of("-3.50"))])
    assert made.total == Money.of("6.50")


def test_a_reversed_payment_takes_its_commission_back() -> None:
    made = statement(TABLE, [recovered("a", "500"), recovered("b", "300"), recovered("b-", "-300")])
    assert made.lines[0].commission == Money.of("50")
    assert made.lines[0].parts == {"a": Money.of("50"), "b": Money.of("30"), "b-": Money.of("-30")}


payments = st.lists(
    st.tuples(st.sampled_from(["M1", "M2", "M3"]), st.integers(1, 2), st.integers(-(10**8), 10**9)), max_size=12
).map(lambda rows: [Recovered(f"{n:03}", bucket, tier, Money(fen)) for n, (bucket, tier, fen) in enumerate(rows)])


@given(payments)
def test_no_fen_is_lost_or_made_by_commission(received: list[Recovered]) -> None:
    made = statement(TABLE, received)
    assert statement(TABLE, reversed(received)) == made
    for line in made.lines:
        assert total(list(line.parts.values())) == line.commission
        assert abs(line.commission.fen) <= abs(line.base.fen)
    counted = total([line.base for line in made.lines]) + total([one.amount for one in made.without_rate])
    assert counted == total([one.amount for one in received])


@given(st.integers(0, 10**10), st.integers(0, 10**7))
def test_with_slices_more_money_never_earns_less(fen: int, more: int) -> None:
    row = TABLE.row("M1", 1)
    assert row is not None
    assert row.commission(Money(fen + more)) >= row.commission(Money(fen))


@given(st.integers(0, 10**10))
def test_a_slice_is_reckoned_like_its_parts(fen: int) -> None:
    row = TABLE.row("M1", 1)
    assert row is not None
    exact = Fraction(0)
    for cent_from, cent_to, rate in ((0, 100_000, "0.1"), (100_000, 500_000, "0.2"), (500_000, fen, "0.25")):
        exact += max(min(fen, cent_to) - cent_from, 0) * Fraction(rate)
    assert 0 <= exact - row.commission(Money(fen)).fen < 1


@given(st.integers(-(10**10), 10**10).map(Money), st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=9))
def test_sharing_loses_nothing_and_stays_within_a_fen(amount: Money, weights: list[int]) -> None:
    whole = sum(weights)
    if whole == 0:
        assert set(apportion(ZERO, weights)) == {ZERO}
        return
    shares = apportion(amount, weights)
    assert total(shares) == amount
    assert all(
        abs(share.fen - Fraction(amount.fen * weight, whole)) < 1 for share, weight in zip(shares, weights, strict=True)
    )


def test_something_is_not_shared_by_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        apportion(Money(1), [1, -1])


@pytest.mark.parametrize(
    "row",
    [
        {"bucket": "M1", "mode": "slice", "steps": []},
        {"bucket": "M1", "mode": "slice", "steps": [{"from": "1", "rate": "0.1"}]},
        {"bucket": "M1", "mode": "slice", "steps": [STEPS[0], STEPS[0]]},
        {"bucket": "M1", "mode": "slice", "steps": [{"from": "0", "rate": "1.1"}]},
        {"bucket": "M1", "mode": "slice", "steps": [{"from": "0", "rate": 0.1}]},
        {"bucket": 1, "mode": "slice", "steps": STEPS},
    ],
)
def test_a_row_that_cannot_be_read_is_refused(row: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="commission table"):
        read_commission_table([row])


def test_no_bucket_and_tier_stand_in_a_contract_twice() -> None:
    row: dict[str, object] = {"bucket": "M1", "mode": "slice", "steps": STEPS}
    with pytest.raises(ValueError, match="twice"):
        read_commission_table([row, row])
