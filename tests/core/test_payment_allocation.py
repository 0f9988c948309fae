"""A payment goes where the contract says, and every fen of it is somewhere."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.balance import NOTHING_OWED, Balance, Component
from anmi.core.money import ZERO, Money, total
from anmi.core.payment_allocation import AccountOwing, allocate, read_order, reversal, spread

amounts = st.integers(0, 10**11).map(Money)
balances = st.builds(Balance, *(amounts for _ in Component))
orders = st.permutations(list(Component)).map(tuple)
OWED = Balance(Money.of("1000"), Money.of("100"), Money.of("50"), Money.of("30"), Money.of("20"))


@pytest.mark.parametrize(
    ("paid", "parts", "over"),
    [
        ("10", Balance(fee=Money.of("10")), "0"),
        ("70", Balance(fee=Money.of("20"), late_charge=Money.of("30"), penalty_interest=Money.of("20")), "0"),
        ("1200", OWED, "0"),
        ("1200.01", OWED, "0.01"),
    ],
)
def test_without_a_contract_costs_come_before_interest_and_interest_before_the_debt(
    paid: str, parts: Balance, over: str
) -> None:
    allocation = allocate(Money.of(paid), OWED)
    assert (allocation.parts, allocation.over) == (parts, Money.of(over))


def test_a_contract_may_put_the_principal_first() -> None:
    order = read_order(["principal", "interest", "penalty_interest", "late_charge", "fee"])
    assert allocate(Money.of("1050"), OWED, order).parts == Balance(Money.of("1000"), Money.of("50"))


@given(amounts, balances, orders)
def test_no_fen_is_lost_or_made_by_allocating(payment: Money, owed: Balance, order: tuple[Component, ...]) -> None:
    allocation = allocate(payment, owed, order)
    assert allocation.payment == payment
    assert not allocation.parts.is_negative
    assert not (owed - allocation.parts).is_negative
    assert allocation.over == ZERO or allocation.parts == owed
    filled = [allocation.parts[part] == owed[part] for part in order]
    for number, part in enumerate(order):
        assert not allocation.parts[part] or all(filled[:number])


@given(amounts, balances, orders)
def test_a_reversal_leaves_the_debt_as_it_was(payment: Money, owed: Balance, order: tuple[Component, ...]) -> None:
    allocation = allocate(payment, owed, order)
    undone = reversal(allocation)
    assert owed - allocation.parts - undone.parts == owed
    assert allocation.payment + undone.payment == ZERO


@given(amounts, st.lists(st.tuples(st.dates(date(2025, 1, 1), date(2026, 1, 1)), balances), max_size=5))
def test_several_accounts_are_paid_from_the_oldest_and_nothing_is_lost(
    payment: Money, rows: list[tuple[date, Balance]]
) -> None:
    accounts = [AccountOwing(str(number), due_on, owed) for number, (due_on, owed) in enumerate(rows)]
    paid = spread(payment, accounts)
    assert total([posting.parts.total for posting in paid.postings]) + paid.over == payment
    posted = {posting.account_id: posting.parts for posting in paid.postings}
    oldest_first = sorted(accounts, key=lambda one: (one.due_on, one.account_id))
    filled = [posted.get(one.account_id, NOTHING_OWED) == one.owed for one in oldest_first]
    for number, one in enumerate(oldest_first):
        assert one.account_id not in posted or all(filled[:number])
    assert spread(payment, reversed(accounts)) == paid


@given(amounts, st.lists(st.tuples(st.dates(date(2025, 1, 1), date(2026, 1, 1)), balances), max_size=4), balances)
def test_what_a_concession_would_waive_is_paid_last(
    payment: Money, rows: list[tuple[date, Balance]], spared: Balance
) -> None:
    accounts = [AccountOwing(str(number), due_on, owed) for number, (due_on, owed) in enumerate(rows)]
    paid = spread(payment, accounts, spared=spared)
    owed = sum((one.owed for one in accounts), NOTHING_OWED)
    parts = sum((posting.parts for posting in paid.postings), NOTHING_OWED)
    assert parts.total + paid.over == payment
    assert not (owed - parts).is_negative
    wanted = total([max(owed[part] - spared[part], ZERO) for part in Component])
    if payment <= wanted:
        assert all(owed[part] - parts[part] >= min(spared[part], owed[part]) for part in Component)
    assert paid.over == max(payment - owed.total, ZERO)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="reversal"):
        allocate(Money(-1), OWED)
    with pytest.raises(ValueError, match="reversal"):
        allocate(Money(1), -OWED)
    with pytest.raises(ValueError, match="once"):
        read_order(["principal"])
