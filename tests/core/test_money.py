"""Sums stay exact whatever is done with them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.money import Money, total

amounts = st.integers(min_value=-(10**13), max_value=10**13).map(Money)


@pytest.mark.parametrize(("yuan", "fen"), [("0", 0), ("3200", 320000), ("3200.5", 320050), ("-0.01", -1)])
def test_yuan_are_read_exactly(yuan: str, fen: int) -> None:
    assert Money.of(yuan) == Money(fen)


@pytest.mark.parametrize("text", ["", "1.234", "1,000", "￥1", "1e3", "一百", " 1", "1\n", "１"])
def test_what_is_not_plain_yuan_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        Money.of(text)


@given(amounts)
def test_an_amount_is_written_as_it_is_read(amount: Money) -> None:
    assert Money.of(str(amount)) == amount


@given(amounts, st.integers(min_value=1, max_value=60))
def test_no_fen_is_lost_or_made_by_splitting(amount: Money, parts: int) -> None:
    pieces = amount.split(parts)
    assert total(pieces) == amount
    assert max(pieces).fen - min(pieces).fen <= 1


@given(st.integers(min_value=0, max_value=10**13).map(Money), st.fractions(min_value=0, max_value=1))
def test_a_share_never_exceeds_its_exact_value(amount: Money, rate: Fraction) -> None:
    assert 0 <= amount.fen * rate - amount.share(rate).fen < 1
