"""What nobody said is never written down."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from anmi.adapters.speech.embedded import EmbeddedSpeech
from anmi.core.ports.speech import Heard, HeardSoFar, Missed
from tests.adapters.speech.sounds import NOT_SPEECH, encoded, noise, pcm, ringback, sentence, silence, spoken, wav

pytestmark = pytest.mark.heavy

SECONDS = 12


@pytest.mark.parametrize("kind", NOT_SPEECH)
async def test_a_recording_without_speech_has_no_words(embedded: EmbeddedSpeech, kind: str) -> None:
    sound = NOT_SPEECH[kind](SECONDS)
    transcript = await embedded.transcribe(wav(sound, sound))
    assert [track.utterances for track in transcript.tracks] == [(), ()]


@pytest.mark.parametrize("kind", NOT_SPEECH)
async def test_a_telephone_line_without_speech_has_no_words(embedded: EmbeddedSpeech, kind: str) -> None:
    transcript = await embedded.transcribe(encoded(NOT_SPEECH[kind](SECONDS), "wav", "pcm_alaw", 8_000))
    assert transcript.tracks[0].utterances == ()


@pytest.mark.parametrize("kind", NOT_SPEECH)
async def test_the_reader_alone_invents_nothing(embedded: EmbeddedSpeech, kind: str) -> None:
    """Also where the search for speech should once be mistaken."""
    reading = embedded.whisper().read(NOT_SPEECH[kind](6).astype(np.float32))
    assert reading is None or reading.text == ""


async def test_a_call_that_rings_and_is_not_answered_has_no_words(embedded: EmbeddedSpeech) -> None:
    async with embedded.listen(channels=2, sample_rate=8_000) as listening:
        ringing, hiss = pcm(ringback(SECONDS)[::2]), pcm(noise(SECONDS, 0.01)[::2])
        for at in range(0, len(ringing), 320):
            listening.feed(0, ringing[at : at + 320])
            listening.feed(1, hiss[at : at + 320])
        await listening.finish()
        assert [hearing async for hearing in listening] == []


async def test_words_after_long_ringing_are_heard_at_their_time(embedded: EmbeddedSpeech) -> None:
    transcript = await embedded.transcribe(wav(np.concatenate((ringback(20), spoken(8), silence(2)))))
    [utterance] = transcript.tracks[0].utterances
    assert 19.5 <= utterance.start < 20.5
    assert "录音" in utterance.text


async def test_speech_in_noise_is_still_speech(embedded: EmbeddedSpeech) -> None:
    sound = np.concatenate((silence(1), spoken(7), silence(1)))
    transcript = await embedded.transcribe(wav(sound + noise(30, 0.005)[: len(sound)]))
    assert "投诉" in "".join(utterance.text for utterance in transcript.tracks[0].utterances)


async def test_somebody_who_never_pauses_is_cut_into_parts_and_loses_no_word(embedded: EmbeddedSpeech) -> None:
    without_pauses = np.concatenate([spoken(number)[3200:-12_000] for number in (2, 3, 6, 7, 3, 2, 6, 7)])
    transcript = await embedded.transcribe(wav(without_pauses))
    utterances = transcript.tracks[0].utterances
    assert len(utterances) >= 2
    assert all(utterance.end - utterance.start <= 15 for utterance in utterances)
    heard = "".join(utterance.text for utterance in utterances)
    assert heard.count("电话") >= 3
    assert len(heard) > 0.7 * sum(len(sentence(number)) for number in (2, 3, 6, 7, 3, 2, 6, 7))


async def test_a_call_that_is_fed_too_fast_says_what_it_leaves_out(embedded: EmbeddedSpeech) -> None:
    talk = pcm(np.concatenate([np.concatenate((spoken(number), silence(2))) for number in range(1, 9)]))
    heard: list[float] = []
    missed: list[Missed] = []
    async with embedded.listen(channels=2, sample_rate=16_000) as listening:
        for at in range(0, len(talk), 640):
            listening.feed(0, talk[at : at + 640])
            listening.feed(1, talk[at : at + 640])
        await listening.finish()
        async for hearing in listening:
            match hearing:
                case Heard(_, utterance):
                    heard.append(utterance.end)
                case Missed():
                    missed.append(hearing)
                case _:
                    assert not isinstance(hearing, HeardSoFar), "when behind, text so far is left out"
    assert missed
    assert {gap.reason for gap in missed} == {"overloaded"}
    # Sixteen utterances were said; what was not read was told.
    assert len(heard) + len(missed) >= 16


async def test_several_calls_are_heard_at_once(embedded: EmbeddedSpeech) -> None:
    async def call(number: int) -> str:
        talk = pcm(np.concatenate((spoken(number), silence(1))))
        async with embedded.listen(channels=1, sample_rate=16_000) as listening:
            for at in range(0, len(talk), 640):
                listening.feed(0, talk[at : at + 640])
                await asyncio.sleep(0)
            await listening.finish()
            return "".join([hearing.utterance.text async for hearing in listening if isinstance(hearing, Heard)])

    first, second, third = await asyncio.gather(call(1), call(7), call(8))
    assert "王小明" in first
    assert "投诉" in second
    assert "录音" in third
