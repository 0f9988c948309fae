"""The sound of legs: Asterisk brings what a leg says over a WebSocket, and takes along what it shall hear.

Samples are signed 16-bit little-endian, 16,000 a second. Asterisk dials us; a sound is known by the key it was asked
for with.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Final, Self

from aiohttp import WSMsgType, web

FORMAT: Final = "slin16"
RATE: Final = 16_000
FRAME_BYTES: Final = 640
# A listener that falls behind loses the oldest: ten seconds.
KEPT_FRAMES: Final = 500
CHUNK_BYTES: Final = FRAME_BYTES * 50
CLIENT: Final = "anmi"


class Sound:
    """One leg's sound, both ways."""

    def __init__(self) -> None:
        self._frames: deque[bytes] = deque(maxlen=KEPT_FRAMES)
        self._news = asyncio.Event()
        self._is_over = False
        self._stream: web.WebSocketResponse | None = None
        self._is_there = asyncio.Event()
        self._may_send = asyncio.Event()
        self._may_send.set()
        self._drained = asyncio.Event()
        self._turn = asyncio.Lock()

    async def frames(self) -> AsyncIterator[bytes]:
        """Yield what the leg says, 20 ms at a time, until it ends."""
        while True:
            while self._frames:
                yield self._frames.popleft()
            if self._is_over:
                return
            self._news.clear()
            await self._news.wait()

    async def play(self, samples: bytes) -> None:
        """Let the leg hear these samples; return when they have been heard, or were stopped."""
        await self._is_there.wait()
        async with self._turn:
            self._drained.clear()
            await self._command("START_MEDIA_BUFFERING")
            for start in range(0, len(samples), CHUNK_BYTES):
                await self._may_send.wait()
                if self._stream is None or self._drained.is_set():
                    return
                await self._stream.send_bytes(samples[start : start + CHUNK_BYTES])
            await self._command("STOP_MEDIA_BUFFERING")
            await self._command("REPORT_QUEUE_DRAINED")
            await self._drained.wait()

    async def stop(self) -> None:
        """Let the leg hear nothing more of what is being played."""
        await self._command("FLUSH_MEDIA")
        self._may_send.set()
        self._drained.set()

    async def close(self) -> None:
        """End the sound."""
        if self._stream:
            await self._stream.close()
        self._end()

    async def _carry(self, stream: web.WebSocketResponse) -> None:
        """Serve the WebSocket until it ends."""
        self._stream = stream
        self._is_there.set()
        try:
            async for message in stream:
                if message.type is WSMsgType.BINARY:
                    self._frames.append(message.data)
                    self._news.set()
                elif message.type is WSMsgType.TEXT:
                    self._note(message.data)
        finally:
            self._end()

    def _note(self, text: str) -> None:
        match json.loads(text).get("event"):
            case "MEDIA_XOFF":
                self._may_send.clear()
            case "MEDIA_XON":
                self._may_send.set()
            case "QUEUE_DRAINED":
                self._drained.set()
            case _:
                pass

    def _end(self) -> None:
        self._stream = None
        self._is_over = True
        for waited_for in (self._news, self._is_there, self._may_send, self._drained):
            waited_for.set()

    async def _command(self, name: str) -> None:
        if self._stream:
            await self._stream.send_str(json.dumps({"command": name}))


class MediaServer:
    """Where Asterisk brings sounds."""

    def __init__(self, host: str, port: int, client: str = CLIENT) -> None:
        self.client = client
        """By which name Asterisk knows the way to us, in `websocket_client.conf`."""
        self._host, self._port = host, port
        self._expected: dict[str, Sound] = {}
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_get("/media", self._take)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _fault: BaseException | None, _t: TracebackType | None
    ) -> None:
        for sound in list(self._expected.values()):
            await sound.close()
        if self._runner:
            await self._runner.cleanup()

    def expect(self, key: str) -> Sound:
        """Return the sound that Asterisk will bring under this key."""
        sound = self._expected[key] = Sound()
        return sound

    def forget(self, key: str) -> None:
        """Expect it no longer."""
        self._expected.pop(key, None)

    async def _take(self, request: web.Request) -> web.StreamResponse:
        sound = self._expected.get(request.query.get("key", ""))
        if sound is None:
            raise web.HTTPNotFound
        stream = web.WebSocketResponse(protocols=("media",), max_msg_size=0)
        await stream.prepare(request)
        await sound._carry(stream)  # pyright: ignore[reportPrivateUsage] - one module, one thought
        return stream


def external_media(key: str, client: str = CLIENT) -> dict[str, str]:
    """Return what ARI is told so that Asterisk brings a sound to us under this key."""
    return {
        "external_host": client,
        "transport": "websocket",
        "encapsulation": "none",
        "connection_type": "client",
        "format": FORMAT,
        "transport_data": f"f(json)v(key={key})",
    }
