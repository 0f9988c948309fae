"""Every damaged, disguised or oversized file is refused with its reason, quickly, and in little memory."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from anmi.adapters.spreadsheets.document import FileRefused
from anmi.adapters.spreadsheets.sandbox import Limits, SpreadsheetFile
from anmi.core.placement_sheet.reasons import FileReason
from tests.adapters.spreadsheets import hostile


def read_whole(path: Path) -> int:
    """Read every row of the first sheet as an import would; a file without rows is an empty one."""
    with SpreadsheetFile(path) as file:
        if not any(sheet.rows for sheet in file.sheets):
            raise FileRefused(FileReason.FILE_EMPTY)
        return sum(1 for _ in file.rows(0))


@pytest.mark.parametrize(("name", "make", "reason"), [pytest.param(*case[1:], id=case[0]) for case in hostile.FILES])
def test_a_file_that_cannot_be_trusted_is_refused_with_its_reason(
    tmp_path: Path, name: str, make: hostile.Make, reason: FileReason
) -> None:
    path = tmp_path / name
    path.write_bytes(make())

    with pytest.raises(FileRefused) as refusal:
        read_whole(path)

    assert refusal.value.reason is reason


def test_no_hostile_file_costs_much_time_or_memory(tmp_path: Path) -> None:
    for number, (_, name, make, _) in enumerate(hostile.FILES):
        folder = tmp_path / f"{number:02d}"
        folder.mkdir()
        (folder / name).write_bytes(make())

    # Measured from a small process: a child counts the memory of the one that starts it as its own.
    said = subprocess.run([sys.executable, "-c", MEASURE, tmp_path], capture_output=True, check=True)

    costs = json.loads(said.stdout)
    assert len(costs) == len(hostile.FILES)
    assert max(seconds for seconds, _ in costs) < 5
    assert max(kibibytes for _, kibibytes in costs) < 300 * 1024


MEASURE = """
import json, pathlib, resource, sys
from anmi.adapters.spreadsheets.document import FileRefused
from anmi.adapters.spreadsheets.sandbox import SpreadsheetFile
costs, spent = [], 0
for path in sorted(pathlib.Path(sys.argv[1]).glob("*/*")):
    try:
        with SpreadsheetFile(path) as file:
            for _ in file.rows(0): pass
    except FileRefused:
        pass
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    costs.append((used.ru_utime + used.ru_stime - spent, used.ru_maxrss))
    spent = used.ru_utime + used.ru_stime
print(json.dumps(costs))
"""


@pytest.mark.parametrize("kind", ["folder", "pipe", "device", "socket"])
def test_what_is_not_a_file_is_refused_without_waiting(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.csv"
    match kind:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "socket":
            listening = socket.socket(socket.AF_UNIX)
            listening.bind(str(path))
            listening.close()
        case _:
            path.symlink_to("/dev/zero")

    with pytest.raises(FileRefused) as refusal:
        SpreadsheetFile(path)

    assert refusal.value.reason in (FileReason.FILE_TYPE_MISMATCH, FileReason.FILE_CORRUPT)


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").symlink_to(tmp_path / "b.csv")
    (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")

    with pytest.raises(FileRefused):
        SpreadsheetFile(tmp_path / "a.csv")


def test_a_file_nobody_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")

    with pytest.raises(FileRefused):
        SpreadsheetFile(path)


def test_a_file_larger_than_any_placement_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with path.open("wb") as file:
        file.truncate(400 << 20)

    with pytest.raises(FileRefused) as refusal:
        SpreadsheetFile(path)

    assert refusal.value.reason is FileReason.FILE_TOO_LARGE


def test_the_limits_leave_a_small_file_little_room() -> None:
    for extension in (".xlsx", ".xls", ".csv"):
        limits = Limits.of(extension, 100_000)
        assert limits.memory_bytes < 300 << 20
        assert limits.seconds < 5


def test_the_child_ends_when_its_parent_loses_interest(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" * 100_000)

    with SpreadsheetFile(path) as file:
        rows = file.rows(0)
        next(rows)
        child = file.process_id

    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_the_child_is_given_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANMI_SECRET", "geheim")
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" * 100_000)

    with SpreadsheetFile(path) as file:
        environment = Path(f"/proc/{file.process_id}/environ").read_bytes()

    assert b"geheim" not in environment
