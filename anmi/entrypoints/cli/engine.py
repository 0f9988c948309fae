"""`anmi engine`: the call engine of one switch, as `anmi up` starts it."""

from __future__ import annotations

import typer
import uvloop

from anmi.adapters.rehearsal.cast_file import UnreadableCast
from anmi.entrypoints.cli.common import read_settings, told_plainly
from anmi.entrypoints.database import with_running_database
from anmi.entrypoints.switches import run
from anmi.kit import logs
from anmi.kit.errors import Unavailable

app = typer.Typer()


@app.command()
def engine() -> None:
    """Own the calls of this machine's switch; the database must run already."""
    with told_plainly():
        settings = read_settings()
        logs.configure(settings.log_level, settings.log_form, process="engine")
        try:
            uvloop.run(run(with_running_database(settings)))
        except (UnreadableCast, Unavailable) as fault:
            typer.echo(str(fault), err=True)
            raise typer.Exit(1) from None
