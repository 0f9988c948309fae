"""What the words of the command share: settings read once, and faults told in a sentence."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import psycopg
import typer
from pydantic import ValidationError

from anmi.entrypoints.listening import CannotListen
from anmi.entrypoints.process_tree import ChildFailed
from anmi.kit.embedded_postgres import CannotRunPostgres
from anmi.kit.errors import Unavailable
from anmi.kit.instance_lock import AlreadyRunning
from anmi.kit.settings import Settings

TELLABLE = (
    AlreadyRunning,
    CannotListen,
    CannotRunPostgres,
    ChildFailed,
    Unavailable,
    psycopg.OperationalError,
    OSError,
)


def read_settings(**given: Any) -> Settings:
    """Read the settings; what was given on the command line goes before the environment."""
    try:
        settings = Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as fault:
        for error in fault.errors():
            name = "_".join(map(str, error["loc"])).upper()
            typer.echo(f"ANMI_{name}: {error['msg']}.", err=True)
        raise typer.Exit(2) from None
    if (settings.tls_certificate is None) != (settings.tls_key is None):
        typer.echo("ANMI_TLS_CERTIFICATE and ANMI_TLS_KEY belong together.", err=True)
        raise typer.Exit(2)
    return settings


@contextmanager
def told_plainly() -> Generator[None]:
    """Turn a fault that an operator can mend into one sentence and a failing exit."""
    try:
        yield
    except TELLABLE as fault:
        typer.echo(str(fault).strip(), err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        sys.exit(130)
