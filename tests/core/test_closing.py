"""Paid in full and settled in full are two endings, and each has its own proof."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.closing import ClosingReason, Settlement, closing_reason
from anmi.core.money import Money

OWED = Money.of("1000")
SETTLEMENT = Settlement(Money.of("600"), Money.of("400"), date(2026, 12, 31))
IN_TIME, LATE = date(2026, 12, 31), date(2027, 1, 1)


@pytest.mark.parametrize(
    ("received", "settlement", "reason"),
    [
        ([(LATE, "1000")], None, ClosingReason.PAID_IN_FULL),
        ([(LATE, "1000")], SETTLEMENT, ClosingReason.PAID_IN_FULL),
        ([(IN_TIME, "999.99")], None, None),
        ([(IN_TIME, "600")], SETTLEMENT, ClosingReason.SETTLED_IN_FULL),
        ([(IN_TIME, "300"), (IN_TIME, "300")], SETTLEMENT, ClosingReason.SETTLED_IN_FULL),
        ([(IN_TIME, "300"), (LATE, "300")], SETTLEMENT, None),
        ([(IN_TIME, "600"), (LATE, "400")], SETTLEMENT, ClosingReason.PAID_IN_FULL),
        ([], SETTLEMENT, None),
    ],
)
def test_a_case_closes_for_all_or_for_what_was_agreed_in_time(
    received: list[tuple[date, str]], settlement: Settlement | None, reason: ClosingReason | None
) -> None:
    assert closing_reason(OWED, tuple((on, Money.of(yuan)) for on, yuan in received), settlement) is reason


def test_an_agreement_that_waives_nothing_settles_nothing() -> None:
    nothing = Settlement(Money.of("600"), Money.of("0"), IN_TIME)
    assert closing_reason(OWED, ((IN_TIME, Money.of("600")),), nothing) is None


@given(st.lists(st.tuples(st.sampled_from([IN_TIME, LATE]), st.integers(0, 60_000).map(Money)), max_size=5))
def test_a_settlement_is_never_mistaken_for_full_payment(received: list[tuple[date, Money]]) -> None:
    reason = closing_reason(OWED, tuple(received), SETTLEMENT)
    paid = sum(amount.fen for _, amount in received)
    assert (reason is ClosingReason.PAID_IN_FULL) == (paid >= OWED.fen)
    assert reason is not ClosingReason.SETTLED_IN_FULL or SETTLEMENT.to_pay.fen <= paid < OWED.fen
