"""Every kind of job there is; the worker works these off, and the jobs screen has their words."""

from __future__ import annotations

from typing import Final

from anmi.casework.cases.tasks import END_RETENTIONS
from anmi.kit.jobs import JobKind
from anmi.system.housekeeping.tasks import SWEEP

JOB_KINDS: Final[tuple[JobKind, ...]] = (
    SWEEP,
    END_RETENTIONS,
)
