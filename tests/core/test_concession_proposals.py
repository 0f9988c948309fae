"""What is wished comes to an exact offer, or to nothing with a reason."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.balance import NOTHING_OWED, Balance, Component
from anmi.core.concession_proposals import Proposal, RefusedProposal, Wish, propose
from anmi.core.concessions import Kind
from anmi.core.money import ZERO, Money

OWED = Balance(Money.of("1000"), Money.of("100"), Money.of("50"), ZERO, Money.of("20"))
FIRST = date(2026, 4, 1)
amounts = st.integers(0, 10**9).map(Money)


@pytest.mark.parametrize(
    ("wish", "payable", "waived"),
    [
        (Wish(Kind.PENALTY_WAIVER), "1120", Balance(penalty_interest=Money.of("50"))),
        (
            Wish(Kind.INTEREST_WAIVER, {Component.INTEREST: Fraction(1, 3)}),
            "1136.66",
            Balance(interest=Money.of("33.34")),
        ),
        (Wish(Kind.FEE_WAIVER), "1150", Balance(fee=Money.of("20"))),
        (Wish(Kind.PRINCIPAL_WAIVER, {Component.PRINCIPAL: Fraction(1, 2)}), "670", Balance(Money.of("500"))),
        (Wish(Kind.PRINCIPAL_ONLY), "1000", Balance(ZERO, Money.of("100"), Money.of("50"), ZERO, Money.of("20"))),
        (
            Wish(Kind.LUMP_SUM_SETTLEMENT, to_pay=Money.of("1090")),
            "1090",
            Balance(interest=Money.of("10"), penalty_interest=Money.of("50"), fee=Money.of("20")),
        ),
        (Wish(Kind.EXTENSION), "1170", NOTHING_OWED),
    ],
)
def test_a_wish_comes_to_what_is_paid_and_what_is_waived(wish: Wish, payable: str, waived: Balance) -> None:
    proposal = propose(OWED, wish, 60)
    assert isinstance(proposal, Proposal)
    assert proposal.offer.pays.total == Money.of(payable)
    assert proposal.offer.waives == waived
    assert proposal.plan is None


@pytest.mark.parametrize(
    ("owed", "wish", "reason"),
    [
        (NOTHING_OWED, Wish(Kind.FEE_WAIVER), "nothing_is_owed"),
        (OWED, Wish(Kind.CASE_WITHDRAWAL), "may_never_be_promised"),
        (OWED, Wish(Kind.FEE_WAIVER, {Component.PRINCIPAL: Fraction(1)}), "component_not_covered"),
        (OWED, Wish(Kind.FEE_WAIVER, {Component.FEE: Fraction(2)}), "share_out_of_range"),
        (OWED, Wish(Kind.FEE_WAIVER, {Component.FEE: Fraction(0)}), "nothing_is_waived"),
        (Balance(Money.of("9")), Wish(Kind.PRINCIPAL_ONLY), "nothing_is_waived"),
        (OWED, Wish(Kind.LUMP_SUM_SETTLEMENT), "nothing_is_waived"),
        (OWED, Wish(Kind.LUMP_SUM_SETTLEMENT, to_pay=Money.of("1170.01")), "to_pay_out_of_range"),
        (OWED, Wish(Kind.LUMP_SUM_SETTLEMENT, to_pay=Money(-1)), "to_pay_out_of_range"),
        (OWED, Wish(Kind.INSTALMENT_RELIEF, instalments=12), "first_day_needed"),
        (OWED, Wish(Kind.INSTALMENT_RELIEF, instalments=61, first_due_on=FIRST), "instalments_too_many"),
        (OWED, Wish(Kind.INSTALMENT_RELIEF, instalments=0, first_due_on=FIRST), "instalments_none"),
        (
            OWED,
            Wish(Kind.INSTALMENT_RELIEF, instalments=2, first_due_on=FIRST, down_payment=OWED.total),
            "down_payment_too_much",
        ),
    ],
)
def test_a_wish_that_comes_to_nothing_says_why(owed: Balance, wish: Wish, reason: str) -> None:
    assert propose(owed, wish, 60) == RefusedProposal(reason)


@given(
    st.builds(Balance, *(amounts for _ in Component)),
    st.sampled_from(sorted(Kind)),
    amounts,
    st.integers(1, 60),
    amounts,
)
def test_whatever_is_wished_no_fen_is_lost_or_made(
    owed: Balance, kind: Kind, to_pay: Money, instalments: int, down_payment: Money
) -> None:
    wish = Wish(kind, to_pay=to_pay, instalments=instalments, first_due_on=FIRST, down_payment=down_payment)
    proposal = propose(owed, wish, 60)
    if isinstance(proposal, RefusedProposal):
        assert proposal.reason
        return
    assert proposal.offer.pays + proposal.offer.waives == owed
    assert not proposal.offer.pays.is_negative
    assert not proposal.offer.waives.is_negative
    if proposal.plan is not None:
        assert proposal.plan.amount == proposal.offer.pays.total
