"""`anmi rehearsal`: the debtors of a rehearsal alone, as `anmi up` starts them beside the carrier's Asterisk."""

from __future__ import annotations

import asyncio

import typer

from anmi.adapters.rehearsal.cast_file import UnreadableCast
from anmi.entrypoints.cli.common import read_settings, told_plainly
from anmi.entrypoints.rehearsal import run
from anmi.kit import logs

app = typer.Typer()


@app.command()
def rehearsal() -> None:
    """Play the debtors; the carrier's Asterisk must run already."""
    with told_plainly():
        settings = read_settings()
        logs.configure(settings.log_level, settings.log_form, process="rehearsal")
        try:
            asyncio.run(run(settings))
        except UnreadableCast as fault:
            typer.echo(str(fault), err=True)
            raise typer.Exit(2) from None
