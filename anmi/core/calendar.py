"""China's days: one time zone, working days and holidays as a value built from data rows.

Nobody knows the holidays of a year before the State Council publishes them. For such a year the calendar falls back
on weekends and says that it does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum
from typing import Final, cast

from anmi.core.tables import rows

CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The whole country keeps UTC+8, without summer time since 1992; a fixed offset reads no time zone file."""

_SATURDAY: Final = 5
_ONE_DAY: Final = timedelta(days=1)
# The Chinese new year's day falls between 21 January and 21 February, whatever the year.
_EARLIEST_NEW_YEAR: Final = (1, 21)
_LATEST_NEW_YEAR: Final = (2, 21)


class DayKind(StrEnum):
    """What a day is for the people at work."""

    WORKING_DAY = "working_day"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP_DAY = "make_up_day"


@dataclass(frozen=True, slots=True)
class Day:
    """A day's kind, and whether it is assumed because the year's holidays are not known."""

    on: date
    kind: DayKind
    is_assumed: bool

    @property
    def is_working(self) -> bool:
        return self.kind in {DayKind.WORKING_DAY, DayKind.MAKE_UP_DAY}


@dataclass(frozen=True, slots=True)
class HolidayCalendar:
    """The holidays and make-up days of the years it knows, and the first day of the first moon of more years."""

    years: frozenset[int]
    holidays: frozenset[date]
    make_up_days: frozenset[date]
    new_years: Mapping[int, date]

    def day(self, on: date) -> Day:
        """Say what kind of day this is."""
        weekend = on.weekday() >= _SATURDAY
        if on.year not in self.years:
            return Day(on, DayKind.WEEKEND if weekend else DayKind.WORKING_DAY, is_assumed=True)
        if on in self.make_up_days:
            kind = DayKind.MAKE_UP_DAY
        elif on in self.holidays:
            kind = DayKind.HOLIDAY
        else:
            kind = DayKind.WEEKEND if weekend else DayKind.WORKING_DAY
        return Day(on, kind, is_assumed=False)

    def is_working_day(self, on: date) -> bool:
        return self.day(on).is_working

    def next_working_day(self, on: date) -> date:
        """Return `on` itself if it is a working day, else the first one after it."""
        while not self.is_working_day(on):
            on += _ONE_DAY
        return on

    def after_working_days(self, on: date, count: int) -> date:
        """Return the `count`-th working day after `on`; none counts `on` itself."""
        if count < 0:
            raise ValueError("working days are counted forwards")
        for _ in range(count):
            on = self.next_working_day(on + _ONE_DAY)
        return on

    def is_around_new_year(self, on: date, first: int, last: int) -> bool:
        """Whether `on` lies between the days `first` and `last`, counted from the Chinese new year's day as day 0.

        Where the new year's day is not known, every day that might be meant counts: the festival is kept, not guessed.
        """
        new_year = self.new_years.get(on.year)
        if new_year is not None:
            return first <= (on - new_year).days <= last
        earliest = date(on.year, *_EARLIEST_NEW_YEAR) + timedelta(days=first)
        latest = date(on.year, *_LATEST_NEW_YEAR) + timedelta(days=last)
        return earliest <= on <= latest


def read_holiday_table(data: Mapping[str, object]) -> HolidayCalendar:
    """Build the calendar from a loaded holiday table; raise ValueError naming the row that cannot be read."""
    years: set[int] = set()
    holidays: set[date] = set()
    make_up_days: set[date] = set()
    for number, row in enumerate(rows(data.get("year", []), "holiday table"), start=1):
        year = row.get("year")
        if not isinstance(year, int) or year in years:
            raise ValueError(f"holiday table, year {number}: the year is missing or stands there twice")
        years.add(year)
        holidays |= _days(row, "holidays")
        make_up_days |= _days(row, "make_up_days")
    strange = {day for day in holidays | make_up_days if day.year not in years}
    if strange:
        raise ValueError(f"holiday table: {min(strange)} is of no year that stands there")
    both = holidays & make_up_days
    if both:
        raise ValueError(f"holiday table: {min(both)} is both a holiday and a make-up day")
    new_years = _days(data, "new_years")
    for day in new_years:
        if not date(day.year, *_EARLIEST_NEW_YEAR) <= day <= date(day.year, *_LATEST_NEW_YEAR):
            raise ValueError(f"holiday table: {day} is no Chinese new year's day")
    return HolidayCalendar(
        frozenset(years),
        frozenset(holidays),
        frozenset(make_up_days),
        {day.year: day for day in new_years},
    )


def in_china(instant: datetime) -> datetime:
    """Read an aware instant on Chinese clocks; raise ValueError for one without a zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant carries its zone")
    return instant if instant.tzinfo is CHINA else instant.astimezone(CHINA)


def start_of(day: date) -> datetime:
    """Return midnight, with which the day begins in China."""
    return datetime.combine(day, time.min, CHINA)


def _days(row: Mapping[str, object], key: str) -> set[date]:
    days = row.get(key, [])
    if not isinstance(days, list) or not all(_is_day(day) for day in cast("list[object]", days)):
        raise ValueError(f"holiday table, {key}: a list of days is expected")
    return set(cast("list[date]", days))


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)
