"""The second factor: codes that a phone shows for thirty seconds (TOTP, RFC 6238), and recovery codes on paper."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Final

from pyotp.totp import TOTP

SECONDS: Final = 30
DRIFT: Final = 1
"""Steps a phone's clock may be ahead or behind."""
RECOVERY_CODES: Final = 10

# Crockford's base 32: no I, L, O or U, so that handwriting is read as it was meant.
RECOVERY_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RECOVERY_LENGTH: Final = 10
_MISREAD: Final = str.maketrans("ILO", "110")


def accepted_step(secret: str, code: str, now: datetime, last_step: int | None) -> int | None:
    """Return the time step a code belongs to, or None; a step already used, or one before it, is not taken again."""
    current = int(now.timestamp()) // SECONDS
    totp = TOTP(secret, interval=SECONDS)
    for step in range(current - DRIFT, current + DRIFT + 1):
        is_fresh = last_step is None or step > last_step
        if is_fresh and hmac.compare_digest(totp.at(step * SECONDS).encode(), code.encode()):
            return step
    return None


def enrolment_uri(secret: str, *, issuer: str, account: str) -> str:
    """Return what an authenticator app reads from the QR code."""
    return TOTP(secret, interval=SECONDS).provisioning_uri(name=account, issuer_name=issuer)


def written_recovery_code(code: str) -> str:
    """Write a recovery code in two groups, as it is shown."""
    return f"{code[: RECOVERY_LENGTH // 2]}-{code[RECOVERY_LENGTH // 2 :]}"


def read_recovery_code(text: str) -> str:
    """Read a recovery code however it was typed: with or without groups, small or large, O for 0."""
    return "".join(char for char in text.upper() if char.isalnum()).translate(_MISREAD)
