"""`anmi tenants`: agencies are created, listed, suspended and resumed; passwords are printed once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError

from anmi.entrypoints.cli.common import read_settings, told_plainly
from anmi.entrypoints.database import with_running_database
from anmi.entrypoints.wiring import open_house
from anmi.identity.tenants.models import Tenant
from anmi.identity.tenants.schemas import PersonToAppoint, TenantToCreate
from anmi.identity.tenants.service import InitialPassword, Tenants
from anmi.kit.caller import the_system
from anmi.kit.errors import NotFound, Refusal
from anmi.kit.paging import MOST, Ask

app = typer.Typer(no_args_is_help=True, help="Create, list, suspend and resume agencies.")

T = TypeVar("T")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Code = Annotated[str, typer.Argument(help="The code people type at the door.")]
Somebody = Annotated[str, typer.Option(help="Employee number, name and mobile, as 工号,姓名,手机.", metavar="A,B,C")]


@app.command("init-platform")
def init_platform(operator: Somebody, as_json: AsJson = False) -> None:
    """Make the platform's own agency, and somebody who operates it."""
    person = _person(operator, "operator")
    password = _run(lambda tenants: tenants.add_operator(person.first()))
    _tell_passwords([password], as_json=as_json)


@app.command()
def create(
    code: Code,
    name: Annotated[str, typer.Argument(help="Its name.")],
    system_administrator: Somebody,
    security_administrator: Somebody,
    auditor: Somebody,
    as_json: AsJson = False,
) -> None:
    """Create an agency with its three administrators."""
    try:
        asked = TenantToCreate(
            code=code,
            name=name,
            system_administrator=_person(system_administrator, "system-administrator"),
            security_administrator=_person(security_administrator, "security-administrator"),
            auditor=_person(auditor, "auditor"),
        )
    except ValidationError as fault:
        raise typer.BadParameter(str(fault.errors()[0]["msg"]), param_hint=str(fault.errors()[0]["loc"][0])) from None
    tenant, passwords = _run(lambda tenants: tenants.create(asked.code, asked.name, asked.administrators()))
    _tell_passwords(passwords, tenant, as_json=as_json)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the agencies of this installation."""
    tenants = _run(_all)
    if as_json:
        typer.echo(json.dumps([_facts(tenant) for tenant in tenants], ensure_ascii=False, indent=2))
    for tenant in [] if as_json else tenants:
        typer.echo(f"{tenant.code:<32} {tenant.state:<10} {tenant.created_at:%Y-%m-%d}  {tenant.name}")


@app.command()
def suspend(code: Code, as_json: AsJson = False) -> None:
    """Let nobody of an agency work until it is resumed."""
    _tell(_run(lambda tenants: _by_code(tenants, code, tenants.suspend)), as_json=as_json)


@app.command()
def resume(code: Code, as_json: AsJson = False) -> None:
    """Let an agency work again."""
    _tell(_run(lambda tenants: _by_code(tenants, code, tenants.resume)), as_json=as_json)


def _run(work: Callable[[Tenants], Awaitable[T]]) -> T:
    """Do something as the system, within the platform's own agency."""

    async def within_the_platform() -> T:
        async with open_house(with_running_database(read_settings())) as house:
            async with house.units.begin(the_system()) as unit:
                platform_id = await Tenants(unit).platform()
            async with house.units.begin(the_system(platform_id)) as unit:
                return await work(Tenants(unit))

    with told_plainly():
        try:
            return asyncio.run(within_the_platform())
        except Refusal as refusal:
            typer.echo(str(refusal), err=True)
            raise typer.Exit(1) from None


async def _all(tenants: Tenants) -> list[Tenant]:
    found: list[Tenant] = []
    after: str | None = None
    while True:
        page, after, _ = await tenants.page(Ask(MOST, after))
        found += page
        if after is None:
            return found


async def _by_code(tenants: Tenants, code: str, act: Callable[[Any], Awaitable[Tenant]]) -> Tenant:
    for tenant in await _all(tenants):
        if tenant.code == code:
            return await act(tenant.id)
    raise NotFound


def _person(text: str, option: str) -> PersonToAppoint:
    try:
        employee_no, name, phone = text.replace("，", ",").split(",")
        return PersonToAppoint(employee_no=employee_no.strip(), name=name, phone=phone)
    except ValueError:
        raise typer.BadParameter("give 工号,姓名,手机", param_hint=f"--{option}") from None


def _tell(tenant: Tenant, *, as_json: bool) -> None:
    typer.echo(json.dumps(_facts(tenant), ensure_ascii=False) if as_json else f"{tenant.code}: {tenant.state}")


def _tell_passwords(passwords: list[InitialPassword], tenant: Tenant | None = None, *, as_json: bool) -> None:
    if as_json:
        answer: dict[str, Any] = {"tenant": _facts(tenant)} if tenant else {}
        answer["initial_passwords"] = [
            {"role": each.role, "employee_no": each.employee_no, "initial_password": each.initial_password}
            for each in passwords
        ]
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    if tenant:
        typer.echo(f"{tenant.code}: {tenant.name}")
    for each in passwords:
        typer.echo(f"  {each.role:<24} {each.employee_no:<16} {each.initial_password}")
    typer.echo("These passwords are shown once and must be changed at the first login.")


def _facts(tenant: Tenant) -> dict[str, Any]:
    return {
        "id": str(tenant.id),
        "code": tenant.code,
        "name": tenant.name,
        "state": tenant.state,
        "created_at": tenant.created_at.isoformat(),
    }
