"""Ranges of HTTP (RFC 9110, 14): a listener who jumps asks for a part of a file."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from anmi.kit.errors import Refusal

_ONE_RANGE: Final = re.compile(r"bytes=(?P<first>\d{0,18})-(?P<last>\d{0,18})", re.ASCII)


class RangeOutside(Refusal):
    """The part that was asked for lies outside the file."""

    code = "RANGE_OUTSIDE"
    zh, en = "请求的范围超出文件长度（{length} 字节）", "The file has {length} bytes; that part lies outside"
    status: ClassVar[int] = 416


def read_range(header: str | None, length: int) -> tuple[int, int] | None:
    """Return the first byte and the one behind the last; None where the whole file is to be sent.

    A header that is no single range of bytes is passed over, as the RFC allows.
    """
    found = _ONE_RANGE.fullmatch(header.strip()) if header else None
    if found is None or not (found["first"] or found["last"]):
        return None
    if not found["first"]:
        start, end = max(0, length - int(found["last"])), length
    else:
        start, end = int(found["first"]), min(int(found["last"]) + 1, length) if found["last"] else length
    if start >= end:
        raise RangeOutside(length=length)
    return start, end
