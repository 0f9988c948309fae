"""`anmi watch`: the live watch of one switch, as `anmi up` starts it."""

from __future__ import annotations

import asyncio

import typer

from anmi.entrypoints.cli.common import read_settings, told_plainly
from anmi.entrypoints.database import with_running_database
from anmi.entrypoints.watch.watchman import run
from anmi.kit import logs
from anmi.kit.errors import Unavailable

app = typer.Typer()


@app.command()
def watch() -> None:
    """Watch the live calls of this machine's switch; the database and the switch must run already."""
    with told_plainly():
        settings = read_settings()
        logs.configure(settings.log_level, settings.log_form, process="watch")
        try:
            asyncio.run(run(with_running_database(settings)))
        except Unavailable as fault:
            typer.echo(str(fault), err=True)
            raise typer.Exit(1) from None
