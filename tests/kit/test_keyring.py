"""Sealed fields open for the right tenant and field only, under every suite and every key version."""

from __future__ import annotations

from pathlib import Path
from stat import S_IMODE

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.kit.ids import new_id
from anmi.kit.keyring import CannotOpen, Keyring
from anmi.kit.settings import CipherSuite

TENANT, OTHER = new_id(), new_id()
ROOTS = {1: b"1" * 32, 2: b"2" * 32}
RINGS = {suite: Keyring(ROOTS, b"i" * 32, suite) for suite in CipherSuite}


@given(st.text(), st.sampled_from(CipherSuite))
def test_what_is_sealed_opens_again(text: str, suite: CipherSuite) -> None:
    sealed = RINGS[suite].seal(TENANT, "person.phone", text)
    assert RINGS[suite].open(TENANT, "person.phone", sealed) == text
    assert text.encode() not in sealed or len(text) < 4


@pytest.mark.parametrize("suite", CipherSuite)
def test_a_sealed_field_does_not_open_elsewhere(suite: CipherSuite) -> None:
    sealed = RINGS[suite].seal(TENANT, "person.phone", "13800000000")
    for tenant, field in ((OTHER, "person.phone"), (TENANT, "person.name")):
        with pytest.raises(CannotOpen):
            RINGS[suite].open(tenant, field, sealed)


@pytest.mark.parametrize("suite", CipherSuite)
def test_a_changed_byte_is_noticed(suite: CipherSuite) -> None:
    sealed = RINGS[suite].seal(TENANT, "person.phone", "13800000000")
    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(CannotOpen):
            RINGS[suite].open(TENANT, "person.phone", changed)
    for short in (b"", sealed[:3], sealed[:20]):
        with pytest.raises(CannotOpen):
            RINGS[suite].open(TENANT, "person.phone", short)


def test_after_a_change_of_suite_older_fields_still_open() -> None:
    sealed = RINGS[CipherSuite.INTERNATIONAL].seal(TENANT, "person.name", "王小明")
    assert RINGS[CipherSuite.NATIONAL].open(TENANT, "person.name", sealed) == "王小明"


@pytest.mark.parametrize("suite", CipherSuite)
def test_equal_texts_are_found_within_one_tenant_and_field_only(suite: CipherSuite) -> None:
    ring = RINGS[suite]
    found = ring.index(TENANT, "person.phone", "13800000000")
    assert found == ring.index(TENANT, "person.phone", "13800000000")
    assert found != ring.index(OTHER, "person.phone", "13800000000")
    assert found != ring.index(TENANT, "person.phone_tail", "13800000000")


def test_rotation_keeps_what_was_sealed_and_seals_with_the_new_key(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "keyring.json"
    first = Keyring.load(path)
    sealed = first.seal(TENANT, "person.phone", "13800000000")
    assert Keyring.rotate(path) == 2
    second = Keyring.load(path)
    assert second.versions == (1, 2)
    assert second.open(TENANT, "person.phone", sealed) == "13800000000"
    assert second.version_of(second.seal(TENANT, "person.phone", "x")) == 2
    assert second.index(TENANT, "a", "b") == first.index(TENANT, "a", "b")


def test_the_keys_are_for_our_own_eyes(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "keyring.json"
    Keyring.load(path)
    assert S_IMODE(path.stat().st_mode) == 0o600
    assert S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["keyring.json"]


def test_what_was_found_before_a_change_of_suite_is_found_after_it(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "keyring.json"
    before = Keyring.load(path, CipherSuite.INTERNATIONAL)
    after = Keyring.load(path, CipherSuite.NATIONAL)
    assert after.index(TENANT, "person.phone", "1") == before.index(TENANT, "person.phone", "1")
