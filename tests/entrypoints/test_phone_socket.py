"""The phone's socket carries the phone of the caller and nobody else's, and only for as long as she holds it."""

from __future__ import annotations

import asyncio
import socket as sockets
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from uuid import UUID

import pytest
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from anmi.core.rights import EVERYTHING
from anmi.entrypoints.http import create_app
from anmi.entrypoints.phone_socket import NO_PHONE, is_of
from anmi.entrypoints.reactions import react
from anmi.entrypoints.sockets import ENDED
from anmi.entrypoints.wiring import House
from anmi.kit.caller import Caller, the_system
from anmi.kit.db import Database
from anmi.kit.errors import NotSignedIn
from anmi.kit.hub import Heard
from anmi.kit.ids import new_id
from anmi.kit.keyring import Keyring
from anmi.kit.unit_of_work import Units
from anmi.telephony.agents.service import Agents
from anmi.telephony.engines.service import Engines
from tests.builders.people import a_person, an_agency
from tests.builders.phone_floor import an_agent, as_person, now

REGISTER = "REGISTER sip:anmi SIP/2.0\r\nVia: SIP/2.0/WS x\r\nFrom: <sip:{}@anmi>;tag=1\r\nTo: <sip:p1@anmi>\r\n\r\n"


@pytest.mark.parametrize(
    ("message", "may_pass"),
    [
        (REGISTER.format("p1"), True),
        (REGISTER.format("p2"), False),
        ('INVITE sip:8001@anmi SIP/2.0\r\nf: "x" <sip:p1@anmi>\r\n\r\n', True),
        ("INVITE sip:8001@anmi SIP/2.0\r\nTo: <sip:p1@anmi>\r\n\r\n", False),
        ("SIP/2.0 200 OK\r\nFrom: <sip:asterisk@anmi>\r\n\r\n", True),
        ("\r\n\r\n", True),
    ],
)
def test_a_request_passes_in_the_phones_own_name_only(message: str, may_pass: bool) -> None:
    assert is_of(message, "p1") is may_pass


@dataclass
class Doorman:
    """A gate that knows one caller, until she has left."""

    caller: Caller | None = None

    async def admit_socket(self, _socket: object) -> Caller:
        if self.caller is None:
            raise NotSignedIn
        return self.caller

    def hear(self, heard: Heard) -> None: ...


@dataclass
class Phone:
    """A collector whose page is on the phone, and the server between it and the switch."""

    units: Units
    caller: Caller
    doorman: Doorman
    page: ClientConnection

    async def is_closed_with(self) -> int | None:
        """Wait until the page is told to go; return with which code."""
        async with asyncio.timeout(1):
            try:
                await self.page.recv()
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else None
        return None


async def echo(connection: ServerConnection) -> None:
    """Say every message again, as a switch would answer it."""
    async for message in connection:
        await connection.send(message)


@pytest.fixture
async def phone(database: Database, keyring: Keyring, house: House, app_url: str) -> AsyncGenerator[Phone]:
    units = Units(database, keyring, now, react)
    agency = await an_agency(units)
    person_id = await a_person(units, agency, "collector")
    caller = replace(as_person(agency, person_id, EVERYTHING), session_id=new_id())
    async with serve(echo, "127.0.0.1", 0, subprotocols=[Subprotocol("sip")]) as switch:
        url = f"ws://127.0.0.1:{switch.sockets[0].getsockname()[1]}"
        engine_id = await an_engine_at(units, url)
        await an_agent(units, agency, person_id, engine_id)
        async with units.begin(caller) as unit:
            await Agents(unit).lease()
        doorman = Doorman(caller)
        app = create_app(house=replace(house, units=units))
        app.state.gate = doorman
        door = sockets.create_server(("127.0.0.1", 0))
        web = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="websockets-sansio"))
        serving = asyncio.create_task(web.serve([door]))
        hearing = asyncio.create_task(app.state.hub.run(app_url))
        address = f"ws://127.0.0.1:{door.getsockname()[1]}/api/v1/telephony/phone/socket"
        async with connect(address, subprotocols=[Subprotocol("sip")]) as page:
            await page.send("SIP/2.0 200 OK\r\n\r\n")
            assert await page.recv() == "SIP/2.0 200 OK\r\n\r\n"
            yield Phone(units, caller, doorman, page)
        web.should_exit = True
        await serving
        hearing.cancel()


async def an_engine_at(units: Units, url: str) -> UUID:
    """Write down that an engine lives whose phones are reached there."""
    async with units.begin(the_system()) as unit:
        engine_id = await Engines(unit).begin(f"test-{new_id().hex[-8:]}", "asterisk", url)
        await Engines(unit).beat(engine_id, switch_is_well=True)
    return engine_id


async def test_a_page_hears_at_once_that_another_log_in_has_taken_its_phone(phone: Phone) -> None:
    async with phone.units.begin(replace(phone.caller, session_id=new_id())) as unit:
        await Agents(unit).lease()
    assert await phone.is_closed_with() == NO_PHONE


async def test_a_page_that_logs_out_takes_its_phone_along_at_once(phone: Phone) -> None:
    phone.doorman.caller = None
    async with phone.units.begin(the_system(phone.caller.tenant_id)) as unit:
        about = {"session_id": phone.caller.session_id, "person_id": phone.caller.person_id}
        unit.tell("session", "SessionEnded", **about, reason="logged_out")
    assert await phone.is_closed_with() == ENDED


async def test_what_happens_to_others_leaves_a_phone_alone(phone: Phone) -> None:
    async with phone.units.begin(the_system(phone.caller.tenant_id)) as unit:
        unit.tell("session", "SessionEnded", session_id=new_id(), person_id=new_id(), reason="logged_out")
        unit.tell("phone", "PhoneLeased", holder_id=new_id(), unit_id=new_id())
    async with phone.units.begin(phone.caller) as unit:
        await Agents(unit).lease()
    await asyncio.sleep(0.3)
    await phone.page.send("SIP/2.0 200 OK\r\n\r\n")
    assert await phone.page.recv() == "SIP/2.0 200 OK\r\n\r\n"
