"""A connection to a FunASR server, which carries one track."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI
from websockets.typing import Subprotocol

from anmi.adapters.speech.errors import SpeechUnavailable
from anmi.adapters.speech.funasr_messages import ENDING, Closed, Piece, Sentence, opening, understood

MESSAGE: Final = 1920
"""Bytes: 60 ms of 16 kHz audio, which is what `chunk_size` and `chunk_interval` of our opening amount to."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds we wait for a server."""

    connect: float = 10.0
    quiet: float = 10.0
    """After the end of the audio, for one that neither stamps its sentences nor acknowledges the end."""
    again: float = 1.0
    """Before a lost call is taken up again; doubled each time."""
    tries: int = 4
    steady: float = 10.0
    """Seconds of audio after which a connection counts as one that works."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where the recogniser is, and how long we wait for it."""

    address: str
    certificate: Path | None
    """Trusted although the server signed it itself."""
    patience: Patience = Patience()

    def conversation(self, hot_words: tuple[str, ...]) -> Conversation:
        """Return a conversation to be entered."""
        return Conversation(self, hot_words)

    def trust(self) -> ssl.SSLContext | None:
        """Return whom we believe to be this server; None for a plain connection."""
        if not self.address.startswith("wss://"):
            return None
        if self.certificate is None:
            return ssl.create_default_context()
        trust = ssl.create_default_context(cafile=self.certificate)
        # The certificate that comes with the runtime names no host; this one file is trusted and no other.
        trust.check_hostname = False
        return trust


class Conversation:
    """One connection, which carries one track."""

    def __init__(self, server: Server, hot_words: tuple[str, ...]) -> None:
        self._server = server
        self._hot_words = hot_words
        self._has_ended = False
        self._unsent = b""

    async def __aenter__(self) -> Self:
        try:
            # A busy Python server answers no pings while it reads; so we send none.
            self._socket: ClientConnection = await connect(
                self._server.address,
                ssl=self._server.trust(),
                subprotocols=[Subprotocol("binary")],
                ping_interval=None,
                open_timeout=self._server.patience.connect,
                close_timeout=1,
            )
            await self._socket.send(opening("anmi", self._hot_words))
        except (OSError, InvalidHandshake, InvalidURI, ConnectionClosed) as reason:
            raise SpeechUnavailable("server_unreachable", f"无法连接语音识别服务 {self._server.address}") from reason
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()

    async def send(self, pcm: bytes) -> None:
        """Send audio, in messages of the one length that every server reckons with."""
        self._unsent += pcm
        while len(self._unsent) >= MESSAGE:
            message, self._unsent = self._unsent[:MESSAGE], self._unsent[MESSAGE:]
            await self._put(message)

    async def end(self) -> None:
        if self._unsent:
            await self._put(self._unsent.ljust(MESSAGE, b"\0"))
            self._unsent = b""
        self._has_ended = True
        await self._put(ENDING)

    async def answers(self) -> AsyncIterator[Piece | Sentence]:
        """Yield what the server says until it has said everything; raise SpeechUnavailable if it breaks off."""
        while True:
            try:
                message = await asyncio.wait_for(self._socket.recv(), self._server.patience.quiet)
            except TimeoutError:
                if self._has_ended:
                    return
                continue
            except ConnectionClosed as reason:
                if self._has_ended:
                    return
                raise SpeechUnavailable("server_lost", f"语音识别服务 {self._server.address} 中断了连接") from reason
            for answer in understood(message, has_ended=self._has_ended):
                if isinstance(answer, Closed):
                    if answer.error:
                        raise SpeechUnavailable("server_failed", f"语音识别服务出错：{answer.error}")
                    return
                yield answer

    async def _put(self, message: str | bytes) -> None:
        try:
            await self._socket.send(message)
        except ConnectionClosed as reason:
            raise SpeechUnavailable("server_lost", f"语音识别服务 {self._server.address} 中断了连接") from reason
