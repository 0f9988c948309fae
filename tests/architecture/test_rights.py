"""Who may do what: every route says what it requires, and the whole table of roles and routes is written down.

When the table changes on purpose, write it anew and read the difference:
`ANMI_WRITE_RIGHTS=1 .venv/bin/python -m pytest tests/architecture/test_rights.py`
"""

from __future__ import annotations

import os
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from anmi.core.permissions import Scope
from anmi.core.rights import Grant, rights_of
from anmi.core.roles import BUILT_IN_ROLES
from anmi.entrypoints.http import create_app
from anmi.entrypoints.wiring import House
from anmi.kit.caller import Caller, CallerKind
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import Units
from anmi.kit.web import Requirement
from tests.architecture.api import API, Declared, routes_of
from tests.builders.people import an_agency, comes_in

TABLE = Path(__file__).with_name("rights.txt")
HEADLINE = "Which role may call which route. Each column is a role: "
SHORT = {
    "collector": "col",
    "supervisor": "sup",
    "inspector": "ins",
    "operations": "ope",
    "owner": "own",
    "phone_administrator": "tel",
    "system_administrator": "sys",
    "security_administrator": "sec",
    "auditor": "aud",
    "platform_operator": "pla",
}


@pytest.fixture
def app(house: House) -> FastAPI:
    return create_app(house=house)


def test_every_route_declares_what_it_requires(app: FastAPI) -> None:
    routes = list(routes_of(app))
    assert len(routes) > 40
    assert [f"{route.method} {route.path}" for route in routes if route.requirement is None] == []


def is_open_to(requirement: Requirement, role: str) -> bool:
    """Say whether somebody who holds this role alone, and has signed in, passes."""
    rights = rights_of([Grant(BUILT_IN_ROLES[role], Scope.TENANT, new_id())], {})
    return requirement.refusal(rights) is None


def line_of(route: Declared) -> str:
    assert route.requirement is not None
    marks = " ".join(f"{'yes' if is_open_to(route.requirement, role) else '·':<3}" for role in SHORT)
    wanted = route.requirement.permission or route.requirement.level
    if route.requirement.field_right:
        wanted = f"{wanted} + {route.requirement.field_right}"
    return f"{route.method:<6} {route.path.removeprefix(API):<44} {marks}  {wanted}"


def table_of(app: FastAPI) -> str:
    roles = " ".join(f"{short:<3}" for short in SHORT.values())
    legend = ", ".join(f"{short} {role}" for role, short in SHORT.items())
    lines = sorted((line_of(route) for route in routes_of(app)), key=lambda line: (line.split()[1], line))
    return "\n".join([HEADLINE + legend + ".", "", f"{'':51} {roles}  requires", *lines, ""])


def test_the_table_of_roles_and_routes_is_as_written_down(app: FastAPI) -> None:
    assert set(SHORT) == set(BUILT_IN_ROLES)
    table = table_of(app)
    if os.environ.get("ANMI_WRITE_RIGHTS"):
        TABLE.write_text(table, encoding="utf-8")
    assert table.splitlines() == TABLE.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("role", SHORT)
async def test_a_role_is_let_in_where_the_table_says_so_and_nowhere_else(
    client: httpx.AsyncClient, units: Units, app: FastAPI, role: str
) -> None:
    agency = await an_agency(units)
    rights = rights_of([Grant(BUILT_IN_ROLES[role], Scope.TENANT, agency.root_id)], {agency.root_id: None})
    comes_in(client, Caller(CallerKind.PERSON, agency.tenant_id, new_id(), agency.root_id, new_id(), rights=rights))
    for route in routes_of(app):
        assert route.requirement is not None
        if route.requirement.permission is None:
            continue
        path = route.path
        for name in route.names:
            path = path.replace(f"{{{name}}}", "nobody" if name == "code" else str(new_id()))
        answer = await client.request(route.method, path, json={})
        is_json = answer.headers.get("content-type", "").startswith("application/json")
        body = answer.json() if is_json else None
        code = body.get("code") if isinstance(body, dict) else None
        is_turned_away = code in {"NOT_PERMITTED", "FIELD_RIGHT_MISSING"}
        assert is_turned_away != is_open_to(route.requirement, role), f"{route.method} {path}: {answer.text}"
