"""Call records as a file."""

from __future__ import annotations

from anmi.kit.exports import Export, Rows
from anmi.kit.paging import Ask
from anmi.kit.unit_of_work import UnitOfWork
from anmi.telephony.records.service import LABELS, RecordFilter, Records, cells_of


def export_of(wanted: RecordFilter) -> Export:
    """Return the calls of a filter as a file; numbers stay masked for everybody."""

    async def count(unit: UnitOfWork) -> int:
        return await Records(unit).count(wanted)

    async def page(unit: UnitOfWork, ask: Ask) -> tuple[Rows, str | None]:
        views, following = await Records(unit).page(wanted, ask)
        return [cells_of(view) for view in views], following

    return Export("话单", LABELS, count, page)
