"""`anmi rehearsal`: the debtors of a rehearsal alone, as `anmi up` starts them; `call-back` lets one call us."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from anmi.adapters.rehearsal.cast_file import UnreadableCast
from anmi.entrypoints.call_back import CannotCallBack
from anmi.entrypoints.call_back import call_back as let_call_back
from anmi.entrypoints.cli.common import read_settings, told_plainly
from anmi.entrypoints.database import with_running_database
from anmi.entrypoints.rehearsal import run
from anmi.kit import logs
from anmi.kit.errors import Unavailable

app = typer.Typer(help="Play the debtors of a rehearsal, or let one call back.")


@app.callback(invoke_without_command=True)
def rehearsal(asked: typer.Context) -> None:
    """Play the debtors; the carrier's Asterisk must run already."""
    if asked.invoked_subcommand is not None:
        return
    with told_plainly():
        settings = read_settings()
        logs.configure(settings.log_level, settings.log_form, process="rehearsal")
        try:
            asyncio.run(run(settings))
        except UnreadableCast as fault:
            typer.echo(str(fault), err=True)
            raise typer.Exit(2) from None


@app.command("call-back")
def call_back(
    number: Annotated[str | None, typer.Argument(help="Who calls; without it, whoever was called last.")] = None,
) -> None:
    """Let an invented debtor call one of our numbers; the demo must run already."""
    with told_plainly():
        settings = with_running_database(read_settings())
        try:
            caller = asyncio.run(let_call_back(settings, number))
        except (CannotCallBack, Unavailable) as fault:
            typer.echo(str(fault), err=True)
            raise typer.Exit(1) from None
        typer.echo(f"{caller.masked} calls {caller.called}")
