"""`anmi switch`: Asterisk alone, as `anmi up` starts it, for those who run every process by itself."""

from __future__ import annotations

import asyncio
import os

import typer

from anmi.adapters.asterisk.installation import NoAsterisk
from anmi.adapters.asterisk.instance import Instance
from anmi.entrypoints.cli.common import read_settings, told_plainly
from anmi.entrypoints.switches import asterisk_of

app = typer.Typer(help="Run Asterisk alone, or ask whether it is well.")


@app.callback(invoke_without_command=True)
def switch(asked: typer.Context) -> None:
    """Write the switch's configuration and become it; SIGTERM ends it in order."""
    if asked.invoked_subcommand is None:
        instance = _instance()
        with told_plainly():
            instance.prepare()
            command = instance.command()
            os.execve(command[0], command, instance.environment())  # noqa: S606 - our own command, without a shell


@app.command()
def well() -> None:
    """Fail unless the switch takes commands."""
    instance = _instance()
    with told_plainly():
        if not asyncio.run(instance.is_ready(os.getpid())):
            raise typer.Exit(1)


def _instance() -> Instance:
    try:
        instance = asterisk_of(read_settings())
    except NoAsterisk as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from None
    if instance is None:
        typer.echo("There is no Asterisk here, or ANMI_SWITCH does without one: run scripts/asterisk.", err=True)
        raise typer.Exit(1)
    return instance
