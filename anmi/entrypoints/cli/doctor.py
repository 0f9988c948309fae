"""`anmi doctor`: what is installed, what is missing, and what to do."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from anmi.entrypoints.cli.common import read_settings, told_plainly
from anmi.entrypoints.doctor import Finding, State, examine

COLOURS = {State.OK: typer.colors.GREEN, State.WARN: typer.colors.YELLOW, State.FAIL: typer.colors.RED}

app = typer.Typer()


@app.command()
def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Say what is installed and what is missing; fails when something must be mended."""
    with told_plainly():
        findings = examine(read_settings())
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            _print(finding)
    if any(finding.state is State.FAIL for finding in findings):
        raise typer.Exit(1)


def _print(finding: Finding) -> None:
    state = typer.style(f"{finding.state:<5}", fg=COLOURS[finding.state])
    typer.echo(f"{state} {finding.subject:<12} {finding.found}")
    if finding.remedy:
        typer.echo(f"{'':5} {'':12} → {finding.remedy}")
