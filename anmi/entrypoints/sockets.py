"""The live socket: one per browser, `/api/v1/live`.

A page says which topics it wants and the last news it saw; it is told what it missed and then what happens. A slow
page is not waited for: when too much has piled up it is told to reload. A socket lives as long as its session.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from prometheus_client import Gauge
from sqlalchemy import func, select

from anmi.entrypoints.topics import SESSION, may_hear, may_subscribe
from anmi.kit.caller import Caller
from anmi.kit.errors import Refusal
from anmi.kit.hub import Heard
from anmi.kit.live import LiveEvent

PILE: Final = 500
"""News that may wait for a slow page."""
CATCH_UP: Final = 1000
"""News that are repeated after an absence; beyond it the page reloads."""
OVERLAP: Final = timedelta(seconds=10)
"""Numbers are given before commits, so a page that returns is told again what was in the air when it left."""
CHECK_SECONDS: Final = 30.0

ENDED, FOREIGN_ORIGIN, TOO_SLOW = 4401, 4403, 4429

RIGHTS_CHANGE: Final = frozenset({"people", "grants", "roles", "org_units", "policy", "tenants"})

OPEN_SOCKETS: Final = Gauge("anmi_live_sockets", "Open live sockets")

router = APIRouter()


@router.websocket("/live")
async def live(socket: WebSocket) -> None:
    """Open a live socket for a signed-in browser."""
    if not same_origin(socket):
        await turn_away(socket, FOREIGN_ORIGIN, "origin")
        return
    try:
        caller = await socket.app.state.gate.admit_socket(socket)
    except Refusal as refusal:
        await turn_away(socket, ENDED, refusal.code)
        return
    await socket.accept()
    with OPEN_SOCKETS.track_inprogress():
        await Line(socket, caller).run()


class Line:
    """One open socket: what it subscribed to, and what waits to be sent."""

    def __init__(self, socket: WebSocket, caller: Caller) -> None:
        self._socket = socket
        self._caller = caller
        self._topics: set[str] = {SESSION}
        self._waiting: asyncio.Queue[dict[str, Any] | int] = asyncio.Queue(PILE)
        self._rights_are_old = False

    async def run(self) -> None:
        """Serve the socket until either side ends it."""
        unlisten = self._socket.app.state.hub.listen(self._hear, self._caller.tenant_id)
        tasks = [asyncio.create_task(work()) for work in (self._read, self._write, self._keep_checking)]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            unlisten()
            for task in tasks:
                task.cancel()
            for outcome in await asyncio.gather(*tasks, return_exceptions=True):
                if isinstance(outcome, Exception) and not isinstance(outcome, WebSocketDisconnect | RuntimeError):
                    raise outcome

    def _hear(self, heard: Heard) -> None:
        if heard.is_gap:
            self._put({"gap": True})
        elif heard.topic == SESSION:
            if self._is_mine(heard):
                self._put({"ended": heard.about.get("reason", "")})
                self._put(ENDED)
        else:
            self._rights_are_old |= heard.topic in RIGHTS_CHANGE
            if heard.topic in self._topics and may_hear(heard, self._caller):
                self._put({"id": heard.id, "topic": heard.topic, "kind": heard.kind, "about": heard.about})

    def _is_mine(self, heard: Heard) -> bool:
        about = heard.about
        if "session_id" in about:
            return about["session_id"] == str(self._caller.session_id)
        return about.get("person_id") == str(self._caller.person_id)

    def _put(self, message: dict[str, Any] | int) -> None:
        try:
            self._waiting.put_nowait(message)
        except asyncio.QueueFull:
            while not self._waiting.empty():
                self._waiting.get_nowait()
            self._waiting.put_nowait(TOO_SLOW)

    async def _write(self) -> None:
        while True:
            message = await self._waiting.get()
            if isinstance(message, int):
                await self._socket.close(message)
                return
            await self._socket.send_text(json.dumps(message, ensure_ascii=False, separators=(",", ":")))

    async def _read(self) -> None:
        while True:
            try:
                said = json.loads(await self._socket.receive_text())
            except ValueError:
                continue
            if not isinstance(said, dict):
                continue
            if "ping" in said:
                self._put({"pong": said["ping"]})
            if isinstance(said.get("subscribe"), list):
                await self._subscribe({str(topic) for topic in said["subscribe"][:100]}, said.get("since"))

    async def _subscribe(self, topics: set[str], since: object) -> None:
        await self._refresh()
        granted = {topic for topic in topics if may_subscribe(topic, self._caller.rights)}
        self._topics = granted | {SESSION}
        self._put({"subscribed": sorted(granted), "refused": sorted(topics - granted)})
        if isinstance(since, int) and not isinstance(since, bool):
            await self._catch_up(since)

    async def _catch_up(self, since: int) -> None:
        """Repeat what was missed; where it is too much or no longer known, tell of a gap."""
        async with self._socket.app.state.units.begin(self._caller) as unit:
            oldest = await unit.session.scalar(select(func.min(LiveEvent.id)))
            last = await unit.session.scalar(select(LiveEvent.at).where(LiveEvent.id == since))
            query = select(LiveEvent).order_by(LiveEvent.id).limit(CATCH_UP + 1)
            if last is None:
                query = query.where(LiveEvent.id > since)
            else:
                query = query.where((LiveEvent.id > since) | (LiveEvent.at >= last - OVERLAP))
            missed = list(await unit.session.scalars(query))
        if len(missed) > CATCH_UP or (oldest is not None and since < oldest - 1):
            self._put({"gap": True})
            return
        for event in missed:
            heard = Heard(event.id, event.tenant_id, event.topic, event.kind, event.about)
            if event.topic != SESSION and event.topic in self._topics and may_hear(heard, self._caller):
                self._put({"id": event.id, "topic": event.topic, "kind": event.kind, "about": event.about})

    async def _refresh(self) -> None:
        self._caller = await self._socket.app.state.gate.admit_socket(self._socket)
        self._rights_are_old = False

    async def _keep_checking(self) -> None:
        """Close when the session runs out, and see anew what the caller may hear when rights changed."""
        waited = 0.0
        while True:
            await asyncio.sleep(1)
            waited += 1
            if self._rights_are_old or waited >= CHECK_SECONDS:
                waited = 0.0
                try:
                    await self._refresh()
                except Refusal as refusal:
                    self._put({"ended": refusal.code})
                    self._put(ENDED)
                    return


def same_origin(socket: WebSocket) -> bool:
    """Say whether a socket is opened by a page of ours; browsers tell where they come from, others need not."""
    origin = socket.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == socket.headers.get("host")


async def turn_away(socket: WebSocket, code: int, reason: str) -> None:
    """Close a socket with the reason why."""
    # Browsers see a close code only of a socket that was opened, in the protocol they asked for.
    await socket.accept(next(iter(socket.scope.get("subprotocols", ())), None))
    with contextlib.suppress(RuntimeError):
        await socket.close(code, reason)
