"""How long recordings are kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.keep_for import Claim, Duty, Ground, is_over, keep_until, months_after, read_duties
from anmi.telephony.recordings.duties import recording_duties

DAY = date(2026, 3, 4)
FIVE_YEARS = Duty("FIVE", 60, 0, "demo")
THIRTY_DAYS = Duty("THIRTY", 0, 30, "demo")
DUTIES = (FIVE_YEARS, THIRTY_DAYS)


@pytest.mark.parametrize(
    ("claim", "until"),
    [
        (Claim(), date(2031, 3, 4)),
        (Claim(months=24), date(2031, 3, 4)),
        (Claim(months=84), date(2033, 3, 4)),
    ],
)
def test_the_longest_duty_wins(claim: Claim, until: date) -> None:
    assert keep_until(DAY, DUTIES, claim) == until


@pytest.mark.parametrize(
    ("today", "claim", "is_held", "over"),
    [
        (date(2031, 3, 4), Claim(), False, False),
        (date(2031, 3, 5), Claim(), False, True),
        (date(2031, 3, 5), Claim(months=61), False, False),
        (date(2031, 3, 5), Claim(), True, False),
        (date(2051, 1, 1), Claim(grounds=frozenset({Ground.COMPLAINT})), False, False),
        (date(2051, 1, 1), Claim(grounds=frozenset({Ground.ORAL_AGREEMENT})), False, False),
    ],
)
def test_nothing_is_deleted_before_its_time_nor_while_somebody_needs_it(
    today: date, claim: Claim, is_held: bool, over: bool
) -> None:
    assert is_over(DAY, today, DUTIES, claim, is_held=is_held) is over


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 300), st.lists(st.integers(1, 200), min_size=1))
def test_a_contract_never_shortens_what_the_law_asks_for(day: date, months: int, lawful: list[int]) -> None:
    duties = [Duty(str(number), number, 0, "demo") for number in lawful]
    last = keep_until(day, duties, Claim(months=months))
    assert all(duty.last_day(day) <= last for duty in duties)
    assert not is_over(day, last, duties, Claim(months=months), is_held=False)
    assert is_over(day, last + timedelta(days=1), duties, Claim(months=months), is_held=False)


def test_a_month_that_is_too_short_ends_with_its_last_day() -> None:
    assert months_after(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert months_after(date(2026, 12, 31), 2) == date(2027, 2, 28)


def test_the_table_that_comes_along_names_its_sources_and_asks_for_five_years() -> None:
    duties = recording_duties()
    assert all(duty.source for duty in duties)
    assert keep_until(DAY, duties, Claim()) == date(2031, 3, 4)


@pytest.mark.parametrize(
    "row",
    [
        {"id": "X", "months": 3},
        {"id": "X", "source": "demo"},
        {"source": "demo", "months": 1},
        {"id": "X", "source": "demo", "months": -1},
        {"id": "X", "source": "demo", "days": True},
    ],
)
def test_a_row_that_cannot_be_read_is_named(row: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="duty"):
        read_duties({"duty": [row]})


def test_an_empty_table_is_none() -> None:
    with pytest.raises(ValueError, match="rows"):
        read_duties({})
