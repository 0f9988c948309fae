"""Rows of payments against what is known: the same money is met once, other money never."""

from __future__ import annotations

from datetime import date

import pytest

from anmi.core.money import Money
from anmi.core.payment_lines import KnownPayment, ToldPayment, known_of

DAY = date(2026, 3, 3)


def told(day: int = 3, reference: str | None = None, amount: str = "100") -> ToldPayment:
    return ToldPayment(Money.of(amount), date(2026, 3, day), reference)


def booked(day: int = 3, reference: str | None = None) -> KnownPayment:
    return KnownPayment("booked", Money.of("100"), date(2026, 3, day), reference, is_booked=True)


def claimed(day: int = 3, name: str = "claimed") -> KnownPayment:
    return KnownPayment(name, Money.of("100"), date(2026, 3, day))


@pytest.mark.parametrize(
    ("row", "known", "expected"),
    [
        (told(), [booked()], "booked"),
        (told(reference="F1"), [booked(reference="F1")], "booked"),
        (told(day=9, reference="F1"), [booked(reference="F1")], "booked"),
        (told(reference="F1"), [booked()], "booked"),
        (told(reference="F1"), [booked(reference="F2")], None),
        (told(day=4), [booked()], None),
        (told(amount="100.01"), [booked(), claimed()], None),
        (told(), [claimed()], "claimed"),
        (told(day=6), [claimed()], "claimed"),
        (told(day=7), [claimed()], None),
        (told(), [claimed(day=1, name="far"), claimed(day=2, name="near")], "near"),
        (told(), [claimed(), booked()], "booked"),
        (told(), [], None),
    ],
)
def test_a_row_meets_the_payment_it_speaks_of(
    row: ToldPayment, known: list[KnownPayment], expected: str | None
) -> None:
    met = known_of(row, known, claim_days=3)
    assert (met.payment_id if met else None) == expected
