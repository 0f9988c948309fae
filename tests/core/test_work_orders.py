"""How long a work order may take."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from anmi.core.calendar import CHINA, read_holiday_table
from anmi.core.work_orders import WORK_ORDER_WORDS, WorkOrderKind, WorkOrderState, due_at, is_overdue

CALENDAR = read_holiday_table(tomllib.loads(Path("anmi/casework/holiday_table/cn.toml").read_text("utf-8")))


@pytest.mark.parametrize(
    ("kind", "opened", "due"),
    [
        (WorkOrderKind.CALL_BACK, datetime(2026, 3, 4, 10, tzinfo=CHINA), datetime(2026, 3, 5, 18, tzinfo=CHINA)),
        (WorkOrderKind.CALL_BACK, datetime(2026, 3, 6, 10, tzinfo=CHINA), datetime(2026, 3, 9, 18, tzinfo=CHINA)),
        (WorkOrderKind.COMPLAINT, datetime(2026, 3, 4, 23, tzinfo=CHINA), datetime(2026, 3, 9, 18, tzinfo=CHINA)),
        # The spring festival of 2026 ends on 23 February; Saturday the 28th is made up.
        (WorkOrderKind.OTHER, datetime(2026, 2, 13, 10, tzinfo=CHINA), datetime(2026, 2, 27, 18, tzinfo=CHINA)),
    ],
)
def test_an_order_is_due_at_the_end_of_a_working_day(kind: WorkOrderKind, opened: datetime, due: datetime) -> None:
    assert due_at(kind, opened, CALENDAR) == due


def test_only_what_is_not_done_is_overdue() -> None:
    due = datetime(2026, 3, 4, 18, tzinfo=CHINA)
    late = due + timedelta(seconds=1)
    assert is_overdue(WorkOrderState.OPEN, due, late)
    assert is_overdue(WorkOrderState.TAKEN, due, late)
    assert not is_overdue(WorkOrderState.OPEN, due, due)
    assert not is_overdue(WorkOrderState.DONE, due, late)


def test_every_kind_has_words_and_a_time() -> None:
    assert set(WORK_ORDER_WORDS) == set(WorkOrderKind)
    for kind in WorkOrderKind:
        assert due_at(kind, datetime(2026, 3, 4, tzinfo=CHINA), CALENDAR)
