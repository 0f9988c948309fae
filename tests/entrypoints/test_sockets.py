"""The live socket: news reach the right page at once, are caught up with after an absence, and end with the session."""

from __future__ import annotations

import asyncio
import json
import socket as sockets
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import pytest
import uvicorn
from sqlalchemy import text
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from anmi.core.permissions import Permission
from anmi.core.rights import Reach, Rights
from anmi.entrypoints.http import create_app
from anmi.entrypoints.reactions import react
from anmi.entrypoints.wiring import House
from anmi.identity.tenants.models import Tenant
from anmi.kit.caller import Caller, CallerKind, the_system
from anmi.kit.db import Database
from anmi.kit.errors import NotSignedIn
from anmi.kit.hub import Heard
from anmi.kit.ids import new_id
from anmi.kit.keyring import Keyring
from anmi.kit.unit_of_work import Units
from tests.builders.house import Watch

HERE, THERE = new_id(), new_id()


class Doorman:
    """A gate that knows one caller, until told otherwise."""

    def __init__(self, caller: Caller) -> None:
        self.caller: Caller | None = caller

    async def admit_socket(self, socket: object) -> Caller:
        if self.caller is None:
            raise NotSignedIn
        return self.caller

    def hear(self, heard: Heard) -> None: ...


class Server:
    """A real server on a port of its own; what it commits is taken away afterwards."""

    def __init__(self, units: Units, tenant_id: Any, doorman: Doorman, address: str) -> None:
        self.units = units
        self.tenant_id = tenant_id
        self.doorman = doorman
        self.address = address

    def page(self, **settings: Any) -> Any:
        return connect(f"ws://{self.address}/api/v1/live", **settings)

    async def tell(self, kind: str, topic: str = "people", **about: Any) -> None:
        async with self.units.begin(the_system(self.tenant_id)) as unit:
            unit.tell(topic, kind, **about)


@pytest.fixture
async def server(
    database: Database, keyring: Keyring, watch: Watch, house: House, app_url: str
) -> AsyncGenerator[Server]:
    units = Units(database, keyring, watch, react)
    tenant_id = new_id()
    async with units.begin(the_system(across_tenants=True)) as unit:
        unit.session.add(Tenant(id=tenant_id, code=str(tenant_id), name="演示", created_at=unit.now))
    rights = Rights({Permission.PEOPLE_READ: Reach(unit_ids=frozenset({HERE}))})
    doorman = Doorman(Caller(CallerKind.PERSON, tenant_id, person_id=new_id(), session_id=new_id(), rights=rights))
    app = create_app(house=replace(house, units=units))
    app.state.gate = doorman
    door = sockets.create_server(("127.0.0.1", 0))
    web = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="websockets-sansio"))
    serving = asyncio.create_task(web.serve([door]))
    hearing = asyncio.create_task(app.state.hub.run(app_url))
    heard = asyncio.Event()
    app.state.hub.listen(lambda _: heard.set())
    async with asyncio.timeout(10):
        await heard.wait()
        while not web.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
    yield Server(units, tenant_id, doorman, f"127.0.0.1:{door.getsockname()[1]}")
    web.should_exit = True
    await serving
    hearing.cancel()
    async with database.engine.begin() as connection:
        await connection.execute(text("SELECT set_config('anmi.tenant_id', :id, true)"), {"id": str(tenant_id)})
        for table in ("live_events", "tenants"):
            await connection.execute(text(f"DELETE FROM {table}"))


async def next_of(page: ClientConnection) -> dict[str, Any]:
    async with asyncio.timeout(5):
        return json.loads(await page.recv())


async def subscribe(page: ClientConnection, *topics: str, since: int | None = None) -> dict[str, Any]:
    await page.send(json.dumps({"subscribe": topics, "since": since}))
    return await next_of(page)


async def test_news_reach_a_page_that_may_hear_them(server: Server) -> None:
    async with server.page() as page:
        told = await subscribe(page, "people", "jobs", "nonsense")
        assert told == {"subscribed": ["people"], "refused": ["jobs", "nonsense"]}
        await server.tell("PersonChanged", person_id=THERE, unit_id=THERE)
        await server.tell("PersonChanged", person_id=HERE, unit_id=HERE)
        news = await next_of(page)
    assert (news["topic"], news["kind"], news["about"]["unit_id"]) == ("people", "PersonChanged", str(HERE))


async def test_a_page_that_was_away_catches_up(server: Server) -> None:
    async with server.page() as page:
        await subscribe(page, "people")
        await server.tell("First")
        seen = (await next_of(page))["id"]
    await server.tell("Second")
    await server.tell("Third")
    async with server.page() as page:
        await subscribe(page, "people", since=seen)
        kinds = [(await next_of(page))["kind"] for _ in range(3)]
        # What was in the air when the page left is told once more: better twice than never.
        assert kinds == ["First", "Second", "Third"]
        await subscribe(page, "people", since=seen - 10_000)
        assert await next_of(page) == {"gap": True}


async def test_an_ended_session_is_shown_the_door(server: Server) -> None:
    caller = server.doorman.caller
    assert caller is not None
    async with server.page() as page:
        await subscribe(page, "people")
        await server.tell("SessionEnded", "session", session_id=new_id(), reason="somebody else's")
        await server.tell("SessionEnded", "session", session_id=caller.session_id, reason="revoked")
        assert await next_of(page) == {"ended": "revoked"}
        with pytest.raises(ConnectionClosed) as closed:
            await next_of(page)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401


async def test_rights_that_change_change_what_is_heard(server: Server) -> None:
    caller = server.doorman.caller
    assert caller is not None
    async with server.page() as page:
        await subscribe(page, "people")
        server.doorman.caller = replace(caller, rights=Rights())
        await server.tell("GrantsChanged", "grants", person_id=caller.person_id)
        await asyncio.sleep(1.5)
        await server.tell("PersonChanged", unit_id=HERE)
        await page.send('{"ping": 7}')
        assert await next_of(page) == {"pong": 7}


async def test_strangers_and_foreign_pages_are_turned_away(server: Server) -> None:
    async with server.page(origin="https://elsewhere.example") as page:
        with pytest.raises(ConnectionClosed) as closed:
            await next_of(page)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4403
    server.doorman.caller = None
    async with server.page() as page:
        with pytest.raises(ConnectionClosed) as closed:
            await next_of(page)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401


async def test_nonsense_on_the_line_is_passed_over(server: Server) -> None:
    async with server.page() as page:
        for nonsense in ("{", "[]", '"x"', '{"subscribe": 3}', '{"since": "x"}'):
            await page.send(nonsense)
        await page.send('{"ping": 1}')
        assert await next_of(page) == {"pong": 1}
