"""`anmi demo`: the whole product with demo data, and who may log in there."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Annotated, Any
from unicodedata import east_asian_width

import typer

from anmi.entrypoints.cli.common import read_settings, told_plainly
from anmi.entrypoints.cli.up import Certificate, Host, Key, Port, Tls, tell_tls
from anmi.kit import logs
from anmi.kit.secret_files import read_json
from anmi.kit.settings import Settings

COLUMNS = {
    "role_zh": "角色",
    "role": "role",
    "name": "姓名 name",
    "tenant_code": "机构 agency",
    "employee_no": "工号 employee no.",
    "phone": "手机 phone",
    "password": "密码 password",
}

app = typer.Typer()


@app.callback(invoke_without_command=True)
def demo(
    context: typer.Context,
    tls: Tls = False,
    certificate: Certificate = None,
    key: Key = None,
    host: Host = None,
    port: Port = None,
) -> None:
    """Run the product with demo data, in ANMI_DATA_DIR or in .anmi here, until Ctrl-C."""
    if context.invoked_subcommand:
        return
    from anmi.entrypoints.up import up as run_up  # noqa: PLC0415 - `demo accounts` needs none of it

    with told_plainly():
        settings = tell_tls(_settings(host=host, port=port), tls=tls, certificate=certificate, key=key)

        def announce(url: str) -> None:
            typer.echo(f"\n  安米智能催收 · Anmi   {url}\n\n  演示数据，均为虚构 · synthetic demo data\n")
            _print_table(_accounts(settings))
            typer.echo("\n  Ctrl-C stops it.\n")

        asyncio.run(run_up(settings, with_demo=True, announce=announce))


@app.command()
def accounts(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the people of the demo with their passwords."""
    found = _accounts(_settings())
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        _print_table(found)


@app.command(hidden=True)
def seed() -> None:
    """Write the demo data; `anmi demo` does it at its first start."""
    from anmi.entrypoints.database import database_at_hand  # noqa: PLC0415
    from anmi.entrypoints.demo import seed as write_demo_data  # noqa: PLC0415 - the whole house comes with it

    with told_plainly():
        settings = _settings()
        logs.configure(settings.log_level, settings.log_form, process="demo")
        with database_at_hand(settings) as ready:
            asyncio.run(write_demo_data(ready))


def _settings(**given: Any) -> Settings:
    told = None if os.environ.get("ANMI_DATA_DIR") else Path(".anmi").absolute()
    return read_settings(data_dir=told, demo=True, **given)


def _accounts(settings: Settings) -> list[dict[str, str]]:
    try:
        return read_json(settings.data_dir / "secrets" / "demo-accounts.json")
    except FileNotFoundError:
        typer.echo(f"There is no demo in {settings.data_dir} yet. `anmi demo` makes one.", err=True)
        raise typer.Exit(1) from None


def _print_table(accounts: list[dict[str, str]]) -> None:
    rows = [list(COLUMNS.values()), *([str(account.get(column, "")) for column in COLUMNS] for account in accounts)]
    widths = [max(map(_width, cells)) for cells in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        typer.echo(f"  {'  '.join(cells)}".rstrip())


def _width(text: str) -> int:
    # A Chinese character is two columns wide.
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
