"""Instalments add up, come once a month, and are breached by money that did not come."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.money import ZERO, Money
from anmi.core.payment_plans import PaymentPlan, RefusedPlan, fill, is_breached, months_later, plan

FIRST = date(2026, 1, 31)
amounts = st.integers(1, 10**11).map(Money)


def planned(*args: object, **changes: object) -> PaymentPlan:
    made = plan(*args, **{"most": 60, **changes})  # type: ignore[arg-type]
    assert isinstance(made, PaymentPlan)
    return made


@given(amounts, st.integers(1, 60), st.fractions(0, Fraction(1, 4)), st.integers(0, 10**11).map(Money))
def test_the_instalments_pay_exactly_what_was_owed(
    amount: Money, count: int, rate: Fraction, down_payment: Money
) -> None:
    made = plan(amount, count, FIRST, most=60, yearly_rate=rate, down_payment=down_payment)
    if isinstance(made, RefusedPlan):
        assert made.reason == "less_than_one_fen_each"
        assert amount.fen < count or (amount - down_payment).fen < count - 1
        return
    assert made.principal == amount
    assert len(made.instalments) == count
    assert all(one.principal.fen > 0 and one.charge.fen >= 0 for one in made.instalments)
    assert rate or made.amount == amount


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 120))
def test_every_month_has_its_instalment(first: date, count: int) -> None:
    day = months_later(first, count)
    assert (day.year * 12 + day.month) - (first.year * 12 + first.month) == count
    assert day.day == first.day or (day + timedelta(days=1)).day == 1


def test_a_plan_from_the_31st_falls_due_on_the_last_day_of_short_months() -> None:
    assert [one.due_on for one in planned(Money.of("300"), 3, FIRST).instalments] == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
    ]


@pytest.mark.parametrize(("count", "reason"), [(0, "none"), (61, "too_many"), (4, "less_than_one_fen_each")])
def test_a_plan_that_cannot_be_is_refused_by_name(count: int, reason: str) -> None:
    refused = plan(Money(3), count, FIRST, most=60)
    assert isinstance(refused, RefusedPlan)
    assert refused.reason == reason


def test_the_charge_of_a_month_is_taken_on_what_remains() -> None:
    made = planned(Money.of("1200"), 12, FIRST, yearly_rate=Fraction(12, 100))
    assert [one.charge for one in made.instalments[:2]] == [Money.of("12"), Money.of("11")]
    assert made.instalments[-1].charge == Money.of("1")


@pytest.mark.parametrize(
    ("received", "today", "breached"),
    [
        ([], date(2026, 2, 3), False),
        ([], date(2026, 2, 4), True),
        ([(date(2026, 2, 3), "100")], date(2026, 2, 4), False),
        ([(date(2026, 2, 4), "100")], date(2026, 2, 4), True),
        ([(date(2026, 1, 1), "200")], date(2026, 3, 4), False),
        ([(date(2026, 1, 31), "100"), (date(2026, 2, 28), "99.99")], date(2026, 3, 4), True),
        ([(date(2026, 1, 31), "300")], date(2027, 1, 1), False),
    ],
)
def test_a_plan_is_breached_when_less_came_than_was_due(
    received: list[tuple[date, str]], today: date, breached: bool
) -> None:
    made = planned(Money.of("300"), 3, FIRST)
    assert is_breached(made, [(on, Money.of(yuan)) for on, yuan in received], today, grace_days=3) is breached


@given(amounts, st.integers(1, 24), st.integers(0, 10))
def test_who_pays_every_instalment_on_its_day_never_breaches(amount: Money, count: int, grace: int) -> None:
    made = plan(amount, count, FIRST, most=60)
    if isinstance(made, PaymentPlan):
        received = [(one.due_on, one.amount) for one in made.instalments]
        assert not is_breached(made, received, date(2100, 1, 1), grace)
        assert is_breached(made, [*received[:-1], (received[-1][0], ZERO)], date(2100, 1, 1), grace)


@given(st.lists(amounts, max_size=8), st.integers(0, 10**12).map(Money))
def test_money_fills_the_earliest_instalments_first(parts: list[Money], received: Money) -> None:
    filled = fill(parts, received)
    assert sum(one.fen for one in filled) == min(received.fen, sum(one.fen for one in parts))
    is_full = [one == amount for one, amount in zip(filled, parts, strict=True)]
    for number, one in enumerate(filled):
        assert not one or all(is_full[:number])
