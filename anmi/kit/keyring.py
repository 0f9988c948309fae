"""The keyring seals personal data, makes it findable without opening it, and signs the log.

Each tenant has keys of its own, derived from a versioned root (HKDF, RFC 5869), so a sealed field copied to another
tenant or another column does not open. New fields are sealed with the newest key; older ones still open.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as crypto_hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from anmi.kit.secret_files import read_json, write_private, write_private_once
from anmi.kit.settings import CipherSuite

HEAD: Final = 3
NONCE: Final = 12
TAG: Final = 16
_SUITE_MARKS: Final = {CipherSuite.INTERNATIONAL: 1, CipherSuite.NATIONAL: 2}
_SUITES: Final = {mark: suite for suite, mark in _SUITE_MARKS.items()}


class CannotOpen(Exception):
    """A sealed field was tampered with, or belongs elsewhere, or its key is gone."""


@dataclass(frozen=True, slots=True)
class Root:
    """One version of the root secret."""

    version: int
    secret: bytes


class Keyring:
    """All keys of an installation. Sealed form: suite (1 byte) · key version (2) · nonce (12) · text · tag (16)."""

    def __init__(
        self,
        roots: Mapping[int, bytes],
        index_secret: bytes,
        suite: CipherSuite,
        path: Path | None = None,
        index_suite: CipherSuite | None = None,
    ) -> None:
        self._roots = dict(roots)
        self._index_secret = index_secret
        self._path = path
        self.suite = suite
        self._index_suite = index_suite or suite
        self._key = lru_cache(maxsize=4096)(self._derive)

    @classmethod
    def load(cls, path: Path, suite: CipherSuite = CipherSuite.INTERNATIONAL) -> Keyring:
        """Read the keyring of a data folder, making a fresh one where there is none.

        Blind indexes keep the suite of the first start: one made anew would find nothing of what is there.
        """
        fresh = {"roots": {"1": _text(os.urandom(32))}, "index": _text(os.urandom(32)), "index_suite": suite}
        held = json.loads(write_private_once(path, json.dumps(fresh)))
        return cls(_roots(held), _bytes(held["index"]), suite, path, CipherSuite(held["index_suite"]))

    @staticmethod
    def rotate(path: Path) -> int:
        """Add a new root to the file and return its version; what older roots sealed still opens."""
        held = read_json(path)
        version = max(map(int, held["roots"])) + 1
        held["roots"][str(version)] = _text(os.urandom(32))
        write_private(path, json.dumps(held))
        return version

    @property
    def newest(self) -> int:
        """The version that seals from now on."""
        return max(self._roots)

    @property
    def versions(self) -> tuple[int, ...]:
        """All versions that still open something, oldest first."""
        return tuple(sorted(self._roots))

    def seal(self, tenant_id: UUID, field: str, text: str) -> bytes:
        """Seal a text for one tenant and one field (`person.phone`)."""
        head = self.head
        nonce = os.urandom(NONCE)
        key = self._key("seal", self.newest, tenant_id, self.suite)
        return head + nonce + encrypt(self.suite, key, nonce, text.encode(), head + field.encode())

    def open(self, tenant_id: UUID, field: str, sealed: bytes) -> str:
        """Open what `seal` made, whichever suite and version sealed it; raise CannotOpen otherwise."""
        head, nonce, body = sealed[:HEAD], sealed[HEAD : HEAD + NONCE], sealed[HEAD + NONCE :]
        suite, version = self._made_by(head)
        if suite is None or len(body) < TAG or not self._has(version):
            raise CannotOpen(field)
        key = self._key("seal", version, tenant_id, suite)
        try:
            return decrypt(suite, key, nonce, body, head + field.encode()).decode()
        except InvalidTag:
            raise CannotOpen(field) from None

    def file_key(self, tenant_id: UUID, head: bytes, salt: bytes) -> tuple[CipherSuite, bytes]:
        """Return the suite of a sealed file and the key of it alone; `head` and `salt` stand at its beginning."""
        suite, version = self._made_by(head)
        if suite is None or not self._has(version):
            raise CannotOpen("file")
        info = f"anmi/file/{suite}/{tenant_id}".encode()
        return suite, HKDF(hashes.SHA256(), _key_length(suite), salt=salt, info=info).derive(self._roots[version])

    def __reduce__(self) -> tuple[type[Keyring], tuple[object, ...]]:
        # A process of ours that seals beside us is handed the keys through a pipe.
        return Keyring, (self._roots, self._index_secret, self.suite, self._path)

    @property
    def head(self) -> bytes:
        """The first bytes of everything that is sealed now: suite and version."""
        return bytes([_SUITE_MARKS[self.suite]]) + self.newest.to_bytes(2, "big")

    def version_of(self, sealed: bytes) -> int:
        """Say which root sealed this."""
        return int.from_bytes(sealed[1:3], "big")

    def index(self, tenant_id: UUID, field: str, text: str) -> bytes:
        """Return the blind index of a text: equal texts of one tenant and field have equal indexes of 16 bytes."""
        key = self._key("index", 0, tenant_id, self._index_suite)
        return _mac(self._index_suite, key, field.encode() + b"\0" + text.encode())[:16]

    def sign(self, tenant_id: UUID, message: bytes, purpose: str = "log") -> bytes:
        """Sign a link of the tenant's log, or something else on a purpose of its own (32 bytes)."""
        return self._sign(tenant_id, message, self.suite, purpose)

    def has_signed(self, tenant_id: UUID, message: bytes, digest: bytes, purpose: str = "log") -> bool:
        """Say whether a digest is ours, whichever suite signed it."""
        suites = sorted(CipherSuite, key=lambda suite: suite is not self.suite)
        return any(hmac.compare_digest(self._sign(tenant_id, message, suite, purpose), digest) for suite in suites)

    def token_digest(self, token: str) -> bytes:
        """Digest a random token for storage: whoever reads the table cannot use it."""
        return hmac.digest(self._index_secret, b"token\0" + token.encode(), hashlib.sha256)

    def _has(self, version: int) -> bool:
        """Say whether we hold a root; a newer one may have been added to the file since this process started."""
        if version not in self._roots and self._path is not None and version > self.newest:
            self._roots |= _roots(read_json(self._path))
        return version in self._roots

    @staticmethod
    def _made_by(head: bytes) -> tuple[CipherSuite | None, int]:
        return (_SUITES.get(head[0]) if head else None), int.from_bytes(head[1:HEAD], "big")

    def _sign(self, tenant_id: UUID, message: bytes, suite: CipherSuite, purpose: str) -> bytes:
        return _mac(suite, self._key(purpose, 0, tenant_id, suite), message)

    def _derive(self, purpose: str, version: int, tenant_id: UUID, suite: CipherSuite) -> bytes:
        secret = self._roots[version] if version else self._index_secret
        length = _key_length(suite) if purpose == "seal" else 32
        info = f"anmi/{purpose}/{suite}/{tenant_id}".encode()
        return HKDF(hashes.SHA256(), length, salt=None, info=info).derive(secret)


def encrypt(suite: CipherSuite, key: bytes, nonce: bytes, text: bytes, bound: bytes) -> bytes:
    """Encrypt with a suite's cipher; the tag stands at the end."""
    if suite is CipherSuite.INTERNATIONAL:
        return _aead(key).encrypt(nonce, text, bound)
    sealer = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    sealer.authenticate_additional_data(bound)
    return sealer.update(text) + sealer.finalize() + sealer.tag


def decrypt(suite: CipherSuite, key: bytes, nonce: bytes, body: bytes, bound: bytes) -> bytes:
    """Decrypt what `encrypt` made; raise InvalidTag where it was changed."""
    if suite is CipherSuite.INTERNATIONAL:
        return _aead(key).decrypt(nonce, body, bound)
    opener = Cipher(algorithms.SM4(key), modes.GCM(nonce, body[-TAG:])).decryptor()
    opener.authenticate_additional_data(bound)
    return opener.update(body[:-TAG]) + opener.finalize()


@lru_cache(maxsize=256)
def _aead(key: bytes) -> AESGCM:
    return AESGCM(key)


def _key_length(suite: CipherSuite) -> int:
    return 16 if suite is CipherSuite.NATIONAL else 32  # SM4 keys have 128 bits.


def _roots(held: Any) -> dict[int, bytes]:
    return {int(version): _bytes(secret) for version, secret in held["roots"].items()}


def _mac(suite: CipherSuite, key: bytes, message: bytes) -> bytes:
    if suite is CipherSuite.INTERNATIONAL:
        return hmac.digest(key, message, hashlib.sha256)
    mac = crypto_hmac.HMAC(key, hashes.SM3())
    mac.update(message)
    return mac.finalize()


def _text(secret: bytes) -> str:
    return base64.b64encode(secret).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)
