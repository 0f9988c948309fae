"""The time of limitation runs from the last instalment and begins anew with a demand or a consent that can be shown."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.limitation import Interrupt, InterruptKind, has_effective_demands, limitation_due, years_later

DUE = date(2023, 5, 10)
DEMAND, CONSENT = InterruptKind.DEMAND_DELIVERED, InterruptKind.DEBTOR_CONSENTED


@pytest.mark.parametrize(
    ("interrupts", "due"),
    [
        ([], date(2026, 5, 10)),
        ([Interrupt(date(2024, 1, 1), DEMAND)], date(2027, 1, 1)),
        ([Interrupt(date(2024, 1, 1), DEMAND, has_evidence=False)], date(2026, 5, 10)),
        ([Interrupt(date(2026, 5, 10), DEMAND)], date(2029, 5, 10)),
        ([Interrupt(date(2026, 5, 11), DEMAND)], date(2026, 5, 10)),
        ([Interrupt(date(2026, 5, 11), CONSENT)], date(2029, 5, 11)),
        ([Interrupt(date(2026, 6, 1), DEMAND), Interrupt(date(2024, 1, 1), DEMAND)], date(2029, 6, 1)),
        ([Interrupt(date(2022, 1, 1), DEMAND)], date(2026, 5, 10)),
    ],
)
def test_the_last_day_follows_from_what_happened_in_time(interrupts: list[Interrupt], due: date) -> None:
    assert limitation_due(DUE, interrupts, years=3) == due


@given(st.lists(st.builds(Interrupt, st.dates(DUE, date(2040, 1, 1)), st.sampled_from(InterruptKind), st.booleans())))
def test_an_interruption_never_shortens_the_time(interrupts: list[Interrupt]) -> None:
    due = limitation_due(DUE, interrupts, years=3)
    assert due >= years_later(DUE, 3)
    assert limitation_due(DUE, reversed(interrupts), years=3) == due
    assert limitation_due(DUE, [*interrupts, Interrupt(due, DEMAND)], years=3) >= due


def test_a_time_that_begins_on_the_29th_of_february_ends_with_the_month() -> None:
    assert years_later(date(2024, 2, 29), 3) == date(2027, 2, 28)
    assert years_later(date(2024, 2, 29), 4) == date(2028, 2, 29)


@pytest.mark.parametrize(("gaps", "effective"), [([], False), ([29], False), ([30], True), ([29, 1], True)])
def test_two_demands_lie_thirty_days_apart(gaps: list[int], effective: bool) -> None:
    days = [DUE]
    for gap in gaps:
        days.append(days[-1] + timedelta(days=gap))
    assert has_effective_demands(days, count=2, gap_days=30) is effective
