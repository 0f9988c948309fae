"""Recorded sound: WAV files of it, its waveform, and any part of any track."""

from __future__ import annotations

import io
import wave
from array import array
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.sound import (
    STRETCHES,
    WAV_HEADER,
    Listening,
    Track,
    peaks,
    stretches,
    take_track,
    wav_header,
)

RATE = 8000
SAMPLES = st.integers(-32768, 32767)
FRAMES = st.lists(st.tuples(SAMPLES, SAMPLES), max_size=60)


def raw(frames: list[tuple[int, int]]) -> bytes:
    return array("h", [sample for frame in frames for sample in frame]).tobytes()


def whole(frames: list[tuple[int, int]]) -> bytes:
    sound = raw(frames)
    return wav_header(RATE, 2, len(sound)) + sound


def test_a_wav_file_is_read_by_others() -> None:
    sound = raw([(100, -100), (32767, -32768), (0, 5)])
    with wave.open(io.BytesIO(wav_header(RATE, 2, len(sound)) + sound)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth(), file.getnframes()) == (2, RATE, 2, 3)
        assert file.readframes(3) == sound


@given(st.integers(0, 10**8))
def test_the_stretches_of_a_waveform_are_equal_and_lose_no_frame(frames: int) -> None:
    lengths = list(stretches(frames))
    assert (len(lengths), sum(lengths)) == (STRETCHES, frames)
    assert max(lengths) - min(lengths) <= 1


@pytest.mark.parametrize(
    ("frames", "seen"),
    [
        ([], (0, 0)),
        ([(0, 0)], (0, 0)),
        ([(16384, -128), (-5, 3)], (128, 1)),
        ([(32767, -32768)], (255, 255)),
    ],
)
def test_a_peak_is_the_loudest_of_each_track(frames: list[tuple[int, int]], seen: tuple[int, int]) -> None:
    assert tuple(peaks(raw(frames))) == seen


def test_each_track_is_heard_alone_or_both_as_one() -> None:
    sound = raw([(100, 200), (-32768, -32768), (32767, 32767)])
    assert take_track(sound, Track.LEFT) == array("h", [100, -32768, 32767]).tobytes()
    assert take_track(sound, Track.RIGHT) == array("h", [200, -32768, 32767]).tobytes()
    assert take_track(sound, Track.MIX) == array("h", [150, -32768, 32767]).tobytes()
    assert take_track(sound, Track.STEREO) == sound


@given(FRAMES, st.sampled_from(Track), st.integers(0, 300), st.integers(0, 300), st.integers(1, 20))
def test_any_part_of_any_track_is_the_same_part_of_the_whole(
    frames: list[tuple[int, int]], track: Track, one: int, other: int, frames_at_once: int
) -> None:
    kept = whole(frames)

    def read(start: int, end: int) -> Iterator[bytes]:
        step = frames_at_once * 4
        yield from (kept[at : min(at + step, end)] for at in range(start, end, step))

    listening = Listening(RATE, len(frames), track)
    sound = take_track(kept[WAV_HEADER:], track)
    file = wav_header(RATE, 2 if track is Track.STEREO else 1, len(sound)) + sound
    assert listening.length == len(file)
    start, end = sorted((min(one, len(file)), min(other, len(file))))
    assert b"".join(listening.part(start, end, read)) == file[start:end]
