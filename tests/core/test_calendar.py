"""Working days are counted as the State Council publishes them, and a guess is called a guess."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.calendar import CHINA, DayKind, HolidayCalendar, in_china, read_holiday_table, start_of

TABLE = Path(__file__).parents[2] / "anmi/casework/holiday_table/cn.toml"
CALENDAR = read_holiday_table(tomllib.loads(TABLE.read_text("utf-8")))


@pytest.mark.parametrize(
    ("on", "kind", "is_assumed"),
    [
        (date(2026, 2, 17), DayKind.HOLIDAY, False),
        (date(2026, 2, 14), DayKind.MAKE_UP_DAY, False),
        (date(2026, 2, 28), DayKind.MAKE_UP_DAY, False),
        (date(2026, 11, 23), DayKind.WORKING_DAY, False),
        (date(2026, 11, 22), DayKind.WEEKEND, False),
        (date(2027, 10, 1), DayKind.WORKING_DAY, True),
        (date(2027, 10, 2), DayKind.WEEKEND, True),
    ],
)
def test_a_day_is_what_the_notice_says_and_a_guess_is_flagged(on: date, kind: DayKind, is_assumed: bool) -> None:
    day = CALENDAR.day(on)
    assert (day.kind, day.is_assumed) == (kind, is_assumed)


def test_every_day_of_the_table_agrees_with_the_published_calendar() -> None:
    on = date(2024, 1, 1)
    while on.year <= 2026:
        assert CALENDAR.is_working_day(on) == chinese_calendar.is_workday(on), on
        on += timedelta(days=1)


def test_a_due_day_in_the_spring_festival_moves_behind_it() -> None:
    assert CALENDAR.next_working_day(date(2026, 2, 15)) == date(2026, 2, 24)
    assert CALENDAR.after_working_days(date(2026, 2, 13), 2) == date(2026, 2, 24)


def test_the_festival_lasts_from_new_years_eve_to_the_third_day() -> None:
    days = [date(2026, 2, 15) + timedelta(days=step) for step in range(7)]
    assert [day.day for day in days if CALENDAR.is_around_new_year(day, -1, 2)] == [16, 17, 18, 19]


def test_where_the_new_year_is_unknown_every_possible_day_is_kept_free() -> None:
    empty = HolidayCalendar(frozenset(), frozenset(), frozenset(), {})
    for year, new_year in CALENDAR.new_years.items():
        for step in range(-1, 3):
            assert empty.is_around_new_year(new_year + timedelta(days=step), -1, 2), year
    assert not empty.is_around_new_year(date(2040, 6, 1), -1, 2)


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(min_value=0, max_value=40))
def test_working_days_are_counted_without_skipping_one(on: date, count: int) -> None:
    end = CALENDAR.after_working_days(on, count)
    between = [on + timedelta(days=step) for step in range(1, (end - on).days + 1)]
    assert sum(CALENDAR.is_working_day(day) for day in between) == count
    assert not count or CALENDAR.is_working_day(end)


@given(st.datetimes(datetime(1992, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_an_instant_read_in_china_is_the_same_instant(instant: datetime) -> None:
    local = in_china(instant)
    assert local == instant
    assert start_of(local.date()) <= local < start_of(local.date() + timedelta(days=1))
    assert local.tzinfo is CHINA


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        in_china(datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    "data",
    [
        {"year": [{"year": 2026, "holidays": [date(2025, 1, 1)]}]},
        {"year": [{"year": 2026}, {"year": 2026}]},
        {"year": [{"year": 2026, "holidays": [date(2026, 1, 1)], "make_up_days": [date(2026, 1, 1)]}]},
        {"new_years": [date(2026, 6, 1)]},
        {"new_years": ["2026-02-17"]},
    ],
)
def test_a_table_that_cannot_be_right_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="holiday table"):
        read_holiday_table(data)
