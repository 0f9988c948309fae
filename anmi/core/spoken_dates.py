"""Reads days as people say them, seen from the day of the call: 下周五, 月底, 十五号, 三天内, 国庆前."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from anmi.core.spoken_numbers import read_number

_WEEKDAYS: Final = {
    sign: day for day, signs in enumerate(("一1", "二2", "三3", "四4", "五5", "六6", "日天7")) for sign in signs
}
_N: Final = r"[0-9]{1,2}|[零一二两俩三四五六七八九十]{1,3}"
_DEADLINE: Final = r"(?P<by>之前|以前|前|之内|以内|内)?"
_BEFORE: Final = frozenset({"之前", "以前", "前"})

# New year, dragon boat and mid-autumn follow the moon; the years ahead stand here.
_LUNAR: Final = {
    "春节": {2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3)},
    "端午": {2025: (5, 31), 2026: (6, 19), 2027: (6, 9), 2028: (5, 28), 2029: (6, 16), 2030: (6, 5)},
    "中秋": {2025: (10, 6), 2026: (9, 25), 2027: (9, 15), 2028: (10, 3), 2029: (9, 22), 2030: (9, 12)},
}
_FEASTS: Final = {
    "元旦": (1, 1),
    "清明": (4, 4),
    "五一": (5, 1),
    "劳动节": (5, 1),
    "国庆": (10, 1),
    "十一": (10, 1),
    "双十一": (11, 11),
    "圣诞": (12, 25),
}
# After a feast people pay when its days off are over.
_DAYS_OFF: Final = {"国庆": 7, "十一": 7, "五一": 5, "劳动节": 5, "春节": 7, "过年": 7}
_SPRING: Final = ("春节", "过年", "年前", "大年三十", "除夕")


@dataclass(frozen=True, slots=True)
class SpokenDate:
    """A day at `text[start:end]`."""

    day: date
    start: int
    end: int


def read_dates(text: str, today: date) -> list[SpokenDate]:
    """Return every day still to come that a text names, in order; what is past or vague is left out."""
    found: list[SpokenDate] = []
    free = text
    for pattern, resolve in _FORMS:
        for match in pattern.finditer(free):
            day = resolve(match, today)
            if day is not None and day >= today:
                found.append(SpokenDate(day, *match.span()))
            # A longer form has spoken for these characters; 下周五 is not also 周五.
            free = free[: match.start()] + "\0" * len(match[0]) + free[match.end() :]
    return sorted(found, key=lambda spoken: spoken.start)


def _number(numeral: str) -> int:
    return int(read_number(numeral) or 0)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_later(today: date, months: int) -> tuple[int, int]:
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return year, month + 1


def _full_date(match: re.Match[str], _today: date) -> date | None:
    year = match["year"]
    whole = (
        int(year)
        if year.isdigit()
        else int("".join(str("零一二三四五六七八九".find(sign.replace("〇", "零"))) for sign in year))
    )
    return _day(whole, _number(match["month"]), _number(match["day"]))


def _month_and_day(match: re.Match[str], today: date) -> date | None:
    year = today.year + (1 if match["next"] else 0)
    day = _day(year, _number(match["month"]), _number(match["day"]))
    # A month that lies far behind is the one of next year.
    if day and day < today - timedelta(days=60) and not match["next"]:
        return _day(year + 1, day.month, day.day)
    return day


def _day_of_month(match: re.Match[str], today: date) -> date | None:
    which, number = match["which"] or "", _number(match["day"])
    if which.startswith("上"):
        return None
    if which.startswith("下下"):
        return _day(*_month_later(today, 2), number)
    if which.startswith(("下", "次")):
        return _day(*_month_later(today, 1), number)
    day = _day(today.year, today.month, number)
    if day and (day >= today or which):
        return day
    return _day(*_month_later(today, 1), number)


def _end_of_month(match: re.Match[str], today: date) -> date | None:
    which = match["which"] or ""
    if which.startswith("上"):
        return None
    if match["month"]:
        month = _number(match["month"])
        year = today.year + (1 if 0 < month < today.month else 0)
        return date(year, month, monthrange(year, month)[1]) if 1 <= month <= 12 else None
    year, month = _month_later(today, 1 if which.startswith(("下", "次")) else 0)
    return date(year, month, monthrange(year, month)[1])


def _part_of_month(match: re.Match[str], today: date) -> date | None:
    which, number = match["which"] or "", 15 if "中" in match["part"] else 1
    if which.startswith(("下", "次")):
        return _day(*_month_later(today, 2 if which.startswith("下下") else 1), number)
    if which.startswith("上"):
        return None
    day = _day(today.year, today.month, number)
    return day if which or (day and day >= today) else _day(*_month_later(today, 1), number)


def _weekday(match: re.Match[str], today: date) -> date | None:
    which, sign = match["which"] or "", match["weekday"]
    if which.startswith("上"):
        return None
    weekday = 6 if sign in "末底" else _WEEKDAYS[sign]
    monday = today - timedelta(days=today.weekday())
    day = monday + timedelta(days=weekday, weeks=which.count("下"))
    return day + timedelta(weeks=1) if day < today and not which else day


def _in_days(match: re.Match[str], today: date) -> date | None:
    count, unit = match["count"], match["unit"]
    if unit in {"个半月", "年"}:
        return None
    if count == "半":
        return today + timedelta(days=15) if "月" in unit else None
    number = _number(count)
    if "月" in unit:
        year, month = _month_later(today, number)
        return date(year, month, min(today.day, monthrange(year, month)[1]))
    return today + timedelta(days=number * (1 if unit in {"天", "日"} else 7))


def _relative(match: re.Match[str], today: date) -> date | None:
    days = {"今": 0, "明": 1, "后": 2, "大后": 3}
    return today + timedelta(days=days[match["which"]])


def _feast(match: re.Match[str], today: date) -> date | None:
    name = match["feast"]
    before = match["by"] in _BEFORE or name == "年前"
    later = _DAYS_OFF.get(name, 1) if match["after"] or match["past"] else 0
    for year in (today.year, today.year + 1):
        if name in _SPRING or name in _LUNAR:
            month_day = _LUNAR["春节" if name in _SPRING else name].get(year)
        else:
            month_day = _FEASTS[name]
        if month_day is None:
            continue
        day = date(year, *month_day)
        day += timedelta(days=later - (1 if before or name in {"除夕", "大年三十"} else 0))
        if day >= today:
            return day
    return None


def _end_of_year(match: re.Match[str], today: date) -> date | None:
    return date(today.year + (1 if match["which"] == "明" else 0), 12, 31)


# In 确认一下下周五 the first 下 belongs to 一下: next week is meant, and not the one after.
_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]], ...]] = (
    (
        re.compile(
            rf"(?P<year>20\d\d|[二两][零〇][一二三四五六七八九零〇]{{2}})[年\-/.](?P<month>{_N})[月\-/.](?P<day>{_N})(?:号|日)?{_DEADLINE}"
        ),
        _full_date,
    ),
    (re.compile(rf"(?P<next>明年)?(?P<month>{_N})月份?(?:的)?(?P<day>{_N})(?:号|日){_DEADLINE}"), _month_and_day),
    (
        re.compile(rf"(?P<next>明年)?(?<!\d)(?P<month>1[0-2]|[1-9])[/](?P<day>[12]\d|3[01]|[1-9])(?!\d){_DEADLINE}"),
        _month_and_day,
    ),
    (
        re.compile(
            rf"(?P<which>上个?月|这个?月|本月|当月|(?<!一)下下个?月|下个?月|次月)?(?P<month>(?:{_N})(?=月))?(?:月底|月末|(?<=[下这本个])月底|底(?<=月底)){_DEADLINE}"
        ),
        _end_of_month,
    ),
    (
        re.compile(
            rf"(?P<which>上个?月|这个?月|本月|当月|(?<!一)下下个?月|下个?月|次月)?(?:的)?(?<![\d零一二三四五六七八九十])(?P<day>{_N})(?:号(?!码|线|楼|院|房|店)|日(?!子|常)){_DEADLINE}"
        ),
        _day_of_month,
    ),
    (
        re.compile(
            rf"(?P<which>上上个?|上个?|这个?|本|(?<!一)下下个?|下个?|当)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末底1-7])(?!期|次|天|个){_DEADLINE}"
        ),
        _weekday,
    ),
    (
        re.compile(
            rf"(?:过|再过|再给我|给我|再等|等我|宽限|缓)?(?P<count>{_N}|半)(?P<unit>天|日|周|个?星期|个?礼拜|个月)(?:之内|以内|内|之后|以后|后|的时间)"
        ),
        _in_days,
    ),
    (
        re.compile(
            rf"(?:过|再过|再给我|给我|再等|等我|宽限|缓)(?P<count>{_N}|半)(?P<unit>天|周|个?星期|个?礼拜|个月)(?:时间)?"
        ),
        _in_days,
    ),
    (
        re.compile(r"(?P<which>大后|后|明|今)(?:天|儿个?|日|晚|早)(?:上午|中午|下午|晚上|早上|之前|以前|之内|内|前)?"),
        _relative,
    ),
    (
        re.compile(
            rf"(?P<past>过完|过了)?(?P<feast>双十一|春节|过年|年前|大年三十|除夕|元旦|清明|五一|劳动节|端午|中秋|国庆|十一(?=前|之前|以前|期间|假期|长假)|圣诞)(?:节)?(?:(?P<after>之后|以后|过后|后)|{_DEADLINE})"
        ),
        _feast,
    ),
    (re.compile(rf"(?P<which>今|明)?年底{_DEADLINE}"), _end_of_year),
    (re.compile(rf"(?P<which>下下个?月|下个?月|次月)(?P<part>初|头|中旬?){_DEADLINE}"), _part_of_month),
    (re.compile(rf"(?P<which>上个?(?=月)|这个?(?=月)|本(?=月))?(?P<part>月初|月中旬?){_DEADLINE}"), _part_of_month),
)
