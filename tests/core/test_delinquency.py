"""Days past due are counted from the oldest unpaid day, and every day has one bucket."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.delinquency import days_past_due, read_buckets

TABLE = tomllib.loads((Path(__file__).parents[2] / "anmi/casework/bucket_table/default.toml").read_text("utf-8"))
BUCKETS = read_buckets(TABLE["bucket"])


@pytest.mark.parametrize(
    ("days", "code"),
    [(0, "M0"), (1, "M1"), (30, "M1"), (31, "M2"), (90, "M3"), (91, "M4"), (180, "M6"), (181, "M7+"), (4000, "M7+")],
)
def test_the_usual_buckets_begin_and_end_where_the_trade_puts_them(days: int, code: str) -> None:
    assert BUCKETS.bucket(days).code == code


@given(st.integers(0, 10_000))
def test_every_day_lies_in_its_bucket(days: int) -> None:
    bucket = BUCKETS.bucket(days)
    assert bucket.min_dpd <= days
    assert bucket.max_dpd is None or days <= bucket.max_dpd


@pytest.mark.parametrize(
    ("since", "days"), [(None, 0), (date(2026, 11, 24), 0), (date(2026, 11, 23), 0), (date(2026, 11, 22), 1)]
)
def test_days_past_due_begin_on_the_day_after_the_due_day(since: date | None, days: int) -> None:
    assert days_past_due(since, date(2026, 11, 23)) == days


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{"code": "A", "min_dpd": 1, "max_dpd": 30}],
        [{"code": "A", "min_dpd": 5}],
        [{"code": "A", "min_dpd": 0, "max_dpd": 30}, {"code": "B", "min_dpd": 32}],
        [{"code": "A", "min_dpd": 0, "max_dpd": 30}, {"code": "B", "min_dpd": 30}],
        [{"code": "A", "min_dpd": 0}, {"code": "B", "min_dpd": 1}],
        [{"code": "A", "min_dpd": 0, "max_dpd": 30}, {"code": "A", "min_dpd": 31}],
        [{"code": "A", "min_dpd": 9, "max_dpd": 3}],
    ],
)
def test_buckets_with_gaps_or_overlaps_are_refused(rows: list[dict[str, object]]) -> None:
    with pytest.raises(ValueError, match="buckets"):
        read_buckets(rows)
