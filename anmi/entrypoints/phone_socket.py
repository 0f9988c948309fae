"""The browser phone's socket: SIP over WebSocket, brought from the page to the switch of the caller's engine.

The switch listens on loopback only, and this is the one door to it: a signed-in agent, her own page, her own phone.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from typing import Final

import structlog
import websockets
from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from anmi.core.permissions import Permission
from anmi.entrypoints.sockets import ENDED, FOREIGN_ORIGIN, same_origin, turn_away
from anmi.entrypoints.topics import SESSION
from anmi.kit.caller import Caller
from anmi.kit.errors import Refusal
from anmi.kit.hub import Heard
from anmi.kit.unit_of_work import Units
from anmi.telephony.agents.service import Agents
from anmi.telephony.engines.models import Engine

log = structlog.get_logger()

SIP: Final = Subprotocol("sip")
NO_PHONE, NO_SWITCH, NOT_HERS = 4404, 4503, 4403
CHECK_SECONDS: Final = 30.0
PHONE: Final = "phone"
LEASED, LEFT = "PhoneLeased", "PhoneLeft"
_REQUEST: Final = re.compile(r"[A-Z]+ sips?:\S+ SIP/2\.0\r\n")
_FROM: Final = re.compile(r"^(?:From|f)\s*:[^\r\n]*?sips?:([^@>;\s]+)@", re.IGNORECASE | re.MULTILINE)

router = APIRouter()


@router.websocket("/telephony/phone/socket")
async def phone_socket(socket: WebSocket) -> None:
    """Bring a page's phone to its switch."""
    if not same_origin(socket):
        await turn_away(socket, FOREIGN_ORIGIN, "origin")
        return
    try:
        caller: Caller = await socket.app.state.gate.admit_socket(socket)
    except Refusal as refusal:
        await turn_away(socket, ENDED, refusal.code)
        return
    found = await _phone_of(socket.app.state.units, caller)
    if found is None:
        await turn_away(socket, NO_PHONE, "phone")
        return
    phone, url = found
    try:
        # Loopback: no proxy stands between us and the switch.
        switch = await connect(url, subprotocols=[SIP], open_timeout=5, proxy=None, max_size=65536)
    except (OSError, TimeoutError, websockets.WebSocketException) as fault:
        log.warning("switch_unreachable", fault=type(fault).__name__)
        await turn_away(socket, NO_SWITCH, "switch")
        return
    await socket.accept(subprotocol=SIP)
    async with switch:
        await _bring(socket, switch, phone, caller)


async def _phone_of(units: Units, caller: Caller) -> tuple[str, str] | None:
    """Return the caller's phone and where its switch takes it; None unless this very log-in holds it."""
    if not caller.rights.may(Permission.PHONE_USE):
        return None
    async with units.begin(caller) as unit:
        try:
            agent = await Agents(unit).own()
        except Refusal:
            return None
        if agent.engine_id is None or agent.session_id != caller.session_id:
            return None
        engine = await unit.session.get(Engine, agent.engine_id)
    return None if engine is None or engine.phone_url is None else (agent.phone, engine.phone_url)


async def _bring(socket: WebSocket, switch: ClientConnection, phone: str, holder: Caller) -> None:
    closing = ENDED
    is_doubtful = asyncio.Event()

    def hear(heard: Heard) -> None:
        if heard.is_gap or _puts_in_doubt(heard, holder):
            is_doubtful.set()

    async def inwards() -> None:
        while True:
            message = await socket.receive_text()
            if not is_of(message, phone):
                await socket.close(NOT_HERS)
                return
            await switch.send(message)

    async def outwards() -> None:
        async for message in switch:
            await socket.send_text(message if isinstance(message, str) else message.decode(errors="replace"))

    async def watch() -> None:
        """Close with the session, and when another log-in takes the phone over: at once where we are told."""
        nonlocal closing
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(is_doubtful.wait(), CHECK_SECONDS)
            is_doubtful.clear()
            caller = await socket.app.state.gate.admit_socket(socket)
            if await _phone_of(socket.app.state.units, caller) is None:
                closing = NO_PHONE
                return

    unlisten = socket.app.state.hub.listen(hear, holder.tenant_id)
    tasks = [asyncio.create_task(work()) for work in (inwards, outwards, watch)]
    done: set[asyncio.Task[None]] = set()
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        unlisten()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await socket.close(closing)
    for task in done:
        _pass_on(task.exception())


def _puts_in_doubt(heard: Heard, holder: Caller) -> bool:
    """Say whether after this news a phone may be another log-in's, or nobody's."""
    about = heard.about
    if heard.topic == PHONE:
        return heard.kind in {LEASED, LEFT} and about.get("holder_id") == str(holder.person_id)
    return heard.topic == SESSION and str(holder.session_id) == about.get("session_id", str(holder.session_id))


def is_of(message: str, phone: str) -> bool:
    """Say whether a SIP message may come from this phone: answers may, and requests in its own name."""
    if not _REQUEST.match(message):
        return True
    found = _FROM.search(message)
    return found is not None and found[1] == phone


def _pass_on(fault: BaseException | None) -> None:
    usual: tuple[type[BaseException], ...] = (WebSocketDisconnect, websockets.ConnectionClosed, Refusal, RuntimeError)
    if fault is not None and not isinstance(fault, usual):
        raise fault
