"""Dates as agencies write them: year first in any dress, month names, and the serial numbers of spreadsheets."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from functools import lru_cache
from typing import Final

from anmi.core.placement_sheet.cells import Cell, FormulaWithoutValue, clean
from anmi.core.placement_sheet.reasons import Reason


class DateOrder(StrEnum):
    """How to read `3/5/2026`, which nobody can know: only a template may say it."""

    UNKNOWN = "ymd"
    MONTH_FIRST = "mdy"
    DAY_FIRST = "dmy"


# Spreadsheets of 1900 count a 29 February 1900 that never was, hence the day before the day before.
_DAY_ZERO_1900: Final = date(1899, 12, 30)
_DAY_ZERO_1904: Final = date(1904, 1, 1)
# Debts placed before 2000 or after 2100 do not come in spreadsheets; such a number is something else.
_FIRST_YEAR: Final = 2000
_LAST_YEAR: Final = 2100
_LONGEST_DATE: Final = 60
_CHINA: Final = timezone(timedelta(hours=8))

_HALF_DAY: Final = "(?:上午|下午|AM|PM)"
_CLOCK: Final = r"[0-9]{1,2}[:时点][0-9]{1,2}(?:[:分][0-9]{1,2}秒?)?(?:\.[0-9]+)?分?"
_TIME: Final = rf"(?:[T\s]*{_HALF_DAY}?\s*{_CLOCK}\s*{_HALF_DAY}?)?"
_YEAR_FIRST: Final = re.compile(
    rf"(?P<year>[0-9]{{4}}|[0-9]{{2}}(?=年))\s*[-/.年\\\s]\s*(?P<month>[0-9]{{1,2}})\s*[-/.月\\\s]\s*(?P<day>[0-9]{{1,2}})\s*[日号]?"
    rf"\s*(?:(?:星期|周|\(周|\(星期)[一二三四五六日天]\)?)?{_TIME}",
    re.IGNORECASE,
)
_COMPACT: Final = re.compile(
    rf"(?P<year>[0-9]{{4}})(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})(?:[0-9]{{6}}(?:[0-9]{{3}})?|{_TIME})"
)
_YEAR_LAST: Final = re.compile(rf"(?P<one>[0-9]{{1,2}})[-/.](?P<two>[0-9]{{1,2}})[-/.](?P<year>[0-9]{{4}}){_TIME}")
_MONTH_NAMES: Final = "january february march april may june july august september october november december"
_MONTHS: Final = {
    written: number
    for number, name in enumerate(_MONTH_NAMES.split(), start=1)
    for written in (name, name[:3], name[:4])
}
_NAMED_MONTH: Final = re.compile(
    rf"(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?[-/\s.,]*(?P<month>[A-Za-z]{{3,9}})\.?[-/\s.,]*(?P<year>[0-9]{{4}}|[0-9]{{2}}){_TIME}",
    re.IGNORECASE,
)
_NAMED_MONTH_FIRST: Final = re.compile(
    rf"(?P<month>[A-Za-z]{{3,9}})\.?[-/\s]*(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?[-/\s,]+(?P<year>[0-9]{{4}}){_TIME}",
    re.IGNORECASE,
)
_NAMED_MONTH_MIDDLE: Final = re.compile(
    rf"(?P<year>[0-9]{{4}})[-/\s]*(?P<month>[A-Za-z]{{3,9}})[-/\s]*(?P<day>[0-9]{{1,2}}){_TIME}", re.IGNORECASE
)
_WITH_ZONE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]{5,15} ?(?:Z|[+-][0-9]{2}:?[0-9]{2})")
_SERIAL: Final = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_CHINESE_DATE: Final = re.compile(
    r"[〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}[日号]"
)
_CHINESE_DIGITS: Final = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def read_date(cell: Cell, counts_from_1904: bool = False, order: DateOrder = DateOrder.UNKNOWN) -> date | Reason:
    """Read a day; a time of day is left out."""
    match cell:
        case date():
            return _plausible(cell)
        case bool():
            return Reason.BAD_DATE
        case int() | float():
            return _read_number(cell, counts_from_1904)
        case str():
            return _read_text(cell, counts_from_1904, order)
        case FormulaWithoutValue():
            return Reason.FORMULA_NO_VALUE
        case _:
            return Reason.MISSING_REQUIRED


def of_serial(serial: float, counts_from_1904: bool) -> date | None:
    """Return the day of a spreadsheet's serial number; None where the spreadsheet would show none."""
    if not 0 <= serial < 2_958_466:
        return None
    day_zero = _DAY_ZERO_1904 if counts_from_1904 else _DAY_ZERO_1900
    return day_zero + timedelta(days=math.floor(serial))


def _read_number(number: float, counts_from_1904: bool) -> date | Reason:
    if 10_000_000 <= number <= 99_999_999:
        return _read_text(str(int(number)), counts_from_1904, DateOrder.UNKNOWN)
    day = of_serial(number, counts_from_1904)
    return _plausible(day) if day else Reason.BAD_DATE


# A file names few days and names them often.
@lru_cache(maxsize=8192)
def _read_text(raw: str, counts_from_1904: bool, order: DateOrder) -> date | Reason:
    text = clean(raw)
    if not text:
        return Reason.MISSING_REQUIRED
    if len(text) > _LONGEST_DATE:
        return Reason.BAD_DATE
    if _SERIAL.fullmatch(text):
        return _read_number(float(text), counts_from_1904)
    if text.endswith(".0"):
        text = text[:-2]
    if _CHINESE_DATE.fullmatch(text):
        text = _with_arabic_digits(text)
    return _read_instant(text) if _WITH_ZONE.fullmatch(text) else _read_writing(text, order)


def _read_instant(text: str) -> date | Reason:
    try:
        return _plausible(datetime.fromisoformat(text).astimezone(_CHINA).date())
    except ValueError:
        return Reason.BAD_DATE


def _read_writing(text: str, order: DateOrder) -> date | Reason:
    if found := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        return _day(int(found["year"]), int(found["month"]), int(found["day"]))
    if found := (
        _NAMED_MONTH.fullmatch(text) or _NAMED_MONTH_FIRST.fullmatch(text) or _NAMED_MONTH_MIDDLE.fullmatch(text)
    ):
        return _day(int(found["year"]), _MONTHS.get(found["month"].lower(), 0), int(found["day"]))
    if found := _YEAR_LAST.fullmatch(text):
        return _year_last(int(found["one"]), int(found["two"]), int(found["year"]), order)
    return Reason.BAD_DATE


def _year_last(one: int, two: int, year: int, order: DateOrder) -> date | Reason:
    if one > 12 or order is DateOrder.DAY_FIRST:
        return _day(year, two, one)
    if two > 12 or one == two or order is DateOrder.MONTH_FIRST:
        return _day(year, one, two)
    # 3/5/2026 is March for some and May for others.
    return Reason.BAD_DATE


def _day(year: int, month: int, day: int) -> date | Reason:
    try:
        return _plausible(date(year + 2000 if year < 100 else year, month, day))
    except ValueError:
        return Reason.BAD_DATE


def _plausible(day: date) -> date | Reason:
    return day if _FIRST_YEAR <= day.year < _LAST_YEAR else Reason.BAD_DATE


def _with_arabic_digits(text: str) -> str:
    year, _, rest = text.partition("年")
    month, _, day = rest.rstrip("日号").partition("月")
    return f"{year.translate(_CHINESE_DIGITS)}-{_small_number(month)}-{_small_number(day)}"


def _small_number(text: str) -> str:
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return text.translate(_CHINESE_DIGITS)
    return f"{tens.translate(_CHINESE_DIGITS) or '1'}{ones.translate(_CHINESE_DIGITS) or '0'}"
