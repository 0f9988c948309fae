"""`anmi migrate`: bring the database to this version."""

from __future__ import annotations

import typer

from anmi.entrypoints.cli.common import read_settings, told_plainly
from anmi.entrypoints.database import database_at_hand
from anmi.kit import logs
from anmi.kit.migrations import migrate as migrate_database

app = typer.Typer()


@app.command()
def migrate() -> None:
    """Bring the database to this version. `anmi up` does it at each start."""
    with told_plainly():
        settings = read_settings()
        logs.configure(settings.log_level, settings.log_form, process="migrate")
        with database_at_hand(settings) as ready:
            if ready.database_url and ready.database_app_url:
                migrate_database(ready.database_url.get_secret_value(), ready.database_app_url.get_secret_value())
