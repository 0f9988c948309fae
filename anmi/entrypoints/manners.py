"""Manners of HTTP: headers that shut what need not be open, limits on size and haste, and the language of answers."""

from __future__ import annotations

import math
import time
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from anmi.kit.errors import Refusal, TooMany
from anmi.kit.haste import Haste, Pace
from anmi.kit.settings import Settings

BODY_LIMIT: Final = 2 * 1024**2
"""Bytes of an ordinary request; routes that take files say so themselves."""
UPLOAD_PATHS: Final = ("/uploads",)
UPLOAD_LIMIT: Final = 512 * 1024**2

PER_ADDRESS: Final = Pace(per_minute=12_000, burst=3_000)
"""A whole branch may sit behind one address."""
SIGN_INS_PER_ADDRESS: Final = Pace(per_minute=60, burst=60)

HEADERS: Final = {
    "content-security-policy": "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "media-src 'self' blob:",
            "connect-src 'self' ws: wss:",
            "font-src 'self' data:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(self)",
}


class Problem(BaseModel):
    """How every refusal looks: a code for scripts, a sentence for people, facts for screens."""

    code: str
    message: str
    facts: dict[str, Any]


class TooLarge(Refusal):
    """The body is larger than this route takes."""

    code = "TOO_LARGE"
    zh, en = "提交内容超过大小限制（{limit} 字节）", "The request is larger than {limit} bytes"


def language_of(request: Request) -> str:
    """Return `en` for somebody who reads English first, else `zh`."""
    return _language(request.headers)


def jsonable(value: Any) -> Any:
    """Turn values into what JSON can say."""
    return jsonable_encoder(value)


def install(app: FastAPI, settings: Settings) -> None:
    """Put the manners around an application."""
    app.add_middleware(Manners, tls=bool(settings.public_url and settings.public_url.startswith("https")))


class Manners:
    """Adds the headers to every answer, and refuses what is too large or too hasty before anything is read."""

    def __init__(self, app: ASGIApp, *, tls: bool = False) -> None:
        self.app = app
        self.tls = tls
        self.haste = Haste(PER_ADDRESS)
        self.sign_in_haste = Haste(SIGN_INS_PER_ADDRESS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path: str = scope["path"]
        is_api = path.startswith("/api/")
        secure = self.tls or scope["scheme"] == "https"

        async def polite(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if secure:
                    headers.setdefault("strict-transport-security", "max-age=31536000; includeSubDomains")
                if is_api:
                    headers.setdefault("cache-control", "no-store")
            await send(message)

        refusal, status = self._refusal(scope, path) if is_api else (None, 0)
        if refusal is not None:
            body = {
                "code": refusal.code,
                "message": refusal.sentence(_language(Headers(scope=scope))),
                "facts": refusal.facts,
            }
            wait = refusal.facts.get("retry_after")
            headers = {"Retry-After": str(wait)} if wait else None
            await JSONResponse(body, status, headers)(scope, receive, polite)
            return
        limit = UPLOAD_LIMIT if path.endswith(UPLOAD_PATHS) else BODY_LIMIT
        await self.app(scope, _measured(receive, limit), polite)

    def _refusal(self, scope: Scope, path: str) -> tuple[Refusal | None, int]:
        address = scope["client"][0] if scope.get("client") else "local"
        length = Headers(scope=scope).get("content-length", "0")
        limit = UPLOAD_LIMIT if path.endswith(UPLOAD_PATHS) else BODY_LIMIT
        if length.isdecimal() and int(length) > limit:
            return TooLarge(limit=limit), 413
        now = time.monotonic()
        wait = self.haste.wait_for(address, now)
        if scope["method"] == "POST" and path.endswith("/identity/sessions"):
            wait = max(wait, self.sign_in_haste.wait_for(address, now))
        return (TooMany(retry_after=math.ceil(wait)), 429) if wait else (None, 0)


def _language(headers: Headers) -> str:
    return "en" if headers.get("accept-language", "").lower().startswith("en") else "zh"


def _measured(receive: Receive, limit: int) -> Receive:
    """Cut off a body that grows past the limit although its length was not declared."""
    read = 0

    async def measured() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > limit:
            return {"type": "http.disconnect"}
        return message

    return measured
