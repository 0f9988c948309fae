"""Raw recordings on disk: complete ones are told from those that are still being written."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from anmi.adapters.asterisk.ami import Ami
from anmi.adapters.asterisk.recordings import Recordings, debtors_track, is_being_written


@pytest.fixture
def recordings(tmp_path: Path) -> Recordings:
    return Recordings(Ami("127.0.0.1", 0, "", ""), tmp_path)


def test_a_recording_is_complete_when_nobody_writes_to_it(tmp_path: Path, recordings: Recordings) -> None:
    name = f"{uuid4()}.debtor.1"
    place = tmp_path / f"{name}.raw"
    with place.open("wb") as file:
        file.write(b"\1\0\2\0" * 100)
        assert is_being_written(place)
        assert recordings.all_but(set()) == []
    assert not is_being_written(place)
    [kept] = recordings.all_but(set())
    assert debtors_track(kept) == b"\1\0" * 100
    assert recordings.all_but({name}) == []


def test_what_is_not_ours_is_neither_offered_nor_deleted(tmp_path: Path, recordings: Recordings) -> None:
    (tmp_path / "holiday.raw").write_bytes(b"")
    assert recordings.all_but(set()) == []
    (tmp_path / "elsewhere").mkdir()
    foreign = Recordings(Ami("127.0.0.1", 0, "", ""), tmp_path / "elsewhere")
    (tmp_path / f"{uuid4()}.debtor.1.raw").write_bytes(b"\0\0\0\0")
    [kept] = recordings.all_but(set())
    with pytest.raises(ValueError, match="not ours"):
        foreign.take_away(kept)
    recordings.take_away(kept)
    assert recordings.all_but(set()) == []
