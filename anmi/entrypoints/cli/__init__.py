"""The `anmi` command. Each word is a module of this package and is imported only when it is called."""

from __future__ import annotations

import gc
import importlib
import importlib.util
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typing_extensions import override

from anmi import __version__

# One word, one module with an `app`; the text is what `anmi --help` says.
WORDS = {
    "up": "Run the whole product: database, web and worker, as one tree.",
    "demo": "Run the product with demo data, or tell about it.",
    "serve": "Run the web server alone.",
    "worker": "Run the job worker alone.",
    "engine": "Run the call engine of one switch.",
    "switch": "Run Asterisk alone.",
    "watch": "Watch the live calls of one switch.",
    "rehearsal": "Play the debtors of a rehearsal alone.",
    "doctor": "Say what is installed and what is missing.",
    "migrate": "Bring the database to this version.",
    "tenants": "Create, list, suspend and resume agencies.",
    "audit": "Verify the audit log.",
    "keys": "List and rotate the keys that seal personal data.",
    "placements": "Check a creditor's spreadsheet.",
    "contact": "Explain whether somebody may be contacted, and why not.",
    "quality": "Inspect conversations.",
    "speech": "Turn recordings into text.",
}


class Words(TyperGroup):
    """A group whose commands are imported when they are first needed."""

    @override
    def list_commands(self, ctx: Any) -> list[str]:
        return [word for word in WORDS if importlib.util.find_spec(f"{__name__}.{word}")]

    @override
    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.list_commands(ctx):
            return None
        command = typer.main.get_command(_imported(cmd_name).app)
        command.name, command.short_help = cmd_name, WORDS[cmd_name]
        return command


def _imported(word: str) -> Any:
    """Import a word's module, and half the house with it: it stays for ever, so nobody need look through it again."""
    gc.disable()
    module = importlib.import_module(f"{__name__}.{word}")
    gc.freeze()
    gc.enable()
    return module


app = typer.Typer(cls=Words, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


def _tell_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"anmi {__version__}")
        raise typer.Exit


@app.callback()
def anmi(
    version: Annotated[bool, typer.Option("--version", callback=_tell_version, is_eager=True)] = False,
) -> None:
    """安米智能催收 · Anmi."""


main = app
