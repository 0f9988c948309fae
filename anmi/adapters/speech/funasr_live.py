"""A call heard by a FunASR server: a connection per track, taken up again when it is lost."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from typing import Final, Self

from anmi.adapters.speech.errors import SpeechUnavailable
from anmi.adapters.speech.frames import FrameReader, as_pcm
from anmi.adapters.speech.funasr_messages import Piece, Sentence
from anmi.adapters.speech.funasr_server import Conversation, Server
from anmi.core.ports.speech import Heard, HeardSoFar, Hearing, Missed, MissedReason, Utterance

MOST_WAITING: Final = 30.0
"""Seconds of audio of one track that may wait for the server."""
LOOK_AHEAD: Final = 0.6
"""Seconds the server's first pass lags behind the speaker."""
WORTH_TELLING: Final = 0.5
"""Seconds; less than this lost with a connection held no word."""


class FunasrListening:
    """One call of one or more tracks."""

    def __init__(self, server: Server, channels: int, sample_rate: int, hot_words: tuple[str, ...]) -> None:
        self._hearings: asyncio.Queue[Hearing | None] = asyncio.Queue()
        self._tracks = [_Track(server, channel, sample_rate, hot_words, self._hearings) for channel in range(channels)]

    async def __aenter__(self) -> Self:
        self._work = asyncio.create_task(self._hear_all(), name="funasr: hear one call")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._work.cancel()
        await asyncio.gather(self._work, return_exceptions=True)

    def feed(self, channel: int, frame: bytes) -> None:
        self._tracks[channel].feed(frame)

    def is_quiet(self) -> bool:
        return all(track.is_quiet for track in self._tracks)

    async def finish(self) -> None:
        for track in self._tracks:
            track.finish()

    async def __aiter__(self) -> AsyncGenerator[Hearing]:
        while (hearing := await self._hearings.get()) is not None:
            yield hearing
        await self._work

    async def _hear_all(self) -> None:
        tracks = [asyncio.create_task(track.hear(), name=f"funasr: track {track.channel}") for track in self._tracks]
        try:
            await asyncio.gather(*tracks)
        finally:
            for track in tracks:
                track.cancel()
            await asyncio.gather(*tracks, return_exceptions=True)
            self._hearings.put_nowait(None)


class _Track:
    """One side of the call: what waits to be sent, and what has been said since the last sentence."""

    def __init__(
        self,
        server: Server,
        channel: int,
        sample_rate: int,
        hot_words: tuple[str, ...],
        hearings: asyncio.Queue[Hearing | None],
    ) -> None:
        self.channel = channel
        self._server = server
        self._hot_words = hot_words
        self._hearings = hearings
        self._frames = FrameReader(sample_rate)
        self._waiting: deque[tuple[float, bytes]] = deque()
        """Audio not sent yet, each with the second it begins at."""
        self._has_audio = asyncio.Event()
        self._is_finished = False
        self._sent = 0.0
        """Seconds of the call that the server has been given."""
        self._heard_until = 0.0
        self._pieces = ""
        self._pieces_since = 0.0

    def feed(self, frame: bytes) -> None:
        self._waiting.append((self._frames.seconds, as_pcm(self._frames.read(frame))))
        lost_from = self._waiting[0][0]
        while self._frames.seconds - self._waiting[0][0] > MOST_WAITING:
            self._waiting.popleft()
        if self._waiting[0][0] > lost_from:
            self._miss(lost_from, self._waiting[0][0], MissedReason.OVERLOADED)
        self._has_audio.set()

    @property
    def is_quiet(self) -> bool:
        return not (self._waiting or self._pieces)

    def finish(self) -> None:
        self._waiting.append((self._frames.seconds, as_pcm(self._frames.rest())))
        self._is_finished = True
        self._has_audio.set()

    async def hear(self) -> None:
        """Hear this track to its end; raise SpeechUnavailable after too many connections that brought nothing."""
        patience = self._server.patience
        tries = 0
        while True:
            sent_before = self._sent
            try:
                async with self._server.conversation(self._hot_words) as conversation:
                    await self._converse(conversation)
                    return
            except SpeechUnavailable:
                self._give_up_open_sentence()
                # A server that takes one client only throws the other track out, again and again.
                tries = 0 if self._sent - sent_before > patience.steady else tries + 1
                if tries >= patience.tries:
                    raise
            await asyncio.sleep(patience.again * 2**tries)

    async def _converse(self, conversation: Conversation) -> None:
        begun = self._waiting[0][0] if self._waiting else self._frames.seconds
        sending = asyncio.create_task(self._send(conversation), name=f"funasr: send track {self.channel}")
        try:
            async for answer in conversation.answers():
                match answer:
                    case Piece(text):
                        self._add(text)
                    case Sentence():
                        self._complete(answer, begun)
            await sending
            self._give_up_open_sentence()
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def _send(self, conversation: Conversation) -> None:
        while True:
            while self._waiting:
                self._sent, pcm = self._waiting.popleft()
                await conversation.send(pcm)
            if self._is_finished:
                await conversation.end()
                return
            await self._has_audio.wait()
            self._has_audio.clear()

    def _add(self, text: str) -> None:
        if not self._pieces:
            self._pieces_since = max(self._heard_until, self._sent - LOOK_AHEAD)
        self._pieces += text
        self._hearings.put_nowait(HeardSoFar(self.channel, self._utterance(Sentence(self._pieces), 0.0)))

    def _complete(self, sentence: Sentence, begun: float) -> None:
        utterance = self._utterance(sentence, begun)
        self._hearings.put_nowait(Heard(self.channel, utterance))
        self._heard_until = max(self._heard_until, utterance.end)
        self._pieces = ""

    def _utterance(self, sentence: Sentence, begun: float) -> Utterance:
        """Place a sentence in the call; a server counts from where its connection begun."""
        if sentence.start is not None and sentence.end is not None:
            start, end = begun + sentence.start, begun + sentence.end
        else:
            start, end = self._pieces_since if self._pieces else self._heard_until, self._sent
        return Utterance(round(start, 2), round(max(start, end), 2), sentence.text, None, sentence.words)

    def _give_up_open_sentence(self) -> None:
        """Keep the pieces of a sentence that will not be completed, or say that something was lost."""
        if self._pieces:
            self._complete(Sentence(self._pieces), 0.0)
        elif not self._is_finished or self._waiting:
            self._miss(self._heard_until, self._sent, MissedReason.CONNECTION_LOST)
        self._heard_until = max(self._heard_until, self._sent)

    def _miss(self, start: float, end: float, reason: MissedReason) -> None:
        if end - start >= WORTH_TELLING:
            self._hearings.put_nowait(Missed(self.channel, round(start, 2), round(end, 2), reason))
