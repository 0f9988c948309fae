"""Relief is reckoned to the fen: what is paid and what is waived make up what was owed."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.balance import NOTHING_OWED, Balance, Component
from anmi.core.concession_offers import principal_only, settlement, waiver
from anmi.core.money import Money

OWED = Balance(Money.of("10000"), Money.of("1200"), Money.of("300.01"), Money.of("500"), Money.of("80"))
balances = st.builds(Balance, *(st.integers(0, 10**11).map(Money) for _ in Component)).filter(lambda one: one.total)
shares = st.dictionaries(st.sampled_from(Component), st.fractions(0, 1))


@given(balances, shares)
def test_a_waiver_neither_loses_nor_makes_money(owed: Balance, waived: dict[Component, Fraction]) -> None:
    offer = waiver(owed, waived)
    assert offer.pays + offer.waives == owed
    assert not offer.pays.is_negative
    assert not offer.waives.is_negative
    for component in Component:
        exact = owed[component].fen * waived.get(component, Fraction(0))
        assert 0 <= offer.waives[component].fen - exact < 1


@given(balances, st.fractions(0, 1), st.permutations(list(Component)))
def test_a_settlement_asks_exactly_the_agreed_sum(owed: Balance, share: Fraction, order: list[Component]) -> None:
    to_pay = owed.total.share(share)
    offer = settlement(owed, to_pay, order)
    assert offer.pays.total == to_pay
    assert offer.pays + offer.waives == owed
    assert not offer.pays.is_negative
    assert not offer.waives.is_negative
    # A later component is only touched when every earlier one is waived entirely.
    touched = [bool(offer.waives[component]) for component in order]
    for number, component in enumerate(order):
        assert not any(touched[number + 1 :]) or not offer.pays[component]


def test_a_settlement_waives_principal_last() -> None:
    assert not settlement(OWED, Money.of("10000")).touches_principal
    assert settlement(OWED, Money.of("9999.99")).waives.principal == Money(1)


def test_the_odd_fen_is_waived() -> None:
    offer = waiver(OWED, {Component.PENALTY_INTEREST: Fraction(1, 2)})
    assert (offer.pays.penalty_interest, offer.waives.penalty_interest) == (Money.of("150"), Money.of("150.01"))


def test_principal_only_leaves_the_principal() -> None:
    assert principal_only(OWED).pays == Balance(principal=OWED.principal)


@pytest.mark.parametrize("to_pay", ["12080.02", "-0.01"])
def test_a_settlement_is_of_what_is_owed(to_pay: str) -> None:
    with pytest.raises(ValueError, match="no more than is owed"):
        settlement(OWED, Money.of(to_pay))


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing is owed"):
        waiver(NOTHING_OWED, {})
    with pytest.raises(ValueError, match="share"):
        waiver(OWED, {Component.FEE: Fraction(11, 10)})
    with pytest.raises(ValueError, match="once"):
        settlement(OWED, Money.of("1"), [Component.FEE])
