"""Children that do not outlive their parent, however it dies."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def ends_with_parent(request: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """Return a `preexec_fn`: Linux sends the child `request` when the thread that started it ends."""
    if not sys.platform.startswith("linux"):
        return _nothing
    library = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def arrange() -> None:
        library.prctl(PR_SET_PDEATHSIG, int(request), 0, 0, 0)
        if os.getppid() != parent:
            # The parent ended between the fork and the arrangement.
            os.kill(os.getpid(), request)

    return arrange


def end_with_parent(parent: int, request: signal.Signals = signal.SIGKILL) -> None:
    """Arrange in a child itself that it ends with the process `parent` that started it."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(request), 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), request)


def _nothing() -> None:
    """Elsewhere a parent that is killed leaves its children to the operator."""
