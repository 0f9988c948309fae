"""One suite for every storage: a folder, and a bucket."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from anmi.adapters.storage.objects import NoSuchStorage, ObjectStorage, S3Account
from anmi.core.ports.storage import Storage
from anmi.kit.errors import Unavailable
from tests.adapters.storage.s3 import Bucket, running

KEY = "tenant/2026/03/04/call"


@pytest.fixture(scope="module")
def bucket() -> Iterator[Bucket]:
    with running() as bucket:
        yield bucket


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, bucket: Bucket, tmp_path: Path) -> Storage:
    bucket.objects.clear()
    bucket.is_away = False
    if request.param == "folder":
        return ObjectStorage.at(f"file://{tmp_path}/kept", S3Account())
    return in_bucket(bucket)


def in_bucket(bucket: Bucket) -> ObjectStorage:
    account = S3Account(endpoint=bucket.address, key_id="demo", secret="demo")
    return ObjectStorage.at("s3://recordings/anmi", account)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(os.urandom(100_000))
    return path


def test_what_is_put_is_there_whole_and_in_parts(storage: Storage, file: Path) -> None:
    content = file.read_bytes()
    assert storage.size(KEY) is None
    storage.put(KEY, str(file))
    assert storage.size(KEY) == len(content)
    assert storage.read(KEY, 0, len(content)) == content
    assert storage.read(KEY, 70_000, 70_010) == content[70_000:70_010]
    assert storage.read(KEY, 99_990, 200_000) == content[-10:]


def test_a_large_file_arrives_whole(storage: Storage, tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(os.urandom(1024) * (17 * 1024))
    storage.put(KEY, str(path))
    assert storage.read(KEY, 0, 17 * 1024**2) == path.read_bytes()


def test_put_again_it_replaces_what_was_there(storage: Storage, file: Path) -> None:
    storage.put(KEY, str(file))
    file.write_bytes(b"short")
    storage.put(KEY, str(file))
    assert (storage.size(KEY), storage.read(KEY, 0, 5)) == (5, b"short")


def test_what_is_deleted_is_gone_and_may_be_deleted_again(storage: Storage, file: Path) -> None:
    storage.put(KEY, str(file))
    storage.delete(KEY)
    storage.delete(KEY)
    assert storage.size(KEY) is None
    with pytest.raises(LookupError):
        storage.read(KEY, 0, 1)


def test_a_bucket_that_does_not_answer_is_said_to_be_away(bucket: Bucket, file: Path) -> None:
    storage = in_bucket(bucket)
    bucket.is_away = True
    for ask in (
        lambda: storage.put(KEY, str(file)),
        lambda: storage.read(KEY, 0, 1),
        lambda: storage.size(KEY),
        lambda: storage.delete(KEY),
    ):
        with pytest.raises(Unavailable):
            ask()


def test_a_folder_that_cannot_be_written_is_said_to_be_away(file: Path, tmp_path: Path) -> None:
    storage = ObjectStorage.in_folder(tmp_path / "kept")
    (tmp_path / "kept" / "tenant").write_bytes(b"in the way")
    with pytest.raises(Unavailable):
        storage.put(KEY, str(file))


@pytest.mark.parametrize("url", ["/srv/recordings", "ftp://there/x", "s3:///nowhere", "file://host/folder", "x"])
def test_an_address_of_no_storage_is_refused(url: str) -> None:
    with pytest.raises(NoSuchStorage):
        ObjectStorage.at(url, S3Account())
