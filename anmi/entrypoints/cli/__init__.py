"""The `anmi` command. Each word is a module of this package and is imported only when it is called."""

from __future__ import annotations

import importlib
import importlib.util
from typing_extensions import override

import click
import typer

# One word, one module with an `app`; the text is what `anmi --help` says.
WORDS = {
    "up": "Run the whole product: database, web and worker, as one tree.",
    "demo": "Run the product with demo data, or tell about it.",
    "serve": "Run the web server alone.",
    "worker": "Run the job worker alone.",
    "engine": "Run the call engine of one switch.",
    "doctor": "Say what is installed and what is missing.",
    "migrate": "Bring the database to this version.",
    "tenants": "Create, list, suspend and resume agencies.",
    "audit": "Verify the audit log.",
    "keys": "List and rotate the keys that seal personal data.",
    "placements": "Check a creditor's spreadsheet.",
    "quality": "Inspect conversations.",
    "speech": "Turn recordings into text.",
}


class Words(click.Group):
    """A group whose commands are imported when they are first needed."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [word for word in WORDS if importlib.util.find_spec(f"{__name__}.{word}")]

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        return typer.main.get_command(importlib.import_module(f"{__name__}.{cmd_name}").app)

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if words := self.list_commands(ctx):
            with formatter.section("Commands"):
                formatter.write_dl([(word, WORDS[word]) for word in words])


@click.command(cls=Words)
@click.version_option(package_name="anmi")
def main() -> None:
    """安米智能催收 · Anmi."""
