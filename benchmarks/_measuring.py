"""What benchmarks measure alike: PostgreSQL's CPU time, and the memory of processes."""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from anmi.kit.embedded_postgres import EmbeddedPostgres

_LOOK_EVERY_SECONDS: Final = 0.3


def spent_by(postgres: EmbeddedPostgres) -> float:
    """Return the CPU seconds of PostgreSQL's processes (proc(5)), of those that have ended too."""
    postmaster = postgres.running_pid()
    ticks = 0
    for pid, fields in _stats():
        if int(fields[1]) == postmaster:
            ticks += int(fields[11]) + int(fields[12])
        elif pid == postmaster:
            ticks += int(fields[13]) + int(fields[14])
    return ticks / os.sysconf("SC_CLK_TCK")


def spent_by_process(pid: int) -> float:
    """Return the CPU seconds of one process, of children that have ended too."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def private_mebibytes(pid: int) -> float:
    """Return the memory that a process has to itself and would not share."""
    status = Path(f"/proc/{pid}/status").read_text()
    return round(int(next(line for line in status.splitlines() if line.startswith("RssAnon")).split()[1]) / 1024, 1)


def memory_of_backends(postgres: EmbeddedPostgres) -> float:
    """Return the memory that PostgreSQL's processes have to themselves, without the shared buffers."""
    server = postgres.running_pid()
    sizes = [0.0]
    for pid, fields in _stats():
        if int(fields[1]) == server:
            with contextlib.suppress(OSError, StopIteration):
                sizes.append(private_mebibytes(pid))
    return round(sum(sizes), 1)


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return least, median, 95th of a hundred and most."""
    if len(values) < 2:
        return {}
    p95 = statistics.quantiles(values, n=20)[18]
    named = {"min": min(values), "median": statistics.median(values), "p95": p95, "max": max(values)}
    return {name: round(value, 1) for name, value in named.items()}


class Meter:
    """The time that a piece of work takes, and the CPU time of this process and of PostgreSQL's, in milliseconds."""

    def __init__(self, postgres: EmbeddedPostgres) -> None:
        self._postmaster = postgres.running_pid()
        self._before: tuple[float, float, float]

    def start(self) -> None:
        """Begin."""
        self._before = self._of_postgres(), time.process_time(), time.perf_counter()

    def stop(self) -> tuple[float, float]:
        """Return the time and the CPU time since the beginning."""
        now, cpu = time.perf_counter(), time.process_time()
        of_postgres, own, start = self._before
        return 1000 * (now - start), 1000 * (cpu - own + self._of_postgres() - of_postgres)

    def _of_postgres(self) -> float:
        children = Path(f"/proc/{self._postmaster}/task/{self._postmaster}/children").read_text().split()
        nanoseconds = 0
        for pid in children:
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                nanoseconds += int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])
        return nanoseconds / 1e9


class Peaks:
    """The most memory that any process of each kind has had to itself, without the server's shared buffers."""

    def __init__(self) -> None:
        self.mebibytes: dict[str, float] = {}

    def watch(self, worker: subprocess.Popen[bytes], postgres: EmbeddedPostgres) -> None:
        """Look until the worker ends."""
        server = postgres.running_pid()
        done = threading.Event()
        while worker.poll() is None:
            parents = {pid: int(fields[1]) for pid, fields in _stats()}
            self.look("worker", worker.pid)
            for pid in _below(worker.pid, parents):
                self.look("helper process", pid)
            for pid in _below(server, parents):
                self.look("PostgreSQL backend", pid)
            done.wait(_LOOK_EVERY_SECONDS)

    def look(self, name: str, pid: int) -> None:
        """Look at one process."""
        try:
            status = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return
        facts = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
        kibibytes = sum(int(facts.get(key, "0").split()[0]) for key in ("RssAnon", "RssFile"))
        self.mebibytes[name] = max(self.mebibytes.get(name, 0), round(kibibytes / 1024))


def _stats() -> Iterator[tuple[int, list[str]]]:
    """Return the fields of every process from its state on, as /proc tells them."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            yield int(path.parent.name), path.read_text("ascii", "replace").rpartition(")")[2].split()


def _below(root: int, parents: dict[int, int]) -> list[int]:
    below = [pid for pid, parent in parents.items() if parent == root]
    return below + [deeper for pid in below for deeper in _below(pid, parents)]
