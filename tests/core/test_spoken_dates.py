"""Days are heard as people say them, seen from the day of the call."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.spoken_dates import read_dates

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("今天下午五点", "2026-11-23"),
        ("明天", "2026-11-24"),
        ("明晚", "2026-11-24"),
        ("后天", "2026-11-25"),
        ("大后天", "2026-11-26"),
        ("周五", "2026-11-27"),
        ("这周五", "2026-11-27"),
        ("周五之前", "2026-11-27"),
        ("下周五", "2026-12-04"),
        ("下下周三", "2026-12-09"),
        ("跟您确认一下下周五", "2026-12-04"),
        ("核对一下下个月底", "2026-12-31"),
        ("确认一下下下周三", "2026-12-09"),
        ("礼拜天", "2026-11-29"),
        ("本周末", "2026-11-29"),
        ("月底", "2026-11-30"),
        ("下个月底", "2026-12-31"),
        ("十五号", "2026-12-15"),
        ("25号前", "2026-11-25"),
        ("这个月25号", "2026-11-25"),
        ("下个月十五号", "2026-12-15"),
        ("十一月二十五号", "2026-11-25"),
        ("三号", "2026-12-03"),
        ("一月五号", "2027-01-05"),
        ("2027年3月5日", "2027-03-05"),
        ("二零二六年十二月一号", "2026-12-01"),
        ("三天内", "2026-11-26"),
        ("过三天", "2026-11-26"),
        ("一周内", "2026-11-30"),
        ("半个月内", "2026-12-08"),
        ("两个月之内", "2027-01-23"),
        ("国庆前", "2027-09-30"),
        ("元旦前", "2026-12-31"),
        ("年前", "2027-02-05"),
        ("年底", "2026-12-31"),
    ],
)
def test_a_day_is_read_as_it_is_said(said: str, day: str) -> None:
    assert [spoken.day for spoken in read_dates(said, MONDAY)] == [date.fromisoformat(day)]


@pytest.mark.parametrize(
    "said", ["发工资那天", "上周五", "下周", "过几天", "上个月十五号", "2026年3月5日", "号码", "三十二号", ""]
)
def test_what_is_vague_or_past_has_no_day(said: str) -> None:
    assert read_dates(said, MONDAY) == []


def test_a_friday_named_on_saturday_is_the_next_one() -> None:
    assert read_dates("周五", date(2026, 11, 28))[0].day == date(2026, 12, 4)


def test_the_days_of_a_sentence_are_found_in_order() -> None:
    said = "周五还一半，月底还一半"
    assert [said[spoken.start : spoken.end] for spoken in read_dates(said, MONDAY)] == ["周五", "月底"]


@given(
    st.text(
        alphabet="今明后大下上这个本周星期礼拜月号日年底末前内之初一二三四五六七八九十0123456789半过天", max_size=16
    ),
    st.dates(min_value=date(2024, 1, 1), max_value=date(2029, 12, 31)),
)
def test_no_jumble_breaks_the_reader_and_no_day_lies_in_the_past(text: str, today: date) -> None:
    for spoken in read_dates(text, today):
        assert spoken.day >= today
        assert text[spoken.start : spoken.end]
