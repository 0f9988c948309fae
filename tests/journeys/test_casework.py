"""From a creditor's messy spreadsheet to a collector's finished day, and every figure on the way agrees to the fen."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.builders.messy_sheet import MessySheet
from tests.journeys.floor import CHINA, Budget, entrance, until_ten
from tests.journeys.product import running_demo
from tests.journeys.story import Story

# On a quiet machine it takes a good minute.
pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]


async def test_a_day_of_cases_agrees_to_the_fen(
    browser: Browser, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ahead, budget = until_ten(), Budget()
    today = (datetime.now(UTC) + ahead).astimezone(CHINA).date()
    async with running_demo(tmp_path, **_clock(ahead)) as product, entrance(browser, product, ahead) as enter:
        story = Story(enter, product, MessySheet(today), tmp_path, budget)
        await story.hire()
        await story.take_the_file()
        await story.mend_the_findings()
        await story.open_and_allocate()
        await story.work_twenty_cases()
        await story.approve_the_concession()
        await story.post_the_payment()
        await story.recall_one()
        await story.reckon()
        await story.look_beyond()
    tomorrow = ahead + timedelta(days=1)
    async with running_demo(tmp_path, **_clock(tomorrow)) as product, entrance(browser, product, tomorrow) as enter:
        await story.morning_after(enter, product)
    with capsys.disabled():
        sys.stdout.write(f"\nWhat a day at the desk costs:\n{budget.report()}\n")
    assert budget.worst("from the list to ringing") == 1
    assert budget.worst("from ringing to the full story") == 0
    assert budget.worst("to the next case") == 1
    # Until the machine has listened and fills in what was promised: the result, the day, and save.
    assert budget.worst("from hang-up to the saved entry: PTP") == 3


def _clock(ahead: timedelta) -> dict[str, str]:
    return {"ANMI_DEMO_CLOCK_AHEAD": str(int(ahead.total_seconds()))}
