"""A route asks before it answers, one request is one transaction, and a repeated request is carried out once."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import httpx
import pytest
from fastapi import FastAPI, Request
from pydantic import BaseModel
from sqlalchemy import select

from anmi.core.permissions import Permission, Scope
from anmi.core.rights import Reach, Rights
from anmi.entrypoints.http import create_app
from anmi.entrypoints.wiring import House
from anmi.identity.org_units.models import OrgUnit, UnitKind
from anmi.identity.tenants.models import Tenant
from anmi.kit.audit import AuditEntry
from anmi.kit.caller import Caller, CallerKind, the_system
from anmi.kit.errors import Conflict
from anmi.kit.ids import new_id
from anmi.kit.web import Requirement, Unit, requires, room

router = room("/test/units")


class Wanted(BaseModel):
    name: str


class Full(Conflict):
    code = "FULL"
    zh, en = "已满（{count}）", "Full ({count})"


@router.post("", status_code=201, dependencies=[requires(Permission.ORG_UNITS_WRITE)])
async def add(unit: Unit, wanted: Wanted) -> dict[str, str]:
    row = OrgUnit(tenant_id=unit.tenant_id, name=wanted.name, kind=UnitKind.TEAM)
    unit.session.add(row)
    await unit.session.flush()
    if wanted.name == "满":
        raise Full(count=3)
    if wanted.name == "坏":
        raise RuntimeError("broken")
    return {"id": str(row.id)}


class OneCaller:
    """A gate that knows one caller."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller

    async def admit(self, request: Request, requirement: Requirement) -> Caller:
        return self.caller


@pytest.fixture
async def caller(house: House) -> Caller:
    tenant = Tenant(id=new_id(), code="web", name="演示机构", created_at=house.units.clock())
    async with house.units.begin(the_system(across_tenants=True)) as unit:
        unit.session.add(tenant)
    rights = Rights({Permission.ORG_UNITS_WRITE: Reach(everything=True)})
    return Caller(CallerKind.PERSON, tenant.id, person_id=new_id(), rights=rights, ip="127.0.0.1")


@pytest.fixture
def app(house: House, caller: Caller) -> FastAPI:
    app = create_app(house=house)
    app.router.routes.pop()  # The desk's own page takes every address that is left.
    app.include_router(router, prefix="/api/v1")
    app.state.gate = OneCaller(caller)
    return app


@pytest.fixture
async def browser(app: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1/api/v1") as browser:
        yield browser


async def names(house: House, caller: Caller) -> list[str]:
    async with house.units.begin(the_system(caller.tenant_id)) as unit:
        return list(await unit.session.scalars(select(OrgUnit.name)))


async def test_a_request_that_is_refused_leaves_nothing(
    browser: httpx.AsyncClient, house: House, caller: Caller
) -> None:
    response = await browser.post("/test/units", json={"name": "满"})
    assert response.status_code == 409
    assert response.json() == {"code": "FULL", "message": "已满（3）", "facts": {"count": 3}}
    english = await browser.post("/test/units", json={"name": "满"}, headers={"Accept-Language": "en-US"})
    assert english.json()["message"] == "Full (3)"
    assert await names(house, caller) == []


async def test_what_breaks_says_so_and_tells_nothing_of_the_inside(
    browser: httpx.AsyncClient, house: House, caller: Caller
) -> None:
    response = await browser.post("/test/units", json={"name": "坏"})
    assert response.status_code == 500
    assert response.json()["code"] == "UNFORESEEN"
    assert "broken" not in response.text
    assert await names(house, caller) == []


async def test_a_request_sent_twice_under_one_key_is_carried_out_once(
    browser: httpx.AsyncClient, house: House, caller: Caller
) -> None:
    key = {"Idempotency-Key": "once"}
    first = await browser.post("/test/units", json={"name": "一组"}, headers=key)
    second = await browser.post("/test/units", json={"name": "一组"}, headers=key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second.headers["idempotent-replay"] == "true"
    other = await browser.post("/test/units", json={"name": "二组"}, headers=key)
    assert other.json()["code"] == "IDEMPOTENCY_KEY_USED"
    assert await names(house, caller) == ["一组"]
    bad = await browser.post("/test/units", json={"name": "三组"}, headers={"Idempotency-Key": "k" * 201})
    assert bad.status_code == 422


async def test_a_refused_request_may_be_sent_again_under_its_key(browser: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "again"}
    assert (await browser.post("/test/units", json={"name": "满"}, headers=key)).status_code == 409
    assert (await browser.post("/test/units", json={"name": "一组"}, headers=key)).status_code == 201


async def test_who_lacks_the_permission_is_refused_and_remembered(
    app: FastAPI, browser: httpx.AsyncClient, house: House, caller: Caller
) -> None:
    app.state.gate = OneCaller(Caller(CallerKind.PERSON, caller.tenant_id, person_id=new_id()))
    response = await browser.post("/test/units", json={"name": "一组"})
    assert (response.status_code, response.json()["code"]) == (403, "NOT_PERMITTED")
    async with house.units.begin(the_system(caller.tenant_id)) as unit:
        entry = (await unit.session.scalars(select(AuditEntry))).one()
    assert (entry.action, entry.outcome) == ("request.refused", "refused")
    assert entry.facts["permission"] == "org_units.write"


async def test_an_invalid_body_is_named_field_by_field_and_not_repeated(browser: httpx.AsyncClient) -> None:
    response = await browser.post("/test/units", json={"naam": "13800000000"})
    assert response.status_code == 422
    assert response.json()["facts"]["fields"][0]["path"] == "name"
    assert "13800000000" not in response.text


def test_a_route_that_requires_nothing_does_not_start() -> None:
    async def open_door() -> None: ...

    with pytest.raises(TypeError, match="does not declare"):
        room("/careless").get("")(open_door)


def test_the_widest_grant_names_the_scope() -> None:
    assert Reach(everything=True).scope is Scope.TENANT
    assert Reach(own=True).scope is Scope.OWN


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (r"\u0000", 422),
        (r"\ud83d", 422),
        (r"\ude00", 422),
        (r"a\ud83d\ud83d\ude00", 422),
        (r"\ud83d\ude00", 201),
        ("😀", 201),
    ],
)
async def test_a_text_that_no_database_keeps_is_refused(browser: httpx.AsyncClient, text: str, status: int) -> None:
    body = f'{{"name": "{text}"}}'.encode()
    response = await browser.post("/test/units", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == status, response.text
