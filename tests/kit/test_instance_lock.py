"""One data folder has one owner at a time."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from anmi.kit.instance_lock import NAME, AlreadyRunning, InstanceLock


def test_the_second_is_told_who_the_first_is_and_where_it_answers(tmp_path: Path) -> None:
    with InstanceLock(tmp_path) as first:
        first.tell("http://127.0.0.1:8170")
        with pytest.raises(AlreadyRunning, match=rf"process {os.getpid()}\) and answers at http://127.0.0.1:8170"):
            InstanceLock(tmp_path).__enter__()


def test_nothing_is_left_when_the_owner_goes(tmp_path: Path) -> None:
    for _ in range(2):
        with InstanceLock(tmp_path / "data") as lock:
            assert not lock.was_left_behind
        assert list((tmp_path / "data").iterdir()) == []


def test_a_lock_left_by_a_dead_owner_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(json.dumps({"pid": 1, "url": "http://127.0.0.1:1"}))
    with InstanceLock(tmp_path) as lock:
        assert lock.was_left_behind
        assert json.loads((tmp_path / NAME).read_text()) == {"pid": os.getpid(), "url": None}


def test_the_folder_is_private(tmp_path: Path) -> None:
    with InstanceLock(tmp_path / "data"):
        assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
