"""`anmi audit verify`: prove that nobody has touched the log, or name every entry that somebody did."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated, Any

import typer

from anmi.entrypoints.cli.common import read_settings, told_plainly
from anmi.entrypoints.database import with_running_database
from anmi.entrypoints.wiring import open_house
from anmi.identity.audit.anchors import Anchors
from anmi.identity.audit.schemas import VerdictSeen
from anmi.identity.audit.service import AuditLog
from anmi.identity.tenants.service import every_tenant
from anmi.kit.caller import the_system

app = typer.Typer(no_args_is_help=True, help="Verify the audit log.")


@app.callback()
def audit() -> None:
    """Keep `verify` a word of its own."""


@app.command()
def verify(
    tenant: Annotated[str | None, typer.Option(help="Only the agency with this code.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Walk every agency's log; fails when somebody has touched one."""
    with told_plainly():
        verdicts = asyncio.run(_verify(tenant))
    if tenant and not verdicts:
        typer.echo(f"There is no agency with the code {tenant}", err=True)
        raise typer.Exit(2)
    if as_json:
        typer.echo(json.dumps([_facts(code, verdict) for code, verdict in verdicts], ensure_ascii=False, indent=2))
    for code, verdict in [] if as_json else verdicts:
        state = "intact" if verdict.intact else f"{verdict.fault_count} faults"
        typer.echo(f"{code}: {verdict.entries} entries, {state}")
        for fault in verdict.faults:
            typer.echo(f"  {fault.sentence_en}  {fault.sentence_zh}")
    if not all(verdict.intact for _, verdict in verdicts):
        raise typer.Exit(1)


async def _verify(code: str | None) -> list[tuple[str, VerdictSeen]]:
    settings = with_running_database(read_settings())
    found: list[tuple[str, VerdictSeen]] = []
    async with open_house(settings) as house:
        for tenant in await every_tenant(house.units):
            if code in (None, tenant.code):
                async with house.units.begin(the_system(tenant.id)) as unit:
                    verdict = await AuditLog(unit).verify(Anchors(settings.data_dir))
                    found.append((tenant.code, VerdictSeen.of(verdict)))
    return found


def _facts(code: str, verdict: VerdictSeen) -> dict[str, Any]:
    return {"tenant": code} | verdict.model_dump(mode="json")
