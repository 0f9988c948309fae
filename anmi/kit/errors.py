"""Refusals: four families of named errors that a service raises, and one for an outside world that fails.

Only `anmi.entrypoints.http` knows which status code a family has. A child carries a code that scripts rely on, a
Chinese and an English sentence, and facts that a screen may show.
"""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID


class Refusal(Exception):
    """A request that is understood and not granted; `facts` fill the braces of the sentences."""

    code: ClassVar[str]
    zh: ClassVar[str]
    en: ClassVar[str]
    keeps_unit: ClassVar[bool] = False
    """What was written before the refusal stays: a wrong code must be counted although it is refused."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.en.format_map(facts))
        self.facts = facts

    def sentence(self, language: str) -> str:
        """Say it in Chinese, or in English where `language` is `en`."""
        return (self.en if language == "en" else self.zh).format_map(self.facts)


class NotFound(Refusal):
    """It is not there, or not for the eyes of this caller: the two look the same from outside."""

    code = "NOT_FOUND"
    zh, en = "找不到所请求的内容", "There is nothing here by that name"


class Conflict(Refusal):
    """The state of things does not allow it now."""

    code = "CONFLICT"
    zh, en = "与当前状态冲突", "This conflicts with the present state"


class Forbidden(Refusal):
    """The caller may not do this."""

    code = "FORBIDDEN"
    zh, en = "您没有权限进行此操作", "You may not do this"


class Invalid(Refusal):
    """What was sent cannot be accepted as it is."""

    code = "INVALID"
    zh, en = "提交的内容有误", "What was sent is not valid"


class NotSignedIn(Refusal):
    """The caller is unknown, or the session has ended."""

    code = "NOT_SIGNED_IN"
    zh, en = "请先登录", "Please sign in first"


class LockedOut(Refusal):
    """Too many wrong attempts; nobody gets in before `until`."""

    code = "LOCKED_OUT"
    zh, en = "尝试次数过多，账号已锁定，请稍后再试", "Too many wrong attempts; the account is locked for a while"
    keeps_unit = True


class FieldRightMissing(Forbidden):
    """The caller may see the thing, but not this part of it unmasked."""

    code = "FIELD_RIGHT_MISSING"
    zh, en = "您没有“{field_right}”权限", "You lack the right {field_right}"


class TooMany(Refusal):
    """Too much in too short a time; `retry_after` in seconds."""

    code = "TOO_MANY_REQUESTS"
    zh, en = "操作过于频繁，请 {retry_after} 秒后再试", "Too many requests; try again in {retry_after} s"


class StaleVersion(Conflict):
    """Somebody else has changed the thing since the caller read it; `changed_by` and `changed_at` where it is known."""

    code = "STALE_VERSION"
    zh, en = "内容已被他人修改，请刷新后重试", "Somebody has changed this meanwhile; please reload"

    def __init__(self, thing_id: UUID | None = None) -> None:
        super().__init__()
        self.thing_id = thing_id


class Unavailable(Exception):
    """A part of the outside world did not answer; `port` names it."""

    def __init__(self, port: str, reason: str = "") -> None:
        super().__init__(f"{port} is unavailable" + (f": {reason}" if reason else ""))
        self.port = port
