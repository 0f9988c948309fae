"""A supervised tree of processes: started in order, begun again when they die, stopped in the opposite order.

The tree knows nothing of what its children are. A child is told by a `Child`: what to run, when it is ready, how to
stop it. Whatever becomes of the parent, its children end with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from anmi.kit.parenthood import ends_with_parent

SHORTEST_PAUSE = 0.2
LONGEST_PAUSE = 30.0
# A child that lived this long was well: its next end counts as the first.
WELL_SECONDS = 60.0
READY_SECONDS = 120.0
CHUNK = 65536


class ChildFailed(Exception):
    """A child ended before it was ever ready, so there is no sense in starting it again."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name} did not start: {why}")


class Report(Protocol):
    """Where a tree tells what happens, and passes on what its children say."""

    def line(self, name: str, text: str) -> None:
        """Pass on a line that a child wrote."""

    def event(self, name: str, text: str, *, trouble: bool = False) -> None:
        """Tell what happened to a child."""


@dataclass(frozen=True, slots=True)
class Child:
    """One process of the tree."""

    name: str
    command: Sequence[str] | Callable[[], Sequence[str]]
    environment: Mapping[str, str]
    prepare: Callable[[], None] | None = None
    """What is to be done before each start; may take its time."""
    is_ready: Callable[[int], Awaitable[bool]] | None = None
    """Asked again and again with the process id; without it a child is ready when it runs."""
    after_start: Callable[[], None] | None = None
    """What is to be done each time it has become ready."""
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 10.0
    parent_death_signal: signal.Signals = signal.SIGKILL
    keep_open: Sequence[int] = ()
    """File descriptors it inherits."""
    niceness: int = 0
    """How readily it lets others go first, as `nice` counts it."""


@dataclass(slots=True)
class _Kept:
    child: Child
    process: asyncio.subprocess.Process | None = None
    is_stopping: bool = False
    first_ready: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None


class ProcessTree:
    """Children started inside an `async with` block; leaving it stops them, the last one first."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._kept: list[_Kept] = []
        self._hurry = asyncio.Event()
        self.is_stopping = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _fault: BaseException | None, _t: TracebackType | None
    ) -> None:
        self.is_stopping = True
        for kept in reversed(self._kept):
            await self._stop(kept)

    async def start(self, child: Child) -> None:
        """Start a child and wait until it is ready; from then on it is kept running."""
        kept = _Kept(child)
        task = kept.task = asyncio.create_task(self._keep(kept), name=f"keep {child.name}")
        self._kept.append(kept)
        ready = asyncio.create_task(kept.first_ready.wait())
        try:
            await asyncio.wait({ready, task}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ready.cancel()
        if task.done():
            self._kept.remove(kept)
            await task

    async def run_once(self, child: Child) -> None:
        """Run a child that does its work and ends; its failure is ours."""
        process = await self._spawn(child)
        reading = asyncio.create_task(self._pass_on(child.name, process))
        try:
            code = await process.wait()
            await reading
        finally:
            await self._end(child, process)
            reading.cancel()
        if code:
            raise ChildFailed(child.name, _ending(code))

    def hurry(self) -> None:
        """Wait for nobody any longer."""
        self._hurry.set()

    async def _keep(self, kept: _Kept) -> None:
        """Run a child again and again, with growing pauses while it does not stay well."""
        pause = SHORTEST_PAUSE
        while True:
            began = time.monotonic()
            try:
                why = await self._live(kept)
            except Exception as fault:
                # A full disk, a binary that is gone: told in full, and tried again, for it may pass.
                if not kept.first_ready.is_set():
                    raise ChildFailed(kept.child.name, str(fault)) from fault
                why = str(fault)
            if kept.is_stopping:
                return
            if not kept.first_ready.is_set():
                raise ChildFailed(kept.child.name, why)
            pause = SHORTEST_PAUSE if time.monotonic() - began > WELL_SECONDS else pause
            self._report.event(kept.child.name, f"{why}; starting again in {pause:g} s", trouble=True)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _live(self, kept: _Kept) -> str:
        """Run a child for one life; return how it ended."""
        child = kept.child
        if child.prepare:
            await asyncio.to_thread(child.prepare)
        process = kept.process = await self._spawn(child)
        reading = asyncio.create_task(self._pass_on(child.name, process))
        waiting = asyncio.create_task(self._await_ready(kept, process))
        try:
            code = await process.wait()
            if waiting.done() and not waiting.cancelled():
                waiting.result()
            with contextlib.suppress(TimeoutError):
                # A grandchild may still hold the pipe.
                await asyncio.wait_for(reading, 1.0)
        finally:
            waiting.cancel()
            reading.cancel()
            await self._end(child, process)
            kept.process = None
        return _ending(code)

    async def _await_ready(self, kept: _Kept, process: asyncio.subprocess.Process) -> None:
        child = kept.child
        try:
            async with asyncio.timeout(READY_SECONDS):
                while child.is_ready and not await child.is_ready(process.pid):  # noqa: ASYNC110 - nobody rings
                    await asyncio.sleep(0.03)
                if child.after_start:
                    await asyncio.to_thread(child.after_start)
        except TimeoutError:
            self._report.event(child.name, f"was not ready within {READY_SECONDS:g} s", trouble=True)
            _kill(process)
        except Exception:
            # Running and useless: end it, so that it is begun anew.
            _kill(process)
            raise
        else:
            self._report.event(child.name, f"runs as process {process.pid}")
            kept.first_ready.set()

    async def _spawn(self, child: Child) -> asyncio.subprocess.Process:
        command = child.command if isinstance(child.command, Sequence) else child.command()
        process = await asyncio.create_subprocess_exec(
            *command,
            env=dict(child.environment),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            pass_fds=tuple(child.keep_open),
            # A session of its own: Ctrl-C reaches the parent only, which stops the children in order.
            start_new_session=True,
            preexec_fn=ends_with_parent(child.parent_death_signal),
        )
        if child.niceness:
            _let_others_go_first(process.pid, child.niceness)
        return process

    async def _pass_on(self, name: str, process: asyncio.subprocess.Process) -> None:
        """Pass on what a child writes, line by line, however long a line is."""
        rest = b""
        assert process.stdout is not None  # noqa: S101 - we asked for a pipe
        while chunk := await process.stdout.read(CHUNK):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                self._report.line(name, line.decode(errors="replace"))
        if rest:
            self._report.line(name, rest.decode(errors="replace"))

    async def _stop(self, kept: _Kept) -> None:
        kept.is_stopping = True
        if kept.process:
            await self._end(kept.child, kept.process)
        elif kept.task:
            kept.task.cancel()
        if kept.task:
            await asyncio.wait({kept.task})
        self._report.event(kept.child.name, "stopped")

    async def _end(self, child: Child, process: asyncio.subprocess.Process) -> None:
        """End a process: politely, then with its whole group."""
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(child.stop_signal)
            await self._wait_a_while(child, process)
        if process.returncode is None:
            self._report.event(child.name, f"did not stop within {child.stop_seconds:g} s and was ended", trouble=True)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()

    async def _wait_a_while(self, child: Child, process: asyncio.subprocess.Process) -> None:
        ended = asyncio.create_task(process.wait())
        hurried = asyncio.create_task(self._hurry.wait())
        await asyncio.wait({ended, hurried}, timeout=child.stop_seconds, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        hurried.cancel()


def _let_others_go_first(pid: int, niceness: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.setpriority(os.PRIO_PROCESS, pid, niceness)
    # Where Linux shares the processor among sessions first, a process is only as nice as its session.
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/autogroup").write_text(str(niceness), encoding="ascii")


def _kill(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()


def _ending(code: int) -> str:
    if code >= 0:
        return f"ended with code {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"
