"""The tokens of a session: the one in the cookie, and the one that our own pages send along with every change.

The cookie's token names the tenant, so that it can be looked up behind the tenant's fence; the rest is chance. The CSRF
token is derived from the session, so that nothing more needs to be kept.
"""

from __future__ import annotations

import secrets
from typing import Final
from uuid import UUID

from anmi.kit.keyring import Keyring

_TENANT_DIGITS: Final = 32


def make_token(tenant_id: UUID) -> str:
    """Make a session's token: the tenant, and 32 bytes of chance."""
    return tenant_id.hex + secrets.token_urlsafe(32)


def tenant_of(token: str) -> UUID | None:
    """Read the tenant from a token."""
    try:
        return UUID(hex=token[:_TENANT_DIGITS]) if len(token) > _TENANT_DIGITS else None
    except ValueError:
        return None


def csrf_token(keyring: Keyring, tenant_id: UUID, session_id: UUID) -> str:
    """Return the token that our own pages send along with every change."""
    return keyring.index(tenant_id, "session.csrf", str(session_id)).hex()
