"""Lists that leave the house as files: streamed page by page, each page a unit of its own, and remembered in the log.

What is masked stays masked, unless the caller has the right to the field and says for which reason she needs it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import Depends, Query
from starlette.responses import StreamingResponse

from anmi.core.audit_actions import AuditAction
from anmi.core.calendar import in_china
from anmi.core.masking import mask_digits
from anmi.core.permissions import FieldRight
from anmi.kit.caller import Caller
from anmi.kit.fields import Reason
from anmi.kit.paging import Ask
from anmi.kit.sheets import Cell, SheetFormat, sheet_writer
from anmi.kit.unit_of_work import UnitOfWork, Units

BATCH: Final = 1000

_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
EXPORTED: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {kind.media_type: _BINARY for kind in SheetFormat}}
}
"""What a route that exports says of its answer."""


@dataclass(frozen=True, slots=True)
class ExportAsked:
    """How a list is to leave the house: as which kind of file, and why fields are wanted unmasked, if they are."""

    format: SheetFormat
    reason: str | None

    def shows(self, unit: UnitOfWork, right: FieldRight) -> bool:
        """Say whether a field goes out in full."""
        return self.reason is not None and right in unit.rights.field_rights


async def _asked(
    format: Annotated[SheetFormat, Query()] = SheetFormat.XLSX,  # noqa: A002 - the word of the address
    reason: Annotated[Reason | None, Query()] = None,
) -> ExportAsked:
    return ExportAsked(format, reason)


ExportAsk = Annotated[ExportAsked, Depends(_asked)]

Rows = Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Export:
    """A list as a file: its name, its header, how many rows it has, and how a page of it is read."""

    title: str
    labels: Sequence[str]
    count: Callable[[UnitOfWork], Awaitable[int]]
    page: Callable[[UnitOfWork, Ask], Awaitable[tuple[Rows, str | None]]]


async def exported(
    units: Units, who: Caller, asked: ExportAsked, export: Export, list_name: str, wanted: Mapping[str, Any]
) -> StreamingResponse:
    """Write into the log what leaves, and send it; `wanted` is the filter, as the log may keep it."""
    async with units.begin(who) as unit:
        rows = await export.count(unit)
        facts: dict[str, Any] = {"list": list_name, "format": asked.format, "rows": rows, "filter": dict(wanted)}
        if asked.reason is not None:
            facts["reason"] = mask_digits(asked.reason)
        unit.remember(AuditAction.LIST_EXPORTED, **facts)
        day = in_china(unit.now).date()
    name = quote(f"{export.title}-{day:%Y%m%d}.{asked.format}")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}", "cache-control": "no-store"}
    media_type = asked.format.media_type
    return StreamingResponse(_file(units, who, asked, export), media_type=media_type, headers=headers)


async def _file(units: Units, who: Caller, asked: ExportAsked, export: Export) -> AsyncIterator[bytes]:
    after: str | None = None
    with closing(sheet_writer(asked.format, export.title, export.labels)) as writer:
        while True:
            # No connection is held while a slow reader takes its time.
            async with units.begin(who) as unit:
                rows, after = await export.page(unit, Ask(BATCH, after))
            if piece := await asyncio.to_thread(writer.rows, rows):
                yield piece
            if after is None:
                break
        yield await asyncio.to_thread(writer.end)
