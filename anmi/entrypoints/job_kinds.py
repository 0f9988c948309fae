"""Every kind of job there is; the worker works these off, and the jobs screen has their words."""

from __future__ import annotations

from typing import Final

from anmi.kit.jobs import JobKind
from anmi.system.housekeeping.tasks import SWEEP

JOB_KINDS: Final[tuple[JobKind, ...]] = (SWEEP,)
