"""Documents on disk that only their tenant's key opens, and that notice every change."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from anmi.kit.ids import new_id
from anmi.kit.keyring import CannotOpen, Keyring
from anmi.kit.sealed_files import CHUNK, SealedDocument, SealedWriter, opened_plain, read_sealed, sealed_size
from anmi.kit.settings import CipherSuite

OVERHEAD_OF_A_CHUNK = 16
SIZES = (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7)


@pytest.fixture(params=list(CipherSuite))
def keys(request: pytest.FixtureRequest) -> Keyring:
    return Keyring({1: os.urandom(32)}, os.urandom(32), request.param)


@pytest.mark.parametrize("size", SIZES)
def test_what_is_written_is_read_and_stands_nowhere_in_plain(keys: Keyring, tmp_path: Path, size: int) -> None:
    path, tenant_id, document = tmp_path / "in" / "a", new_id(), os.urandom(size)
    with SealedWriter(path, keys, tenant_id) as writer:
        for start in range(0, size, 1000):
            writer.write(document[start : start + 1000])
    assert b"".join(read_sealed(path, keys, tenant_id)) == document
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert size < 16 or document[:16] not in path.read_bytes()


def sealed(path: Path, keys: Keyring, document: bytes) -> tuple[Path, bytes]:
    with SealedWriter(path, keys, TENANT) as writer:
        writer.write(document)
    return path, path.read_bytes()


TENANT = new_id()


def test_a_change_a_cut_or_a_moved_piece_is_noticed(keys: Keyring, tmp_path: Path) -> None:
    path, whole = sealed(tmp_path / "a", keys, os.urandom(3 * CHUNK + 10))
    piece = CHUNK + OVERHEAD_OF_A_CHUNK
    head = len(whole) - 3 * piece - 10 - OVERHEAD_OF_A_CHUNK
    spoilt = {
        "one bit": whole[:-1] + bytes([whole[-1] ^ 1]),
        "a bit of the head": whole[:5] + bytes([whole[5] ^ 1]) + whole[6:],
        "the last piece is gone": whole[: head + 3 * piece],
        "a piece is gone": whole[: head + piece] + whole[head + 2 * piece :],
        "pieces changed places": whole[:head] + whole[head + piece : head + 2 * piece] + whole[head : head + piece],
        "something follows": whole + b"x",
        "nothing is left": b"",
    }
    for content in spoilt.values():
        path.write_bytes(content)
        with pytest.raises(CannotOpen):
            list(read_sealed(path, keys, TENANT))


def test_another_tenant_opens_nothing(keys: Keyring, tmp_path: Path) -> None:
    path, _ = sealed(tmp_path / "a", keys, b"secret")
    with pytest.raises(CannotOpen):
        list(read_sealed(path, keys, new_id()))


def test_a_file_that_broke_off_leaves_nothing(keys: Keyring, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), SealedWriter(tmp_path / "a", keys, TENANT) as writer:  # noqa: PT012
        writer.write(b"half of it")
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_the_plain_text_is_gone_after_reading_and_so_is_what_the_dead_have_left(keys: Keyring, tmp_path: Path) -> None:
    path, _ = sealed(tmp_path / "a", keys, b"a,b\n1,2\n")
    folder = tmp_path / "reading"
    folder.mkdir(mode=0o700)
    left = folder / "999999999-0000.csv"
    left.write_bytes(b"left by a process that was killed")
    with opened_plain(path, folder, ".csv", keys, TENANT) as plain:
        assert (plain.read_bytes(), plain.suffix) == (b"a,b\n1,2\n", ".csv")
        assert plain.stat().st_mode & 0o777 == 0o600
        assert not left.exists()
    assert list(folder.iterdir()) == []


class Lying:
    """A sealed document that lies somewhere, and remembers what was fetched of it."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.fetched = 0

    def __call__(self, start: int, end: int) -> bytes:
        self.fetched += end - start
        return self.content[start:end]


@pytest.mark.parametrize("size", SIZES)
def test_any_part_is_read_without_the_rest(keys: Keyring, tmp_path: Path, size: int) -> None:
    document = os.urandom(size)
    _, content = sealed(tmp_path / "a", keys, document)
    assert len(content) == sealed_size(size)
    places = sorted({0, 1, size // 2, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, size - 1, size, size + 5} - {-1})
    for start in places:
        for end in places:
            parts = SealedDocument(Lying(content), size, keys, TENANT).read(start, end)
            assert b"".join(parts) == document[start:end]


@pytest.mark.parametrize("size", SIZES)
def test_it_is_read_like_any_other_file(keys: Keyring, tmp_path: Path, size: int) -> None:
    document = os.urandom(size)
    _, content = sealed(tmp_path / "a", keys, document)
    file = SealedDocument(Lying(content), size, keys, TENANT).as_file()
    assert (file.read(), file.read()) == (document, b"")
    assert file.seek(-(size // 2), os.SEEK_END) == size - size // 2
    assert file.read(10) == document[size - size // 2 :][:10]
    assert file.seek(1) == file.tell() == 1
    assert file.seek(1, os.SEEK_CUR) == 2
    assert file.read() == document[2:]


def test_a_file_of_it_that_was_changed_is_noticed(keys: Keyring, tmp_path: Path) -> None:
    document = os.urandom(40 * CHUNK)
    _, content = sealed(tmp_path / "a", keys, document)
    file = SealedDocument(Lying(content[:-1] + b"?"), len(document), keys, TENANT).as_file()
    assert file.read(10) == document[:10]
    with pytest.raises(CannotOpen):
        file.read()


def test_whoever_jumps_fetches_little(keys: Keyring, tmp_path: Path) -> None:
    document = os.urandom(40 * CHUNK)
    _, content = sealed(tmp_path / "a", keys, document)
    lying = Lying(content)
    part = SealedDocument(lying, len(document), keys, TENANT).read(30 * CHUNK + 7, 30 * CHUNK + 9)
    assert b"".join(part) == document[30 * CHUNK + 7 : 30 * CHUNK + 9]
    assert lying.fetched < CHUNK + 100


def test_a_part_that_was_changed_or_cut_off_is_noticed(keys: Keyring, tmp_path: Path) -> None:
    document = os.urandom(2 * CHUNK + 10)
    _, content = sealed(tmp_path / "a", keys, document)
    cases = {
        "a bit": (content[:-1] + bytes([content[-1] ^ 1]), len(document)),
        "the last piece is gone": (content[: -10 - OVERHEAD_OF_A_CHUNK], 2 * CHUNK),
        "another size": (content, len(document) - 1),
        "nothing is there": (b"", len(document)),
    }
    for spoilt, size in cases.values():
        with pytest.raises(CannotOpen):
            list(SealedDocument(Lying(spoilt), size, keys, TENANT).read(size - 5, size))
