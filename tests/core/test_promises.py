"""A promise is kept by its money and its day, and never by a word."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.calendar import HolidayCalendar
from anmi.core.money import Money
from anmi.core.promises import PromiseState, PromiseToPay, Receipt, Tolerance, last_day, paid_for, state

CALENDAR = HolidayCalendar(frozenset({2026}), frozenset({date(2026, 10, 1), date(2026, 10, 2)}), frozenset(), {})
# Monday, 23 November to Friday, 27 November.
PROMISE = PromiseToPay(Money.of("1000"), date(2026, 11, 23), date(2026, 11, 27))
STRICT = Tolerance()
MILD = Tolerance(days=1, share=Fraction(9, 10), claim_days=3)


def receipt(day: int, yuan: str, is_confirmed: bool = True) -> Receipt:
    return Receipt(date(2026, 11, day), Money.of(yuan), is_confirmed)


@pytest.mark.parametrize(
    ("receipts", "tolerance", "today", "expected"),
    [
        ([], STRICT, 27, PromiseState.OPEN),
        ([], STRICT, 28, PromiseState.BROKEN),
        ([receipt(24, "1000")], STRICT, 24, PromiseState.KEPT),
        ([receipt(24, "400"), receipt(27, "600")], STRICT, 27, PromiseState.KEPT),
        ([receipt(24, "999.99")], STRICT, 28, PromiseState.PARTLY_KEPT),
        ([receipt(22, "1000")], STRICT, 28, PromiseState.BROKEN),
        ([receipt(28, "1000")], STRICT, 28, PromiseState.BROKEN),
        ([receipt(28, "900")], MILD, 28, PromiseState.KEPT),
        ([receipt(28, "899.99")], MILD, 28, PromiseState.OPEN),
        ([receipt(28, "899.99")], MILD, 29, PromiseState.PARTLY_KEPT),
        ([receipt(27, "1000", is_confirmed=False)], MILD, 29, PromiseState.OPEN),
        ([receipt(27, "100"), receipt(27, "900", is_confirmed=False)], MILD, 30, PromiseState.OPEN),
        ([receipt(27, "1000", is_confirmed=False)], STRICT, 28, PromiseState.BROKEN),
    ],
)
def test_a_promise_stands_as_the_money_and_the_day_say(
    receipts: list[Receipt], tolerance: Tolerance, today: int, expected: PromiseState
) -> None:
    assert state(PROMISE, receipts, tolerance, CALENDAR, date(2026, 11, today)) is expected


def test_a_claim_that_is_never_reconciled_keeps_a_promise_open_for_its_days_only() -> None:
    claim = [receipt(27, "1000", is_confirmed=False)]
    assert state(PROMISE, claim, MILD, CALENDAR, date(2026, 12, 1)) is PromiseState.OPEN
    assert state(PROMISE, claim, MILD, CALENDAR, date(2026, 12, 2)) is PromiseState.BROKEN


def test_a_promise_for_a_holiday_may_be_kept_on_the_next_working_day() -> None:
    promise = PromiseToPay(Money.of("10"), date(2026, 9, 25), date(2026, 10, 1))
    assert last_day(promise, STRICT, CALENDAR) == date(2026, 10, 5)


@pytest.mark.parametrize(
    ("amount", "taken_on", "due_on"), [("0", "2026-01-01", "2026-01-02"), ("1", "2026-01-02", "2026-01-01")]
)
def test_a_promise_of_nothing_or_of_yesterday_is_none(amount: str, taken_on: str, due_on: str) -> None:
    with pytest.raises(ValueError, match="a promise is"):
        PromiseToPay(Money.of(amount), date.fromisoformat(taken_on), date.fromisoformat(due_on))


@pytest.mark.parametrize("tolerance", [{"days": -1}, {"share": Fraction(0)}, {"share": Fraction(11, 10)}])
def test_a_tolerance_has_bounds(tolerance: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="tolerance"):
        Tolerance(**tolerance)


receipts_of_november = st.lists(
    st.builds(
        Receipt,
        st.dates(date(2026, 11, 15), date(2026, 12, 10)),
        st.integers(1, 150_000).map(Money),
        st.booleans(),
    ),
    max_size=8,
)
tolerances = st.builds(Tolerance, st.integers(0, 5), st.fractions(Fraction(1, 2), 1), st.integers(0, 5))


@given(receipts_of_november, receipts_of_november, tolerances, st.integers(0, 25))
def test_more_money_never_makes_a_promise_worse(
    receipts: list[Receipt], more: list[Receipt], tolerance: Tolerance, days: int
) -> None:
    rank = [PromiseState.BROKEN, PromiseState.PARTLY_KEPT, PromiseState.OPEN, PromiseState.KEPT]
    today = PROMISE.taken_on + timedelta(days=days)
    before = state(PROMISE, receipts, tolerance, CALENDAR, today)
    after = state(PROMISE, receipts + more, tolerance, CALENDAR, today)
    assert rank.index(after) >= rank.index(before)


@given(receipts_of_november, tolerances)
def test_a_promise_once_over_stays_as_it_is(receipts: list[Receipt], tolerance: Tolerance) -> None:
    end = last_day(PROMISE, tolerance, CALENDAR) + timedelta(days=tolerance.claim_days + 1)
    final = state(PROMISE, receipts, tolerance, CALENDAR, end)
    assert final is not PromiseState.OPEN
    assert state(PROMISE, receipts, tolerance, CALENDAR, end + timedelta(days=100)) is final


@given(receipts_of_november)
def test_nothing_counts_that_was_only_claimed_or_came_before_the_promise(receipts: list[Receipt]) -> None:
    counted = paid_for(PROMISE, receipts, date(2026, 12, 31))
    assert counted.fen == sum(one.amount.fen for one in receipts if one.is_confirmed and one.on >= PROMISE.taken_on)
