"""Hours as people say them are read from the moment of the call."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.calendar import CHINA
from anmi.core.spoken_times import read_moments

# A Monday.
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("你下午三点以后再打给我吧", "2026-11-23 15:00"),
        ("明天上午十点半打给我", "2026-11-24 10:30"),
        ("明天下午三点五十分", "2026-11-24 15:50"),
        ("周三，上午十一点", "2026-11-25 11:00"),
        ("下周一再联系", "2026-11-30 —"),
        ("半小时后再打", "2026-11-23 10:30"),
        ("过一个半小时", "2026-11-23 11:30"),
        ("等四十分钟", "2026-11-23 10:40"),
        ("三点打给我", "2026-11-23 15:00"),
        ("九点打给我", "2026-11-24 09:00"),
        ("晚上八点一刻", "2026-11-23 20:15"),
        ("15:30联系", "2026-11-23 15:30"),
    ],
)
def test_an_hour_is_read_as_it_was_meant(said: str, moment: str) -> None:
    (found,) = read_moments(said, NOW)
    assert f"{found.on} {found.at:%H:%M}" == moment if found.at else f"{found.on} —" == moment


@pytest.mark.parametrize(
    "said", ["晚点再说", "有点儿忙", "百分之三点五", "二十五点", "晚上十二点", "今天上午九点", "多说点"]
)
def test_what_is_vague_or_past_is_no_hour(said: str) -> None:
    assert read_moments(said, NOW) == []


@given(
    st.text(
        alphabet="今明后天下周一二三四五六七八九十零两上中午晚早凌晨点半刻分:个小时过等后前0123456789号月底，。 再打",
        max_size=30,
    )
)
def test_no_moment_lies_in_the_past(said: str) -> None:
    for moment in read_moments(said, NOW):
        assert 0 <= moment.start < moment.end <= len(said)
        if moment.at is None:
            assert moment.on >= NOW.date()
        else:
            assert datetime.combine(moment.on, moment.at, CHINA) >= NOW
