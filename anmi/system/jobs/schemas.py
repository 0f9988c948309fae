"""What HTTP sees of jobs."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

JobState = Literal["queued", "running", "dead"]


class JobSeen(BaseModel):
    """One job. `error` is the kind of the last failure and its masked words."""

    id: int
    name: str
    label_zh: str
    label_en: str
    state: JobState
    attempts: int
    queued_at: datetime
    next_at: datetime
    error: str | None


class JobPage(BaseModel):
    """Jobs, newest first."""

    items: list[JobSeen]
    next: str | None


class JobFigures(BaseModel):
    """How the queue stands."""

    queued: int
    running: int
    dead: int
    oldest_due_at: datetime | None
