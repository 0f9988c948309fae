"""HTTP of the jobs screen."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from anmi.core.permissions import Permission
from anmi.kit.web import PageAsk, Unit, requires, room
from anmi.system.jobs.schemas import JobFigures, JobPage, JobSeen
from anmi.system.jobs.service import Jobs, JobState

router = room("/system/jobs")


async def _jobs(unit: Unit, request: Request) -> Jobs:
    return Jobs(unit, request.app.state.job_words)


Room = Annotated[Jobs, Depends(_jobs)]


@router.get("", dependencies=[requires(Permission.JOBS_READ)])
async def list_jobs(jobs: Room, ask: PageAsk, state: JobState | None = None, name: str | None = None) -> JobPage:
    """List jobs, newest first."""
    items, following = await jobs.page(ask, state, name)
    return JobPage(items=[JobSeen.model_validate(item) for item in items], next=following)


@router.get("/figures", dependencies=[requires(Permission.JOBS_READ)])
async def job_figures(jobs: Room) -> JobFigures:
    """Tell how the queue stands."""
    return JobFigures.model_validate(await jobs.figures())


@router.post("/{job_id}/retry", status_code=204, dependencies=[requires(Permission.JOBS_WRITE)])
async def retry_job(jobs: Room, job_id: int) -> None:
    """Put a dead job back into the queue."""
    await jobs.retry(job_id)


@router.delete("/{job_id}", status_code=204, dependencies=[requires(Permission.JOBS_WRITE)])
async def discard_job(jobs: Room, job_id: int) -> None:
    """Remove a job that waits or is dead."""
    await jobs.discard(job_id)
