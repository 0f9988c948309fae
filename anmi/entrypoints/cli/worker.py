"""`anmi worker`: the worker of the job queue alone, as `anmi up` starts it or on a machine of its own."""

from __future__ import annotations

import asyncio
import contextlib
import signal

import typer

from anmi.entrypoints.cli.common import read_settings, told_plainly
from anmi.entrypoints.database import with_running_database
from anmi.entrypoints.worker import run
from anmi.kit import logs
from anmi.kit.settings import Settings

app = typer.Typer()


@app.command()
def worker() -> None:
    """Run the job worker alone; the database must run already."""
    with told_plainly():
        settings = read_settings()
        logs.configure(settings.log_level, settings.log_form, process="worker")
        asyncio.run(_run_until_stopped(with_running_database(settings)))


async def _run_until_stopped(settings: Settings) -> None:
    working = asyncio.create_task(run(settings))
    for request in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(request, working.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await working
