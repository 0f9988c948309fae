"""What every body of the speech port keeps to."""

from __future__ import annotations

import asyncio
import io
from itertools import pairwise

import pytest

from anmi.adapters.speech.accuracy import compared
from anmi.core.ports.speech import Heard, HeardSoFar, Hearing, Track, UnreadableRecording, Utterance
from tests.adapters.speech.bodies import Body
from tests.adapters.speech.sounds import sentence

pytestmark = pytest.mark.heavy


def is_heard(heard: str, number: int, tolerance: float) -> bool:
    return compared(sentence(number), heard).character_error_rate <= tolerance


def text_of(track: Track) -> str:
    return "".join(utterance.text for utterance in track.utterances)


async def listened(body: Body, frames: list[tuple[int, bytes]]) -> list[Hearing]:
    channels = 1 + max(channel for channel, _ in frames)
    async with body.speech.listen(channels=channels, sample_rate=16_000) as listening:
        for channel, frame in frames:
            listening.feed(channel, frame)
            await asyncio.sleep(0)
        await listening.finish()
        return [hearing async for hearing in listening]


async def test_a_recording_becomes_utterances_with_times(body: Body) -> None:
    transcript = await body.speech.transcribe(body.recording([1, 8]))
    [track] = transcript.tracks
    first, *_, last = track.utterances
    assert is_heard(text_of(track), 1, 2.0)
    assert is_heard(first.text, 1, body.tolerance)
    assert last.text.endswith(sentence(8)[-3:-1]) or is_heard(last.text, 8, body.tolerance)
    for utterance in track.utterances:
        assert 0 <= utterance.start < utterance.end <= transcript.duration
        assert utterance.confidence is None or 0 < utterance.confidence <= 1
    assert all(before.end <= after.start for before, after in pairwise(track.utterances))
    assert transcript.model
    assert not transcript.is_damaged


async def test_each_side_of_a_call_has_its_own_track(body: Body) -> None:
    transcript = await body.speech.transcribe(body.recording([3], [7]))
    left, right = transcript.tracks
    assert (left.channel, right.channel) == (0, 1)
    assert is_heard(text_of(left), 3, body.tolerance)
    assert is_heard(text_of(right), 7, body.tolerance)
    assert left.utterances[-1].end <= right.utterances[0].start


async def test_hot_words_do_not_get_into_the_text(body: Body) -> None:
    transcript = await body.speech.transcribe(body.recording([6]), ("协商", "减免"))
    assert is_heard(text_of(transcript.tracks[0]), 6, body.tolerance)


async def test_an_empty_file_is_refused(body: Body) -> None:
    with pytest.raises(UnreadableRecording) as refused:
        await body.speech.transcribe(io.BytesIO(b""))
    assert refused.value.code == "empty_file"


async def test_a_file_of_noise_bytes_is_refused(body: Body) -> None:
    with pytest.raises(UnreadableRecording) as refused:
        await body.speech.transcribe(io.BytesIO(b"\xff\xfe\x9c\x80" * 5000))
    assert refused.value.code == "not_audio"


async def test_a_call_is_heard_turn_by_turn(body: Body) -> None:
    hearings = await listened(body, body.call((0, 1), (1, 2), (0, 8)))
    heard = [hearing for hearing in hearings if isinstance(hearing, Heard)]
    sides = ["".join(one.utterance.text for one in heard if one.channel == channel) for channel in (0, 1)]
    assert compared(sentence(1) + sentence(8), sides[0]).character_error_rate <= body.tolerance
    assert is_heard(sides[1], 2, body.tolerance)
    first, second = (next(one for one in heard if one.channel == channel).utterance for channel in (0, 1))
    assert first.end <= second.start + 0.5


async def test_text_so_far_is_always_followed_by_the_whole_utterance(body: Body) -> None:
    hearings = await listened(body, body.call((0, 5), (0, 6)))
    open_since: dict[int, Utterance] = {}
    for hearing in hearings:
        match hearing:
            case HeardSoFar(channel, utterance):
                open_since[channel] = utterance
            case Heard(channel):
                open_since.pop(channel, None)
            case _:
                pass
    assert not open_since


async def test_a_call_that_ends_at_once_is_over_at_once(body: Body) -> None:
    async with body.speech.listen(channels=2, sample_rate=8_000) as listening:
        await listening.finish()
        assert [hearing async for hearing in listening] == []


async def test_a_call_may_be_left_while_somebody_speaks(body: Body) -> None:
    async with body.speech.listen(channels=1, sample_rate=16_000) as listening:
        for channel, frame in body.call((0, 4))[:60]:
            listening.feed(channel, frame)
            await asyncio.sleep(0)
