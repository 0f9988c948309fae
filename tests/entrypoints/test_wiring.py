"""The clock of an instance: the machine's own, unless it is a demo that was set to another hour."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from anmi.entrypoints.wiring import clock_of
from anmi.kit.settings import Settings
from anmi.kit.unit_of_work import system_clock

NEAR = timedelta(seconds=5)


@pytest.mark.parametrize("seconds", [-46_800, 0, 3_600])
def test_a_demo_may_be_shown_at_another_hour(tmp_path: Path, seconds: int) -> None:
    clock = clock_of(Settings(data_dir=tmp_path, demo=True, demo_clock_ahead=seconds))
    assert abs(clock() - system_clock() - timedelta(seconds=seconds)) < NEAR


def test_whoever_works_in_earnest_has_the_hour_that_it_is(tmp_path: Path) -> None:
    clock = clock_of(Settings(data_dir=tmp_path, demo=False, demo_clock_ahead=-46_800))
    assert abs(clock() - system_clock()) < NEAR
