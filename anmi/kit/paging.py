"""Keyset paging: a list is read onwards from the last row seen, so that page 1,000 costs what page 1 costs."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from anmi.kit.errors import Invalid

LIMIT: Final = 50
MOST: Final = 200

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """One page of a list: `next` is handed back as `after` to read on; `total` where counting is cheap."""

    items: list[T]
    next: str | None = None
    total: int | None = None


class UnknownSort(Invalid):
    """The list cannot be sorted by this."""

    code = "UNKNOWN_SORT"
    zh, en = "不支持按 {field} 排序", "This list cannot be sorted by {field}"


class BadCursor(Invalid):
    """The cursor was not made by this list."""

    code = "BAD_CURSOR"
    zh, en = "翻页位置无效，请重新加载", "The paging position is not valid; please reload"


@dataclass(frozen=True, slots=True)
class Ask:
    """What a list route is asked: how many rows, after which, in which order (`-field` is descending)."""

    limit: int = LIMIT
    after: str | None = None
    sort: str | None = None


@dataclass(frozen=True, slots=True)
class Sorting:
    """The orders a list offers: columns that are never null, each with the way back from text to its type."""

    columns: Mapping[str, tuple[InstrumentedAttribute[Any], Callable[[Any], Any]]]
    default: str
    tie: Any

    def apply(self, query: Select[Any], ask: Ask) -> Select[Any]:
        """Return the query for one page and one row more, which tells whether there is a next page."""
        sort = ask.sort or self.default
        column, kind = self._column(sort)
        down = sort.startswith("-")
        if ask.after is not None:
            value, tie = read_cursor(ask.after, (kind, UUID))
            here, there = tuple_(column, self.tie), tuple_(value, tie)
            query = query.where(here < there if down else here > there)
        order = (column.desc(), self.tie.desc()) if down else (column.asc(), self.tie.asc())
        return query.order_by(*order).limit(ask.limit + 1)

    def split(self, rows: Sequence[T], ask: Ask) -> tuple[Sequence[T], str | None]:
        """Part the rows of a page from the row more; return them and the cursor of the next page."""
        if len(rows) <= ask.limit:
            return rows, None
        column, _ = self._column(ask.sort or self.default)
        last = rows[ask.limit - 1]
        return rows[: ask.limit], make_cursor((getattr(last, column.key), getattr(last, self.tie.key)))

    def _column(self, sort: str) -> tuple[InstrumentedAttribute[Any], Callable[[Any], Any]]:
        field = sort.removeprefix("-")
        if field not in self.columns:
            raise UnknownSort(field=field)
        return self.columns[field]


def make_cursor(values: Sequence[Any]) -> str:
    """Make the cursor of a place in a list from the values its rows are ordered by."""
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain, default=str).encode()).rstrip(b"=").decode()


def read_cursor(cursor: str, kinds: Sequence[Callable[[Any], Any]]) -> list[Any]:
    """Return the values a cursor was made of; raise BadCursor where it is not of these kinds."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if any("\0" in str(value) for value in values):
            raise BadCursor  # PostgreSQL keeps no NUL, and none of our rows could have it.
        return [kind(value) for kind, value in zip(kinds, values, strict=True)]
    except (ValueError, TypeError, AttributeError, binascii.Error):
        raise BadCursor from None
