"""Finding an Asterisk, and saying plainly why one cannot be had."""

from __future__ import annotations

from pathlib import Path

import pytest

from anmi.adapters.asterisk.fetching import fetch
from anmi.adapters.asterisk.installation import Installation, NoAsterisk, find, is_new_enough, look_at


def unpacked(folder: Path, says: str) -> Path:
    """Return a folder that looks like an unpacked Asterisk."""
    binary = folder / "usr/sbin/asterisk"
    binary.parent.mkdir(parents=True)
    binary.write_text(f"#!/bin/sh\necho '{says}'\n", encoding="utf-8")
    binary.chmod(0o755)
    return folder


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "anmi"


@pytest.mark.parametrize(
    ("version", "is_good"),
    [
        ((18, 26, 1), False),
        ((20, 15, 2), False),
        ((20, 16, 0), True),
        ((21, 8, 0), False),
        ((22, 5, 0), False),
        ((22, 6, 0), True),
        ((22, 10, 1), True),
        ((23, 0, 0), True),
    ],
)
def test_only_one_that_brings_us_the_sound_will_do(version: tuple[int, int, int], is_good: bool) -> None:
    assert is_new_enough(version) is is_good


def test_the_newest_of_the_fetched_is_taken(cache: Path, tmp_path: Path) -> None:
    unpacked(cache / "asterisk-22.9.0", "Asterisk 22.9.0")
    newest = unpacked(cache / "asterisk-22.10.1", "Asterisk 22.10.1+dfsg-1")
    unpacked(cache / "asterisk-18.1.0", "Asterisk 18.1.0")
    found = find(tmp_path / "data")
    assert found == Installation(newest, (22, 10, 1))
    assert found.release == "22.10.1"


def test_the_one_pointed_to_is_taken_or_refused_by_name(cache: Path, tmp_path: Path) -> None:
    unpacked(cache / "asterisk-22.10.1", "Asterisk 22.10.1")
    with pytest.raises(NoAsterisk, match=r"usr/sbin/asterisk is missing"):
        find(tmp_path / "data", tmp_path / "empty")
    with pytest.raises(NoAsterisk, match=r"is 18\.1\.0; Anmi needs 20\.16, 22\.6 or newer"):
        find(tmp_path / "data", unpacked(tmp_path / "old", "Asterisk 18.1.0"))


@pytest.mark.parametrize("says", ["", "no such thing", "'; exit 1; '"])
def test_what_does_not_tell_its_version_is_refused(tmp_path: Path, says: str) -> None:
    with pytest.raises(NoAsterisk, match="does not"):
        look_at(unpacked(tmp_path / "strange", says))


def test_one_that_is_there_is_not_fetched_again(cache: Path, tmp_path: Path) -> None:
    there = unpacked(cache / "asterisk-22.10.1", "Asterisk 22.10.1")
    said: list[str] = []
    assert fetch(tmp_path / "data", said.append).root == there
    assert said == []


def test_where_nothing_can_be_fetched_it_is_said_what_to_do(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoAsterisk, match="ANMI_ASTERISK_ROOT"):
        fetch(tmp_path / "data")
    assert list(cache.glob("asterisk-*")) == []


def test_no_address_of_a_mirror_is_written_here() -> None:
    for path in Path(fetch.__code__.co_filename).parent.glob("*.py"):
        assert "debian.org" not in path.read_text(encoding="utf-8"), path
