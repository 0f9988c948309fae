"""The session's cookie and the proof that a request comes from our own pages.

The cookie's token names the tenant, so that it can be looked up behind the tenant's fence; the rest is chance. The CSRF
token is derived from the session, so that nothing more needs to be kept.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Request, Response
from starlette.requests import HTTPConnection

from anmi.identity.sessions.refusals import ForgedRequest
from anmi.kit.keyring import Keyring

NAME: Final = "anmi_session"
SECURE_NAME: Final = f"__Host-{NAME}"
CSRF_HEADER: Final = "x-csrf-token"

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
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


class Cookies:
    """How this installation sets its cookie: over TLS it is bound to the host and never sent in the clear."""

    def __init__(self, public_url: str | None = None) -> None:
        self._public_host = urlsplit(public_url).netloc if public_url else None
        self._behind_tls = public_url is not None and public_url.startswith("https:")

    def read(self, connection: HTTPConnection) -> str | None:
        """Return the session's token, if the browser sent one."""
        return connection.cookies.get(SECURE_NAME if self._is_secure(connection) else NAME)

    def give(self, request: Request, response: Response, token: str) -> None:
        """Hand a token to the browser; it forgets it when it closes."""
        secure = self._is_secure(request)
        response.set_cookie(
            SECURE_NAME if secure else NAME, token, secure=secure, httponly=True, samesite="strict", path="/"
        )

    def take_back(self, request: Request, response: Response) -> None:
        """Let the browser forget its token."""
        secure = self._is_secure(request)
        response.delete_cookie(
            SECURE_NAME if secure else NAME, secure=secure, httponly=True, samesite="strict", path="/"
        )

    def check_origin(self, request: Request) -> None:
        """Refuse a change that another site's page asks for. What is no browser says nothing of origins."""
        if request.method in _SAFE:
            return
        site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
        if site not in {None, "same-origin", "none"}:
            raise ForgedRequest
        own = {request.headers.get("host"), self._public_host}
        if origin is not None and urlsplit(origin).netloc not in own:
            raise ForgedRequest

    def check_csrf(self, request: Request, expected: str) -> None:
        """Refuse a change that does not carry the session's CSRF token."""
        if request.method in _SAFE:
            return
        said = request.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(said.encode(), expected.encode()):
            raise ForgedRequest

    def _is_secure(self, connection: HTTPConnection) -> bool:
        return self._behind_tls or connection.url.scheme in {"https", "wss"}
