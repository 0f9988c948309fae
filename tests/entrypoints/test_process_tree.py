"""Processes are started in order, begun again when they die, and stopped in the opposite order."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from anmi.entrypoints.process_tree import Child, ChildFailed, ProcessTree


@dataclass
class Notebook:
    """A report that remembers."""

    lines: list[tuple[str, str]] = field(default_factory=list)
    events: list[tuple[str, str]] = field(default_factory=list)

    def line(self, name: str, text: str) -> None:
        self.lines.append((name, text))

    def event(self, name: str, text: str, *, trouble: bool = False) -> None:
        del trouble
        self.events.append((name, text))

    def pids(self, name: str) -> list[int]:
        return [int(text.split()[-1]) for who, text in self.events if who == name and text.startswith("runs")]


async def until(holds: Callable[[], bool], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - nobody rings
            await asyncio.sleep(0.02)


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def niceness_of_session(pid: int) -> int | None:
    """Return how nice a process's session is, where the kernel knows."""
    try:
        return int(Path(f"/proc/{pid}/autogroup").read_text().split()[-1])
    except OSError:
        return None


def child(name: str, script: str = "exec sleep 60", **more: object) -> Child:
    return Child(name, ("/bin/sh", "-c", script), dict(os.environ), **more)  # type: ignore[arg-type]


async def test_children_stop_in_the_opposite_order() -> None:
    book = Notebook()
    async with ProcessTree(book) as tree:
        await tree.start(child("database"))
        await tree.start(child("worker"))
        await tree.start(child("web"))
        pids = [book.pids(name)[0] for name in ("database", "worker", "web")]
    assert [name for name, text in book.events if text == "stopped"] == ["web", "worker", "database"]
    assert not any(lives(pid) for pid in pids)


async def test_a_killed_child_is_started_again() -> None:
    book = Notebook()
    async with ProcessTree(book) as tree:
        await tree.start(child("web"))
        os.kill(book.pids("web")[0], signal.SIGKILL)
        await until(lambda: len(book.pids("web")) == 2)
        assert lives(book.pids("web")[1])
    assert ("web", "was ended by SIGKILL; starting again in 0.2 s") in book.events


async def test_a_child_that_keeps_dying_is_started_ever_more_slowly(tmp_path: Path) -> None:
    book = Notebook()
    once = tmp_path / "once"
    async with ProcessTree(book) as tree:
        await tree.start(child("web", f"[ -e {once} ] && exit 3; touch {once}; sleep 0.3; exit 3", is_ready=_at_once))
        await until(lambda: len([text for _, text in book.events if "again" in text]) >= 3)
    pauses = [text.split()[-2] for _, text in book.events if "again" in text]
    assert pauses[:3] == ["0.2", "0.4", "0.8"]


async def _at_once(_pid: int) -> bool:
    await asyncio.sleep(0.05)
    return True


async def test_what_never_became_ready_is_not_tried_again() -> None:
    book = Notebook()

    async def never(_pid: int) -> bool:
        return False

    async with ProcessTree(book) as tree:
        with pytest.raises(ChildFailed, match="web did not start: ended with code 7"):
            await tree.start(child("web", "echo no room; exit 7", is_ready=never))
    assert ("web", "no room") in book.lines


async def test_a_failed_preparation_is_told_in_its_own_words() -> None:
    def prepare() -> None:
        raise OSError("the disk is full")

    async with ProcessTree(Notebook()) as tree:
        with pytest.raises(ChildFailed, match="the disk is full"):
            await tree.start(child("database", prepare=prepare))


async def test_the_next_child_waits_until_this_one_is_ready(tmp_path: Path) -> None:
    open_for_business = tmp_path / "open"

    async def is_open(_pid: int) -> bool:
        return open_for_business.exists()

    async with ProcessTree(Notebook()) as tree:
        await tree.start(child("database", f"sleep 0.2; touch {open_for_business}; exec sleep 60", is_ready=is_open))
        assert open_for_business.exists()


async def test_a_command_that_fails_stops_the_start() -> None:
    book = Notebook()
    async with ProcessTree(book) as tree:
        await tree.run_once(child("migrate", "echo done"))
        with pytest.raises(ChildFailed, match="migrate did not start: ended with code 1"):
            await tree.run_once(child("migrate", "exit 1"))
    assert ("migrate", "done") in book.lines


async def test_a_deaf_child_and_its_own_children_are_ended() -> None:
    book = Notebook()
    began = time.monotonic()
    async with ProcessTree(book) as tree:
        await tree.start(child("worker", "trap '' TERM; sleep 60 & echo $!; wait; sleep 60", stop_seconds=0.3))
        await until(lambda: bool(book.lines))
    assert time.monotonic() - began < 5
    assert ("worker", "did not stop within 0.3 s and was ended") in book.events
    await until(lambda: not lives(int(book.lines[0][1])))


async def test_a_line_of_any_length_is_passed_on_whole() -> None:
    book = Notebook()
    async with ProcessTree(book) as tree:
        await tree.run_once(Child("web", (sys.executable, "-c", "print('案' * 100_000, end='')"), dict(os.environ)))
    assert book.lines == [("web", "案" * 100_000)]


def test_children_die_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import asyncio, os, sys
        from anmi.entrypoints.console import Console
        from anmi.entrypoints.process_tree import Child, ProcessTree

        async def main():
            async with ProcessTree(Console(is_readable=True)) as tree:
                await tree.start(Child("web", ("/bin/sh", "-c", "echo $$ > pid; exec sleep 60"), dict(os.environ)))
                await asyncio.sleep(60)

        asyncio.run(main())
    """)
    parent = subprocess.Popen(
        [sys.executable, "-c", program], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(Path.cwd())}
    )
    pid_file = tmp_path / "pid"
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and not (pid_file.exists() and pid_file.read_text().strip()):
        time.sleep(0.02)
    pid = int(pid_file.read_text())
    parent.kill()
    parent.wait()
    while time.monotonic() < deadline and lives(pid):
        time.sleep(0.02)
    assert not lives(pid)


async def test_who_works_in_the_background_lets_others_go_first() -> None:
    book = Notebook()
    async with ProcessTree(book) as tree:
        await tree.start(child("listener", niceness=10))
        (pid,) = book.pids("listener")
        assert os.getpriority(os.PRIO_PROCESS, pid) == 10
        assert niceness_of_session(pid) in {10, None}
