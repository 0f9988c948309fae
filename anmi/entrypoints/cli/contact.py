"""`anmi contact explain CASE`: what the contact gate says of every number of a case, rule by rule."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated, Any
from uuid import UUID

import typer
from sqlalchemy import ColumnElement, select

from anmi.casework.cases.models import Case
from anmi.entrypoints.cli.common import read_settings, told_plainly
from anmi.entrypoints.database import with_running_database
from anmi.entrypoints.wiring import open_house
from anmi.identity.tenants.service import every_tenant
from anmi.kit.caller import the_system
from anmi.workbench.contact_gate.schemas import CaseGateSeen, ChannelGateSeen
from anmi.workbench.contact_gate.service import ContactGate

app = typer.Typer(no_args_is_help=True, help="Explain whether somebody may be contacted, and why not.")


@app.callback()
def contact() -> None:
    """Keep `explain` a word of its own."""


@app.command()
def explain(
    case: Annotated[str, typer.Argument(metavar="CASE", help="A case's id, or its number on the creditor's sheet.")],
    tenant: Annotated[str | None, typer.Option(help="Only in the agency with this code.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say for each number whether the case's holder may call it now, why not, and from when. Reserves nothing."""
    with told_plainly():
        found = asyncio.run(_explain(case, tenant))
    if len(found) != 1:
        said = ", ".join(str(gate.case_id) for gate in found)
        typer.echo(f"{case} is several cases: {said}" if found else f"There is no case {case}", err=True)
        raise typer.Exit(2)
    if as_json:
        typer.echo(json.dumps(found[0].model_dump(mode="json"), ensure_ascii=False, indent=2))
    else:
        _print(found[0])


async def _explain(name: str, code: str | None) -> list[CaseGateSeen]:
    found: list[CaseGateSeen] = []
    async with open_house(with_running_database(read_settings())) as house:
        for tenant in await every_tenant(house.units):
            if code not in (None, tenant.code):
                continue
            async with house.units.begin(the_system(tenant.id)) as unit:
                for case in (await unit.session.scalars(select(Case).where(_meant(name)).limit(20))).all():
                    gate = await ContactGate(unit).explain(case.id, case.holder_id)
                    found.append(CaseGateSeen.model_validate(gate))
    return found


def _meant(name: str) -> ColumnElement[bool]:
    try:
        return Case.id == UUID(name)
    except ValueError:
        return Case.serial_no == name


def _print(gate: CaseGateSeen) -> None:
    typer.echo(f"{gate.case_id} at {gate.at:%Y-%m-%d %H:%M} (rules {gate.pack_version})")
    for point in gate.points:
        typer.echo(f"  {point.phone_id or point.address_id}  {point.relation}, {point.state}")
        for channel in point.channels:
            typer.echo(f"    {channel.channel:<18} {_verdict(channel)}")


def _verdict(channel: ChannelGateSeen) -> str:
    facts: dict[str, Any] = channel.model_dump()
    if channel.allowed:
        return "allowed"
    until = f", from {channel.until:%Y-%m-%d %H:%M}" if channel.until else ""
    return "refused by {rule_id}: {reason_zh}  {reason_en}".format_map(facts) + until
