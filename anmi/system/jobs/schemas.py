"""What HTTP sees of jobs."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from anmi.system.jobs.service import JobState


class JobSeen(BaseModel):
    """One job. `error` is the kind of the last failure and its masked words."""

    model_config = ConfigDict(from_attributes=True)

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

    model_config = ConfigDict(from_attributes=True)

    queued: int
    running: int
    dead: int
    oldest_due_at: datetime | None
