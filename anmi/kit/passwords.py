"""Passwords: hashed with argon2id (RFC 9106), away from the event loop and a few at a time.

Hashing takes a tenth of a second and 64 MiB on purpose, so a crowd at the door queues here and not for connections.
"""

from __future__ import annotations

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from anmi.core.security_policy import PasswordRules, weaknesses

_HASHER: Final = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
THREADS: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="passwords")

# Without 0 O 1 l I: an initial password is read from a slip of paper.
_SMALL, _CAPITAL, _DIGIT, _OTHER = "abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "-+=?@#"
_INITIAL_LENGTH: Final = 14

# Of a password that nobody knows: whoever is unknown to us waits as long as everybody else.
_NOBODYS_HASH: Final = (
    "$argon2id$v=19$m=65536,t=3,p=4$hElkjxg68WDsYEMq+CHYqw$OjV7g0s/Rj7KieJLY2Dx656lRx/zwl6cJ/CNV1y2LOs"
)


def hash_now(password: str) -> str:
    """Hash a password at once; for commands and tests, where nobody waits."""
    return _HASHER.hash(password)


async def hash_password(password: str) -> str:
    """Hash a password."""
    return await asyncio.get_running_loop().run_in_executor(THREADS, _HASHER.hash, password)


async def is_right(password: str, hashed: str | None) -> bool:
    """Say whether a password is the one that was hashed; without a hash it is wrong, and takes just as long."""
    return await asyncio.get_running_loop().run_in_executor(THREADS, _is_right, password, hashed)


def make_initial_password(rules: PasswordRules | None = None) -> str:
    """Make a password for the first login, strong enough for these rules and easy to read aloud."""
    rules = rules or PasswordRules()
    length = max(_INITIAL_LENGTH, rules.min_length)
    while True:
        password = "".join(secrets.choice(_SMALL + _CAPITAL + _DIGIT + _OTHER) for _ in range(length))
        if not weaknesses(password, PasswordRules(min_length=length, classes=4)):
            return password


def _is_right(password: str, hashed: str | None) -> bool:
    try:
        return _HASHER.verify(hashed or _NOBODYS_HASH, password) and hashed is not None
    except (VerificationError, InvalidHashError):
        return False
