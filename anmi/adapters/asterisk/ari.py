"""Asterisk's REST interface: requests go out over HTTP, events come in over one WebSocket that is renewed."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self, TypeAlias

import aiohttp

from anmi.adapters.asterisk.installation import PORT
from anmi.kit.errors import Unavailable

REQUEST_SECONDS: Final = 10.0
HEARTBEAT_SECONDS: Final = 5.0
FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 2.0

Json: TypeAlias = dict[str, Any]


class Refused(Unavailable):
    """Asterisk understood and declined; `status` as in HTTP: 404 for what is gone, 409 and 422 for a wrong moment."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(PORT, f"Asterisk answered {status}: {reason}")
        self.status = status


@dataclass(frozen=True, slots=True)
class Connected:
    """The stream of events stands (again): what happened before may have been missed."""


class Ari:
    """One application of one Asterisk."""

    def __init__(self, url: str, user: str, secret: str, app: str) -> None:
        self._url = url
        self._app = app
        token = base64.b64encode(f"{user}:{secret}".encode()).decode("ascii")
        self._headers = {"Authorization": f"Basic {token}"}
        self._session: aiohttp.ClientSession | None = None

    @property
    def app(self) -> str:
        """The application that channels are handed to."""
        return self._app

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            headers=self._headers,
            # A hundred calls speak at once: none of them waits for a connection.
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=10.0),
            timeout=aiohttp.ClientTimeout(total=REQUEST_SECONDS),
        )
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _fault: BaseException | None, _t: TracebackType | None
    ) -> None:
        if self._session:
            await self._session.close()
        self._session = None

    async def get(self, path: str, **told: object) -> Any:
        """Read a resource."""
        return await self._ask("GET", path, told)

    async def post(self, path: str, body: Mapping[str, object] | None = None, **told: object) -> Any:
        """Make something, or have something done."""
        return await self._ask("POST", path, told, body)

    async def put(self, path: str, body: Mapping[str, object], **told: object) -> Any:
        """Set something."""
        return await self._ask("PUT", path, told, body)

    async def delete(self, path: str, **told: object) -> bool:
        """End something; return whether it was there. What is ending already is not."""
        try:
            await self._ask("DELETE", path, told)
        except Refused as refusal:
            if refusal.status in {404, 409}:
                return False
            raise
        return True

    async def events(self) -> AsyncIterator[Json | Connected]:
        """Yield what happens, for ever; `Connected` each time the stream stands."""
        pause = FIRST_PAUSE
        while True:
            try:
                async with self._opened.ws_connect(
                    f"{self._url}/events",
                    params={"app": self._app, "subscribeAll": "false"},
                    heartbeat=HEARTBEAT_SECONDS,
                    max_msg_size=0,
                ) as stream:
                    pause = FIRST_PAUSE
                    yield Connected()
                    async for message in stream:
                        if message.type is aiohttp.WSMsgType.TEXT:
                            yield json.loads(message.data)
            except (aiohttp.ClientError, OSError, TimeoutError):
                # Tried again below; whoever asks for something meanwhile is told.
                pass
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    @property
    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("The client is used outside of its block.")
        return self._session

    async def _ask(
        self, verb: str, path: str, told: Mapping[str, object], body: Mapping[str, object] | None = None
    ) -> Any:
        params = {name: str(value) for name, value in told.items() if value is not None}
        try:
            async with self._opened.request(verb, f"{self._url}/{path}", params=params, json=body) as answer:
                text = await answer.text()
        except (aiohttp.ClientError, TimeoutError, OSError) as fault:
            raise Unavailable(PORT, f"{type(fault).__name__} at {verb} {path.partition('/')[0]}") from fault
        if answer.status >= 400:
            raise Refused(answer.status, _message(text))
        return json.loads(text) if text else None


def _message(text: str) -> str:
    try:
        return str(json.loads(text).get("message", text))
    except (ValueError, AttributeError):
        return text[:200]
