"""Announcements of the network are known by their sound, however late, quiet or noisy they are heard."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from anmi.adapters.asterisk.announcements import Announcements, is_spoken
from anmi.adapters.asterisk.instance import configuration_folder
from anmi.core.call_legs import Ending

VOICES = configuration_folder() / "voices"
NETWORK = VOICES / "network"
MEANINGS = {
    "network-busy": Ending.BUSY,
    "network-empty": Ending.EMPTY_NUMBER,
    "network-powered-off": Ending.POWERED_OFF,
    "network-suspended": Ending.SUSPENDED,
    "network-unreachable": Ending.UNREACHABLE,
}
RATE = 16_000


@pytest.fixture(scope="module")
def announcements() -> Announcements:
    return Announcements.read(NETWORK)


def spoken(path: Path) -> NDArray[np.float64]:
    """Return an A-law file as it comes out of a tap: 16,000 samples a second."""
    code = np.frombuffer(path.read_bytes(), np.uint8).astype(np.int32) ^ 0x55
    exponent, mantissa = (code >> 4) & 7, code & 15
    size = np.where(exponent == 0, mantissa * 16 + 8, (mantissa * 16 + 264) * 2.0 ** np.maximum(exponent - 1, 0))
    return np.repeat(np.where(code & 0x80, size, -size), 2)


def samples(sound: NDArray[np.float64]) -> bytes:
    return sound.clip(-32768, 32767).astype("<i2").tobytes()


@pytest.mark.parametrize("name", MEANINGS)
@pytest.mark.parametrize("heard", ["whole", "late", "cut off", "quiet, after ringing", "noisy"])
def test_an_announcement_is_known_however_it_is_heard(announcements: Announcements, name: str, heard: str) -> None:
    sound = spoken(NETWORK / f"{name}.alaw")
    ringing = 2_000 * np.sin(np.arange(RATE) * 2 * np.pi * 450 / RATE)
    sound = {
        "whole": sound,
        "late": sound[RATE // 2 :],
        "cut off": sound[: RATE * 5 // 2],
        "quiet, after ringing": np.concatenate([ringing, sound * 0.3]),
        "noisy": sound + np.random.default_rng(7).normal(0, 400, len(sound)),
    }[heard]
    found = announcements.recognise(samples(sound), RATE)
    assert found is not None
    assert (found.name, found.ending) == (name, MEANINGS[name])


@pytest.mark.parametrize("voice", ["woman", "man"])
def test_a_person_is_no_announcement(announcements: Announcements, voice: str) -> None:
    said = sorted((VOICES / voice).glob("*.alaw"))
    assert len(said) > 10
    for path in said:
        assert announcements.recognise(samples(spoken(path)), RATE) is None, path.name


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(0),
        np.zeros(RATE * 5),
        np.random.default_rng(1).normal(0, 2_000, RATE * 5),
        8_000 * np.sin(np.arange(RATE * 5) * 2 * np.pi * 450 / RATE),
    ],
    ids=["nothing", "silence", "noise", "ringing"],
)
def test_what_is_no_voice_is_no_announcement(announcements: Announcements, sound: NDArray[np.float64]) -> None:
    assert announcements.recognise(samples(sound), RATE) is None


RINGING = 8_000 * np.sin(np.arange(RATE) * 2 * np.pi * 450 / RATE)


@pytest.mark.parametrize("place", ["network/network-suspended", "woman/dispute", "man/dispute"])
def test_words_after_ringing_are_worth_reading(place: str) -> None:
    said = spoken(VOICES / f"{place}.alaw")
    assert is_spoken(samples(np.concatenate([RINGING, np.zeros(RATE), said])), RATE)


@pytest.mark.parametrize(
    "sound",
    [np.zeros(0), np.zeros(RATE * 5), np.tile(np.concatenate([RINGING, np.zeros(RATE * 4)]), 3), RINGING[: RATE // 2]],
    ids=["nothing", "silence", "ringing", "a moment of it"],
)
def test_ringing_and_silence_are_not(sound: NDArray[np.float64]) -> None:
    assert not is_spoken(samples(sound), RATE)


def test_an_agency_brings_announcements_of_its_own_carrier(tmp_path: Path) -> None:
    sound = spoken(VOICES / "man" / "goodbye.alaw")[::2]
    with wave.open(str(tmp_path / "suspended-unicom.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(samples(sound))
    (tmp_path / "holiday greeting.wav").write_bytes(b"RIFF")
    (tmp_path / "busy.wav").write_bytes(b"RIFF")
    (tmp_path / "README.md").write_text("ours", encoding="utf-8")
    found = Announcements.read(NETWORK, tmp_path).recognise(samples(sound), 8_000)
    assert found is not None
    assert (found.name, found.ending) == ("suspended-unicom", Ending.SUSPENDED)
