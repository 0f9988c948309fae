"""A FunASR server as recogniser: one websocket connection per track, text while somebody speaks, sentences after."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from anmi.adapters.speech.audio import Recording
from anmi.adapters.speech.frames import as_pcm
from anmi.adapters.speech.funasr_live import FunasrListening
from anmi.adapters.speech.funasr_messages import Piece, Sentence
from anmi.adapters.speech.funasr_server import Conversation, Patience, Server
from anmi.adapters.speech.funasr_times import Loudness, timed
from anmi.core.ports.speech import Listening, Track, Transcript


class FunasrSpeech:
    """Recognises by a FunASR runtime at a `ws://` or `wss://` address; `certificate` trusts a self-signed one."""

    def __init__(self, address: str, certificate: Path | None = None, patience: Patience | None = None) -> None:
        self.model = f"funasr@{urlsplit(address).hostname}"
        self._server = Server(address, certificate, patience or Patience())

    async def transcribe(self, recording: BinaryIO, hot_words: tuple[str, ...] = ()) -> Transcript:
        opened = await asyncio.to_thread(Recording.open, recording)
        tracks: list[Track] = []
        # One track after the other, because some servers refuse a second client.
        for channel in range(opened.channels):
            if channel:
                recording.seek(0)
                opened = await asyncio.to_thread(Recording.open, recording)
            loudness = Loudness()
            sentences = await self._sentences(opened, channel, loudness, hot_words)
            tracks.append(Track(channel, timed(sentences, loudness.loud_tenths(), opened.duration)))
        return Transcript(tuple(tracks), round(opened.duration, 2), self.model, opened.is_damaged)

    @asynccontextmanager
    async def listen(
        self, *, channels: int, sample_rate: int, hot_words: tuple[str, ...] = ()
    ) -> AsyncGenerator[Listening]:
        async with FunasrListening(self._server, channels, sample_rate, hot_words) as listening:
            yield listening

    async def _sentences(
        self, recording: Recording, channel: int, loudness: Loudness, hot_words: tuple[str, ...]
    ) -> list[Sentence]:
        sentences: list[Sentence] = []
        pieces = ""
        async with self._server.conversation(hot_words) as conversation:
            sending = asyncio.create_task(
                _send(recording, channel, loudness, conversation), name="funasr: send a recording"
            )
            try:
                async for answer in conversation.answers():
                    match answer:
                        case Piece(text):
                            pieces += text
                        case Sentence():
                            sentences.append(answer)
                            pieces = ""
                await sending
            finally:
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)
        # A server that hangs at the end of the file has told the tail in pieces only.
        return [*sentences, Sentence(pieces)] if pieces else sentences


async def _send(recording: Recording, channel: int, loudness: Loudness, conversation: Conversation) -> None:
    blocks = recording.blocks()
    try:
        while (block := await asyncio.to_thread(next, blocks, None)) is not None:
            loudness.feed(block[channel])
            await conversation.send(as_pcm(block[channel]))
    finally:
        # Also where the file turns out to be unreadable: else the server would wait for more, and we for the server.
        await conversation.end()
