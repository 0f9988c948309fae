from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import pytest

from anmi.adapters.speech.errors import SpeechUnavailable
from anmi.adapters.speech.weights import MODEL, Source, model_folder

WHOLE = b"first part, " + b"second part"
EXPECTED = hashlib.sha256(WHOLE).hexdigest()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return folder


def install(site: Path, name: str, **files: bytes) -> None:
    data = site / name / "data"
    data.mkdir(parents=True)
    (site / name / "__init__.py").write_text("")
    for file, content in files.items():
        (data / file.replace("__", ".")).write_bytes(content)


def publisher(site: Path, name: str, second: bytes = b"second part") -> Source:
    install(site, f"{name}_1", model__bin__part1=b"first part, ")
    install(site, f"{name}_2", model__bin__part2=second, tokenizer__json=b"{}", vocabulary__json=b"[]")
    return Source((f"{name}_1", f"{name}_2"), f"{name}_2", EXPECTED)


def test_the_parts_of_two_packages_become_one_model(site: Path, cache: Path) -> None:
    folder = model_folder(cache, sources=(publisher(site, "whole_model"),))
    assert folder.is_relative_to(cache)
    assert (folder / MODEL).read_bytes() == WHOLE
    assert sorted(path.name for path in folder.iterdir()) == [MODEL, "tokenizer.json", "vocabulary.json"]


def test_a_model_that_was_joined_before_is_taken_as_it_is(site: Path, cache: Path) -> None:
    source = publisher(site, "joined_before")
    first = (model_folder(cache, sources=(source,)) / MODEL).stat()
    assert (model_folder(cache, sources=(source,)) / MODEL).stat().st_mtime_ns == first.st_mtime_ns


def test_a_joined_model_that_was_tampered_with_is_joined_again(site: Path, cache: Path) -> None:
    source = publisher(site, "tampered_with")
    model = model_folder(cache, sources=(source,)) / MODEL
    model.write_bytes(b"first part, something else")
    assert (model_folder(cache, sources=(source,)) / MODEL).read_bytes() == WHOLE


def test_parts_that_are_not_what_they_should_be_are_refused(site: Path, cache: Path) -> None:
    source = publisher(site, "other_weights", second=b"something else")
    with pytest.raises(SpeechUnavailable) as refused:
        model_folder(cache, sources=(source,))
    assert refused.value.code == "model_damaged"
    assert not list(cache.rglob("model.bin*"))


def test_the_twin_packages_step_in(site: Path, cache: Path) -> None:
    spoiled = publisher(site, "spoiled_model", second=b"something else")
    twin = publisher(site, "twin_model")
    absent = Source(("absent_1", "absent_2"), "absent_2", EXPECTED)
    assert (model_folder(cache, sources=(absent, spoiled, twin)) / MODEL).read_bytes() == WHOLE


def test_the_missing_package_is_named(site: Path, cache: Path) -> None:
    install(site, "lonely_model_1", model__bin__part1=b"first part, ")
    with pytest.raises(SpeechUnavailable) as refused:
        model_folder(cache, sources=(Source(("lonely_model_1", "lonely_model_2"), "lonely_model_2", EXPECTED),))
    assert refused.value.code == "package_missing"
    assert "lonely-model-2" in refused.value.message
    assert "lonely-model-1" not in refused.value.message


def test_where_the_data_folder_cannot_be_written_the_temporary_one_serves(site: Path, tmp_path: Path) -> None:
    in_the_way = tmp_path / "a-file"
    in_the_way.write_text("")
    folder = model_folder(in_the_way / "speech", sources=(publisher(site, "homeless_model"),))
    assert (folder / MODEL).read_bytes() == WHOLE


def test_a_folder_of_ones_own_is_used_as_it_is(tmp_path: Path, cache: Path) -> None:
    for name in (MODEL, "tokenizer.json", "vocabulary.txt"):
        (tmp_path / name).write_bytes(b"")
    assert model_folder(cache, tmp_path) == tmp_path


def test_a_folder_of_ones_own_must_be_complete(tmp_path: Path, cache: Path) -> None:
    (tmp_path / MODEL).write_bytes(b"")
    with pytest.raises(SpeechUnavailable) as refused:
        model_folder(cache, tmp_path)
    assert refused.value.code == "model_incomplete"
    assert "tokenizer.json、vocabulary.json" in refused.value.message
