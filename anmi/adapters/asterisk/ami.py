"""Asterisk's older manager interface, for the little that REST cannot do: recordings, and phones coming and going."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Mapping
from types import TracebackType
from typing import Final, Self, TypeAlias

from anmi.adapters.asterisk.installation import PORT
from anmi.kit.errors import Unavailable

REQUEST_SECONDS: Final = 10.0
FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 2.0
# Header lines cannot hold a line break: whoever could write one could give orders.
FORBIDDEN: Final = frozenset("\r\n\0")

Message: TypeAlias = Mapping[str, str]
LOGGED_IN: Final[Message] = {"Event": "LoggedIn"}
"""Comes first, and each time the connection stands again: what happened before may have been missed."""


class ActionFailed(Exception):
    """The manager understood and declined."""


class Ami:
    """One login; it is renewed when the connection breaks."""

    def __init__(self, host: str, port: int, user: str, secret: str) -> None:
        self._host, self._port, self._user, self._secret = host, port, user, secret
        self._writer: asyncio.StreamWriter | None = None
        self._waiting: dict[str, asyncio.Future[Message]] = {}
        self._events: asyncio.Queue[Message] = asyncio.Queue()
        self._numbers = itertools.count(1)
        self._is_logged_in = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._keeping = asyncio.create_task(self._keep(), name="asterisk manager")
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _fault: BaseException | None, _t: TracebackType | None
    ) -> None:
        if self._keeping:
            self._keeping.cancel()
            await asyncio.wait({self._keeping})

    async def ready(self) -> None:
        """Wait until somebody answers."""
        await self._is_logged_in.wait()

    async def action(self, name: str, **headers: str) -> Message:
        """Have something done; raise ActionFailed when it is declined, Unavailable when nobody answers."""
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                await self._is_logged_in.wait()
                answer = await self._send(name, headers)
        except (TimeoutError, OSError) as fault:
            raise Unavailable(PORT, f"the manager interface did not answer {name}") from fault
        if answer.get("Response") != "Success":
            raise ActionFailed(answer.get("Message", "declined"))
        return answer

    async def events(self) -> AsyncIterator[Message]:
        """Yield what happens, of the kinds that the configuration lets through."""
        while True:
            yield await self._events.get()

    async def _keep(self) -> None:
        pause = FIRST_PAUSE
        while True:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                reader, self._writer = await asyncio.open_connection(self._host, self._port)
                try:
                    await reader.readline()
                    reading = asyncio.create_task(self._read(reader))
                    try:
                        await self._send("Login", {"Username": self._user, "Secret": self._secret})
                        self._is_logged_in.set()
                        self._events.put_nowait(LOGGED_IN)
                        pause = FIRST_PAUSE
                        await reading
                    finally:
                        reading.cancel()
                finally:
                    self._drop()
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _send(self, name: str, headers: Mapping[str, str]) -> Message:
        if any(FORBIDDEN & set(text) for pair in headers.items() for text in pair):
            raise ValueError("A header of the manager interface is one line.")
        if self._writer is None:
            raise ConnectionResetError
        number = str(next(self._numbers))
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        told = {"Action": name, "ActionID": number, **headers}
        self._writer.write("".join(f"{key}: {value}\r\n" for key, value in told.items()).encode() + b"\r\n")
        try:
            return await answer
        finally:
            self._waiting.pop(number, None)

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while True:
            block = await reader.readuntil(b"\r\n\r\n")
            message = dict(line.split(": ", 1) for line in block.decode(errors="replace").split("\r\n") if ": " in line)
            if "Event" in message:
                self._events.put_nowait(message)
            elif (answer := self._waiting.get(message.get("ActionID", ""))) and not answer.done():
                answer.set_result(message)

    def _drop(self) -> None:
        self._is_logged_in.clear()
        if self._writer:
            self._writer.close()
        self._writer = None
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(ConnectionResetError())
