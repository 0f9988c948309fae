"""The time of limitation runs from the last instalment and begins anew with a demand or a consent that can be shown."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.limitation import (
    Interrupt,
    InterruptKind,
    LimitationTable,
    Period,
    has_effective_demands,
    limitation_due,
    read_limitation_table,
    years_later,
)

DUE = date(2023, 5, 10)
THREE_YEARS = LimitationTable((Period(date(2015, 10, 1), 3, "民法典 art. 188"),))
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
    assert limitation_due(DUE, interrupts, THREE_YEARS) == due


@given(st.lists(st.builds(Interrupt, st.dates(DUE, date(2040, 1, 1)), st.sampled_from(InterruptKind), st.booleans())))
def test_an_interruption_never_shortens_the_time(interrupts: list[Interrupt]) -> None:
    due = limitation_due(DUE, interrupts, THREE_YEARS)
    assert due >= years_later(DUE, 3)
    assert limitation_due(DUE, reversed(interrupts), THREE_YEARS) == due
    assert limitation_due(DUE, [*interrupts, Interrupt(due, DEMAND)], THREE_YEARS) >= due


def test_a_time_that_begins_on_the_29th_of_february_ends_with_the_month() -> None:
    assert years_later(date(2024, 2, 29), 3) == date(2027, 2, 28)
    assert years_later(date(2024, 2, 29), 4) == date(2028, 2, 29)


@pytest.mark.parametrize(("gaps", "effective"), [([], False), ([29], False), ([30], True), ([29, 1], True)])
def test_two_demands_lie_thirty_days_apart(gaps: list[int], effective: bool) -> None:
    days = [DUE]
    for gap in gaps:
        days.append(days[-1] + timedelta(days=gap))
    assert has_effective_demands(days, count=2, gap_days=30) is effective


def test_the_years_come_from_the_table_in_force_when_the_time_begins() -> None:
    table = read_limitation_table(
        {
            "period": [
                {"runs_from": date(2015, 10, 1), "years": 3, "source": "民法典 art. 188"},
                {"runs_from": date(1987, 1, 1), "years": 2, "source": "民法通则 art. 135"},
            ]
        }
    )
    assert limitation_due(date(2015, 9, 30), (), table) == date(2017, 9, 30)
    assert limitation_due(date(2015, 10, 1), (), table) == date(2018, 10, 1)
    assert limitation_due(date(2015, 9, 1), [Interrupt(date(2016, 1, 1), CONSENT)], table) == date(2019, 1, 1)


@pytest.mark.parametrize(
    "row",
    [
        {"runs_from": "2015-10-01", "years": 3, "source": "x"},
        {"runs_from": DUE, "years": 0, "source": "x"},
        {"runs_from": DUE, "years": 3},
    ],
)
def test_a_row_without_day_years_or_source_is_refused(row: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="limitation table"):
        read_limitation_table({"period": [row]})
