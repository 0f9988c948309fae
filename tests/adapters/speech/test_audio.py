from __future__ import annotations

import io
import os
import struct
from pathlib import Path

import numpy as np
import pytest

from anmi.core.ports.speech import UnreadableRecording

pytest.importorskip("av")

from anmi.adapters.speech.audio import SAMPLE_RATE, Recording
from tests.adapters.speech.sounds import encoded, noise, silence, tone, wav


def read(file: io.BufferedIOBase) -> tuple[np.ndarray, Recording]:
    recording = Recording.open(file)
    return np.concatenate(list(recording.blocks()), axis=1), recording


def pitch(samples: np.ndarray) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(samples)))) * SAMPLE_RATE / len(samples)


@pytest.mark.parametrize(
    ("container", "codec", "rate"),
    [
        ("wav", "pcm_s16le", 8_000),
        ("wav", "pcm_s16le", 44_100),
        ("wav", "pcm_alaw", 8_000),
        ("wav", "pcm_mulaw", 8_000),
        ("wav", "pcm_f32le", 16_000),
        ("mp3", "libmp3lame", 16_000),
        ("ogg", "libopus", 16_000),
        ("flac", "flac", 16_000),
        ("ipod", "aac", 16_000),
    ],
)
def test_a_recording_of_any_common_kind_is_heard_at_its_own_pitch_and_length(
    container: str, codec: str, rate: int
) -> None:
    samples, recording = read(encoded(tone(440, 3), container, codec, rate))
    assert samples.dtype == np.float32
    assert samples.shape[0] == 1
    assert recording.duration == pytest.approx(3, abs=0.15)
    assert pitch(samples[0]) == pytest.approx(440, abs=5)
    assert not recording.is_damaged


def test_the_two_sides_of_a_call_are_kept_apart() -> None:
    samples, _ = read(wav(tone(440, 2), tone(880, 1), rate=SAMPLE_RATE))
    assert samples.shape[0] == 2
    assert pitch(samples[0]) == pytest.approx(440, abs=2)
    assert pitch(samples[1][:SAMPLE_RATE]) == pytest.approx(880, abs=2)


def header(channels: int, rate: int) -> bytes:
    fields = struct.pack("<IHHIIHH", 16, 1, channels, rate, rate * channels * 2, channels * 2, 16)
    return b"RIFF" + struct.pack("<I", 10_036) + b"WAVEfmt " + fields + b"data" + struct.pack("<I", 10_000)


WHOLE = wav(tone(440, 2)).read()
PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"x", "not_audio"),
        ("这是一段文字，不是录音。\n".encode() * 50, "not_audio"),
        (np.random.default_rng(1).bytes(50_000), "not_audio"),
        (b"RIFX" + WHOLE[4:], "not_audio"),
        (WHOLE[:30], "not_audio"),
        (WHOLE[:44], "no_samples"),
        (header(0, 8_000) + bytes(10_000), "unsupported_channels"),
        (header(1, 0) + bytes(10_000), "not_audio"),
        (PLAYLIST, "not_audio"),
        (b"ffconcat version 1.0\nfile '/etc/passwd'\n", "not_audio"),
    ],
)
def test_what_is_no_recording_is_refused_with_a_reason(content: bytes, code: str) -> None:
    with pytest.raises(UnreadableRecording) as refused:
        read(io.BytesIO(content))
    assert refused.value.code == code
    assert refused.value.message


def test_more_than_two_channels_are_refused() -> None:
    with pytest.raises(UnreadableRecording) as refused:
        read(wav(*[tone(440, 1)] * 4))
    assert refused.value.code == "unsupported_channels"


@pytest.mark.parametrize(("container", "codec"), [("flac", "flac"), ("mp3", "libmp3lame"), ("ogg", "libopus")])
def test_of_a_recording_that_breaks_off_the_first_part_is_read(container: str, codec: str) -> None:
    whole = encoded(noise(10), container, codec).read()
    samples, _ = read(io.BytesIO(whole[: len(whole) // 2]))
    assert 3 < samples.shape[1] / SAMPLE_RATE < 7


def test_a_recording_whose_middle_is_destroyed_does_not_stop_the_house() -> None:
    whole = bytearray(encoded(noise(10), "flac", "flac").read())
    whole[len(whole) // 3 : len(whole) // 2] = np.random.default_rng(2).bytes(len(whole) // 2 - len(whole) // 3)
    samples, recording = read(io.BytesIO(whole))
    assert np.isfinite(samples).all()
    assert np.abs(samples).max() <= 1
    assert recording.is_damaged or samples.shape[1] < 10 * SAMPLE_RATE


def test_values_that_are_no_numbers_become_silence() -> None:
    file = io.BytesIO()
    sound = np.full(8_000, np.nan, "<f4")
    fields = struct.pack("<IHHIIHH", 16, 3, 1, 8_000, 32_000, 4, 32)
    file.write(b"RIFF" + struct.pack("<I", 36 + sound.nbytes) + b"WAVEfmt " + fields)
    file.write(b"data" + struct.pack("<I", sound.nbytes) + sound.tobytes())
    file.seek(0)
    samples, _ = read(file)
    assert not samples.any()


def in_memory() -> int:
    """Return the bytes this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.heavy
def test_three_hours_are_never_held_in_memory_at_once(tmp_path: Path) -> None:
    seconds = 3 * 3600
    path = tmp_path / "long.wav"
    with path.open("wb") as written:
        fields = struct.pack("<IHHIIHH", 16, 1, 1, 8_000, 16_000, 2, 16)
        written.write(b"RIFF" + struct.pack("<I", 36 + seconds * 16_000) + b"WAVEfmt " + fields)
        written.write(b"data" + struct.pack("<I", seconds * 16_000))
        written.truncate(44 + seconds * 16_000)
    before, most, samples = in_memory(), 0, 0
    with path.open("rb") as file:
        for block in Recording.open(file).blocks():
            samples += block.shape[1]
            most = max(most, in_memory() - before)
    assert samples / SAMPLE_RATE == pytest.approx(seconds, abs=1)
    # All of it would be 690 MB of samples.
    assert most < 40_000_000


def test_a_silent_recording_is_a_recording() -> None:
    samples, recording = read(wav(silence(2)))
    assert not samples.any()
    assert recording.duration == pytest.approx(2)
