"""`anmi keys`: the keys that seal personal data are listed and rotated, and what older ones sealed is sealed anew."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from anmi.core.audit_actions import AuditAction
from anmi.entrypoints.cli.common import read_settings, told_plainly
from anmi.entrypoints.database import with_running_database
from anmi.entrypoints.wiring import House, open_house
from anmi.identity.tenants.service import every_tenant
from anmi.kit.caller import the_system
from anmi.kit.keyring import Keyring
from anmi.kit.resealing import counts_by_version, reseal
from anmi.kit.settings import Settings

app = typer.Typer(no_args_is_help=True, help="List and rotate the keys that seal personal data.")

T = TypeVar("T")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the versions of the key, and how many fields each has sealed."""
    newest, counts = _run(_counts(_settings()))
    if as_json:
        listed = [{"version": each, "fields": counts[each], "seals": each == newest} for each in sorted(counts)]
        typer.echo(json.dumps(listed, indent=2))
    for version in [] if as_json else sorted(counts):
        note = "seals from now on" if version == newest else "opens only"
        typer.echo(f"version {version}: {counts[version]} fields, {note}")


@app.command()
def rotate() -> None:
    """Add a key that seals from now on; what older keys sealed still opens."""
    version = _run(_rotate(_settings()))
    typer.echo(f"version {version} seals from now on; running processes take it up when they start again.")
    typer.echo("`anmi keys reseal` seals anew what older versions sealed.")


@app.command("reseal")
def reseal_() -> None:
    """Seal anew whatever an older key sealed; may be broken off and run again."""
    fields, unopened = _run(_reseal(_settings()))
    typer.echo(f"{fields} fields sealed anew.")
    if unopened:
        typer.echo(f"{unopened} fields could not be opened and were left as they are.", err=True)
        raise typer.Exit(1)


async def _counts(settings: Settings) -> tuple[int, dict[int, int]]:
    async with open_house(settings) as house:
        counts = dict.fromkeys(house.keyring.versions, 0)
        for tenant in await every_tenant(house.units):
            async with house.units.begin(the_system(tenant.id)) as unit:
                for version, count in (await counts_by_version(unit)).items():
                    counts[version] = counts.get(version, 0) + count
        return house.keyring.newest, counts


async def _rotate(settings: Settings) -> int:
    async with open_house(settings) as house:
        version = Keyring.rotate(_path(settings))
        await _remember(house, version)
        return version


async def _remember(house: House, version: int) -> None:
    for tenant in await every_tenant(house.units):
        async with house.units.begin(the_system(tenant.id)) as unit:
            unit.remember(AuditAction.KEYS_ROTATED, version=version)


async def _reseal(settings: Settings) -> tuple[int, int]:
    fields = unopened = 0
    async with open_house(settings) as house:
        for tenant in await every_tenant(house.units):
            async for batch in reseal(house.units, tenant.id):
                fields += batch.fields
                unopened += batch.unopened
    return fields, unopened


def _run(work: Coroutine[Any, Any, T]) -> T:
    with told_plainly():
        return asyncio.run(work)


def _settings() -> Settings:
    with told_plainly():
        return with_running_database(read_settings())


def _path(settings: Settings) -> Path:
    return settings.data_dir / "secrets" / "keyring.json"
