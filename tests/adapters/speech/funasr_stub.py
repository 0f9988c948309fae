"""A server that speaks the FunASR protocol with the manners of the real ones, and recognises tones as sentences.

Sentence `n` is a tone of `300 + 100 * n` Hz. What differs between the kinds is what was read in the servers' sources:
stamps, `is_final`, the acknowledged end, the single client, the tail that never comes.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

import numpy as np
from websockets.asyncio.server import Server, ServerConnection, serve

from tests.adapters.speech.sounds import RATE, Sound, sentence, silence, tone

WINDOW = 320
CLOSES_AFTER = 20
"""Windows of silence that end a sentence: 0.4 s."""


class Kind(Enum):
    RUNTIME = auto()
    """The C++ runtime: stamps every sentence; `is_final` means the end, with an empty text of no mode after silence."""
    OLD_PYTHON = auto()
    """Stamps nothing, says `is_final` while somebody speaks, throws out the last client when a new one comes."""
    NEW_PYTHON = auto()
    """Stamps nothing, acknowledges the end with `is_end`."""
    HANGING = auto()
    """Like the old one, and the sentence that is open at the end of the file never comes."""
    LOSING = auto()
    """Like the runtime, and the first connection is lost after a second of audio."""


def said_as_tone(number: int, seconds: float = 2.0) -> Sound:
    return np.concatenate((silence(0.4), tone(300 + 100 * number, seconds), silence(0.7)))


@dataclass
class FunasrStub:
    kind: Kind = Kind.RUNTIME
    address: str = ""
    openings: list[dict[str, Any]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    clients: list[ServerConnection] = field(default_factory=list)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[FunasrStub]:
        async with serve(self._talk, "127.0.0.1", 0, subprotocols=["binary"], ping_interval=None) as server:  # type: ignore[list-item]
            self.address = f"ws://127.0.0.1:{_port(server)}"
            yield self

    async def _talk(self, client: ServerConnection) -> None:
        if self.kind in {Kind.OLD_PYTHON, Kind.HANGING}:
            for other in self.clients:
                await other.close()
        self.clients.append(client)
        track = _Track(self, client)
        async for message in client:
            if isinstance(message, bytes):
                await track.hear(message)
                if self.kind is Kind.LOSING and len(self.clients) == 1 and track.samples > RATE:
                    client.transport.abort()
                    return
            elif await track.told(json.loads(message)):
                return


@dataclass
class _Track:
    stub: FunasrStub
    client: ServerConnection
    samples: int = 0
    is_speaking: bool = True
    is_ready: bool = False
    begun: int | None = None
    quiet: int = 0
    told_pieces: int = 0
    heard: list[np.ndarray] = field(default_factory=list)

    @property
    def stamps(self) -> bool:
        return self.stub.kind in {Kind.RUNTIME, Kind.LOSING}

    async def told(self, message: dict[str, Any]) -> bool:
        """Take a message of words; return whether the track is over."""
        if "mode" in message:
            self.stub.openings.append(message)
            self._check(message)
            self.is_ready = "chunk_size" in message
        self.is_speaking = message["is_speaking"]
        if self.is_speaking:
            return False
        match self.stub.kind:
            case Kind.HANGING:
                pass
            case Kind.OLD_PYTHON:
                await self._complete()
            case Kind.NEW_PYTHON:
                await self._complete()
                if message.get("is_end"):
                    await self._send({"is_end": True, "is_final": True, "error": None})
            case _:
                await self._complete(is_last=True)
        return False

    async def hear(self, message: bytes) -> None:
        if len(message) != 1920:
            self.stub.complaints.append(f"a message of {len(message)} bytes")
        if not self.is_ready:
            return
        for window in (np.frombuffer(message, "<i2") / 32768).reshape(-1, WINDOW):
            self.samples += WINDOW
            is_loud = bool(np.sqrt((window**2).mean()) > 0.05)
            if is_loud and self.begun is None:
                self.begun = self.samples - WINDOW
            if self.begun is not None:
                self.heard.append(window)
                self.quiet = 0 if is_loud else self.quiet + 1
                await self._tell_piece()
            if self.quiet >= CLOSES_AFTER:
                await self._complete()

    async def _tell_piece(self) -> None:
        if len(self.heard) % 30 == 0 and not self.quiet:
            piece = self._text()[self.told_pieces : self.told_pieces + 4]
            self.told_pieces += 4
            if piece:
                await self._send({"mode": "2pass-online", "text": piece})

    async def _complete(self, *, is_last: bool = False) -> None:
        if self.begun is None:
            if is_last:
                await self._send({"text": ""}, is_last=True)
            return
        text, begin = self._text(), self.begun * 1000 // RATE
        end = begin + (len(self.heard) - self.quiet) * WINDOW * 1000 // RATE
        message: dict[str, Any] = {"mode": "2pass-offline", "text": text}
        if self.stamps:
            message["timestamp"] = json.dumps([[begin, end]])
            message["stamp_sents"] = [
                {"text_seg": " ".join(text[:-1]), "punc": text[-1], "start": begin, "end": end, "ts_list": []}
            ]
        self.begun, self.heard, self.quiet, self.told_pieces = None, [], 0, 0
        await self._send(message, is_last=is_last)

    def _text(self) -> str:
        loud = np.concatenate(self.heard[: 30 if len(self.heard) > 30 else None])
        hertz = float(np.argmax(np.abs(np.fft.rfft(loud)))) * RATE / len(loud)
        return sentence(round((hertz - 300) / 100))

    async def _send(self, message: dict[str, Any], *, is_last: bool = False) -> None:
        is_final = is_last if self.stamps else self.is_speaking
        await self.client.send(json.dumps({"wav_name": "anmi", "is_final": is_final, **message}, ensure_ascii=False))

    def _check(self, opening: dict[str, Any]) -> None:
        types = {"mode": str, "wav_format": str, "audio_fs": int, "is_speaking": bool, "itn": bool, "chunk_size": list}
        wrong = [name for name, kind in types.items() if not isinstance(opening.get(name), kind)]
        if "hotwords" in opening and not isinstance(opening["hotwords"], str):
            wrong.append("hotwords")
        self.stub.complaints += [f"{name} is not of the type the runtime reads" for name in wrong]


def _port(server: Server) -> int:
    return int(next(iter(server.sockets)).getsockname()[1])
