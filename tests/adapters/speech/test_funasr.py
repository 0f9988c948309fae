"""The manners of real FunASR servers, one by one."""

from __future__ import annotations

import asyncio
import time
from contextlib import closing
from socket import socket

import pytest
from websockets.asyncio.server import ServerConnection, serve

from anmi.adapters.speech.errors import SpeechUnavailable
from anmi.adapters.speech.funasr import FunasrSpeech
from anmi.adapters.speech.funasr_server import Patience
from anmi.core.ports.speech import Heard, Hearing, Missed
from tests.adapters.speech.bodies import ToneBody
from tests.adapters.speech.funasr_stub import FunasrStub, Kind
from tests.adapters.speech.sounds import sentence, silence, wav

IMPATIENT = Patience(connect=2, quiet=0.4, again=0.02, tries=3, steady=10)


def texts(hearings: list[Hearing], channel: int = 0) -> list[str]:
    return [one.utterance.text for one in hearings if isinstance(one, Heard) and one.channel == channel]


async def heard_live(body: ToneBody, *turns: tuple[int, int], rate: int = 16_000) -> list[Hearing]:
    body.rate = rate
    hearings: list[Hearing] = []
    async with body.speech.listen(channels=1 + max(c for c, _ in turns), sample_rate=rate) as listening:
        for channel, frame in body.call(*turns):
            listening.feed(channel, frame)
            await asyncio.sleep(0.0005)
        await listening.finish()
        hearings += [hearing async for hearing in listening]
    return hearings


@pytest.mark.parametrize("kind", [Kind.RUNTIME, Kind.NEW_PYTHON])
async def test_a_server_that_says_when_it_is_done_is_not_waited_for(kind: Kind) -> None:
    async with FunasrStub(kind).running() as stub:
        body = ToneBody(FunasrSpeech(stub.address, patience=Patience(quiet=30)), 0)
        begun = time.monotonic()
        await body.speech.transcribe(body.recording([1, 2]))
        assert time.monotonic() - begun < 10


async def test_the_older_server_that_throws_out_its_last_client_transcribes_both_sides() -> None:
    async with FunasrStub(Kind.OLD_PYTHON).running() as stub:
        body = ToneBody(FunasrSpeech(stub.address, patience=IMPATIENT), 0)
        transcript = await body.speech.transcribe(body.recording([1], [2]))
        assert [[one.text for one in track.utterances] for track in transcript.tracks] == [[sentence(1)], [sentence(2)]]
        assert stub.complaints == []


async def test_a_tail_that_never_comes_is_kept_as_far_as_it_was_told() -> None:
    async with FunasrStub(Kind.HANGING).running() as stub:
        body = ToneBody(FunasrSpeech(stub.address, patience=IMPATIENT), 0)
        sound = body.sound(3)[: 16_000 * 2]
        transcript = await body.speech.transcribe(wav(sound))
        [utterance] = transcript.tracks[0].utterances
        assert sentence(3).startswith(utterance.text)
        assert len(utterance.text) >= 4


async def test_silence_has_no_words_and_an_end() -> None:
    for kind in (Kind.RUNTIME, Kind.OLD_PYTHON, Kind.NEW_PYTHON):
        async with FunasrStub(kind).running() as stub:
            speech = FunasrSpeech(stub.address, patience=IMPATIENT)
            transcript = await speech.transcribe(wav(silence(2)))
            assert transcript.tracks[0].utterances == ()


async def test_stamped_sentences_have_their_own_times() -> None:
    async with FunasrStub(Kind.RUNTIME).running() as stub:
        body = ToneBody(FunasrSpeech(stub.address, patience=IMPATIENT), 0)
        transcript = await body.speech.transcribe(body.recording([1, 2]))
        starts = [utterance.start for utterance in transcript.tracks[0].utterances]
        assert starts == [pytest.approx(0.4, abs=0.1), pytest.approx(3.5, abs=0.1)]


async def test_a_telephone_call_is_told_to_the_server_at_its_own_rate() -> None:
    async with FunasrStub(Kind.RUNTIME).running() as stub:
        body = ToneBody(FunasrSpeech(stub.address, patience=IMPATIENT), 0)
        hearings = await heard_live(body, (0, 1), (1, 2), rate=8_000)
        assert (texts(hearings, 0), texts(hearings, 1)) == ([sentence(1)], [sentence(2)])
        assert {opening["audio_fs"] for opening in stub.openings} == {16_000}
        assert stub.complaints == []


async def test_a_lost_connection_is_taken_up_again_and_the_loss_is_told() -> None:
    async with FunasrStub(Kind.LOSING).running() as stub:
        body = ToneBody(FunasrSpeech(stub.address, patience=IMPATIENT), 0)
        hearings = await heard_live(body, (0, 1), (0, 2), (0, 3))
        assert len(stub.clients) == 2
        told = texts(hearings)
        assert sentence(3) in told
        lost = [hearing for hearing in hearings if isinstance(hearing, Missed)]
        pieces = [text for text in told if text not in {sentence(1), sentence(2), sentence(3)}]
        assert lost or pieces
        whole = [one.utterance for one in hearings if isinstance(one, Heard) and one.utterance.text == sentence(3)]
        assert whole[0].start == pytest.approx(6.6, abs=0.3)


async def test_a_server_for_one_client_says_so_instead_of_fighting_for_ever() -> None:
    async with FunasrStub(Kind.OLD_PYTHON).running() as stub:
        body = ToneBody(FunasrSpeech(stub.address, patience=IMPATIENT), 0)
        with pytest.raises(SpeechUnavailable):
            await heard_live(body, (0, 1), (1, 2), (0, 3), (1, 4))


async def test_nobody_at_the_address_is_said_clearly() -> None:
    with closing(socket()) as free:
        free.bind(("127.0.0.1", 0))
        address = f"ws://127.0.0.1:{free.getsockname()[1]}"
    speech = FunasrSpeech(address, patience=IMPATIENT)
    with pytest.raises(SpeechUnavailable) as refused:
        await speech.transcribe(wav(silence(1)))
    assert refused.value.code == "server_unreachable"
    assert address in refused.value.message


@pytest.mark.parametrize(
    ("answer", "code"),
    [('{"is_end": true, "error": "out of memory"}', "server_failed"), (None, "server_lost")],
)
async def test_a_server_that_fails_is_unavailable(answer: str | None, code: str) -> None:
    async def talk(client: ServerConnection) -> None:
        await client.recv()
        if answer:
            await client.send(answer)
            await client.wait_closed()
        client.transport.abort()

    async with serve(talk, "127.0.0.1", 0) as server:
        speech = FunasrSpeech(f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}", patience=IMPATIENT)
        with pytest.raises(SpeechUnavailable) as refused:
            await speech.transcribe(wav(silence(600)))
        assert refused.value.code == code
