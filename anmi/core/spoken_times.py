"""Reads hours as people say them, seen from the moment of the call: 下午三点半, 明天上午十点, 半小时后."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from anmi.core.spoken_dates import SpokenDate, read_dates
from anmi.core.spoken_numbers import read_number

_N: Final = r"\d{1,2}|[零一二两三四五六七八九十]{1,3}"
_CLOCK: Final = re.compile(
    rf"(?P<part>凌晨|清晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|晚)?(?<![\d零一二两三四五六七八九十])(?P<hour>{_N})"
    # "三点五" without a word behind it is a figure with a decimal point.
    rf"(?:点(?!儿|击|头|[一二三四五六七八九](?![十分刻]))钟?(?:(?P<half>半)|(?P<quarters>[一三])刻|(?P<minute>{_N})分?)?"
    r"|[:：](?P<minute_figures>[0-5]\d))"
)
_WAIT: Final = re.compile(
    rf"(?P<first>过|等)?(?P<count>半|{_N})(?P<unit>个半小时|个?小时|个?钟头|分钟)(?P<last>之后|以后|后)?"
)
# Rule HOURS_BAN leaves the night out: who says "three o'clock" to a collector means the afternoon.
_EARLIEST_BARE_HOUR: Final = 8
_AFTERNOON: Final = frozenset({"下午", "傍晚", "晚上", "晚"})
_NIGHT: Final = frozenset({"傍晚", "晚上", "晚"})
_NEAR: Final = 6
_SENTENCE_END: Final = re.compile("[。！？；]")


@dataclass(frozen=True, slots=True)
class SpokenMoment:
    """A day at `text[start:end]`, and the hour where one was said."""

    on: date
    at: time | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Hour:
    at: time
    start: int
    end: int


def read_moments(text: str, now: datetime) -> list[SpokenMoment]:
    """Return every moment still to come that a text names, in order; `now` is local time."""
    hours = [_Hour(at, *span) for at, span in _hours(text)]
    moments = list(_waits(text, now))
    for day in read_dates(text, now.date()):
        hour = next((hour for hour in hours if _belongs(text, day, hour)), None)
        if hour is None:
            moments.append(SpokenMoment(day.day, None, day.start, day.end))
            continue
        hours.remove(hour)
        if datetime.combine(day.day, hour.at, now.tzinfo) > now:
            moments.append(SpokenMoment(day.day, hour.at, day.start, hour.end))
    for hour in hours:
        today = datetime.combine(now.date(), hour.at, now.tzinfo)
        on = now.date() if today > now else now.date() + timedelta(days=1)
        moments.append(SpokenMoment(on, hour.at, hour.start, hour.end))
    return sorted(moments, key=lambda moment: moment.start)


def _belongs(text: str, day: SpokenDate, hour: _Hour) -> bool:
    # "明天上午" and "上午十点" share a word.
    if day.start <= hour.start <= day.end:
        return True
    between = text[day.end : hour.start]
    return day.end < hour.start and len(between) <= _NEAR and not _SENTENCE_END.search(between)


def _hours(text: str) -> Iterator[tuple[time, tuple[int, int]]]:
    for match in _CLOCK.finditer(text):
        hour, minute = _number(match["hour"]), _minute(match)
        if hour is None or minute is None or minute > 59:
            continue
        hour = _of_day(hour, match["part"])
        if hour is not None:
            yield time(hour, minute), match.span()


def _of_day(hour: int, part: str | None) -> int | None:
    """Return the hour on a clock of 24, or None where the words make no hour."""
    if hour > 23:
        return None
    if part in _AFTERNOON and hour < 12:
        return hour + 12
    if part in _NIGHT and hour == 12:
        return None
    if part == "中午" and hour < 3:
        return hour + 12
    if part is None and 0 < hour < _EARLIEST_BARE_HOUR:
        return hour + 12
    return hour


def _minute(match: re.Match[str]) -> int | None:
    if match["half"]:
        return 30
    if match["quarters"]:
        return 15 if match["quarters"] == "一" else 45
    said = match["minute"] or match["minute_figures"]
    return _number(said) if said else 0


def _waits(text: str, now: datetime) -> Iterator[SpokenMoment]:
    for match in _WAIT.finditer(text):
        wait = _wait(match)
        if wait and (match["first"] or match["last"]):
            then = (now + wait).replace(second=0, microsecond=0)
            yield SpokenMoment(then.date(), then.time(), *match.span())


def _wait(match: re.Match[str]) -> timedelta | None:
    unit, half = match["unit"], match["count"] == "半"
    count = 0 if half else _number(match["count"])
    if count is None or (half and unit in {"分钟", "个半小时"}):
        return None
    if unit == "分钟":
        return timedelta(minutes=count)
    return timedelta(hours=count, minutes=30 if half or unit == "个半小时" else 0)


def _number(numeral: str) -> int | None:
    value = read_number(numeral)
    return None if value is None else int(value)
