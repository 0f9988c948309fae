"""The session's cookie, and the proof that a request comes from our own pages."""

from __future__ import annotations

import hmac
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request, Response
from starlette.requests import HTTPConnection

from anmi.identity.sessions.refusals import ForgedRequest

NAME: Final = "anmi_session"
SECURE_NAME: Final = f"__Host-{NAME}"
CSRF_HEADER: Final = "x-csrf-token"

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


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
