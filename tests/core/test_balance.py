"""The parts of a debt add up to the sum, whatever is done with them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from anmi.core.balance import NOTHING_OWED, Balance, Component
from anmi.core.money import Money

balances = st.builds(Balance, *(st.integers(-(10**12), 10**12).map(Money) for _ in Component))


@given(balances, balances)
def test_adding_and_taking_away_leaves_every_component_as_it_was(one: Balance, other: Balance) -> None:
    assert one + other - other == one
    assert (one + other).total == one.total + other.total
    assert one + -one == NOTHING_OWED


@given(balances)
def test_every_component_can_be_named(one: Balance) -> None:
    assert Balance.of({component: one[component] for component in Component}) == one
    assert one.is_negative == any(one[component].fen < 0 for component in Component)
