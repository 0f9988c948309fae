"""Resealing: every sealed field is opened and sealed again with the newest key, a few hundred rows at a time.

Each batch is a transaction of its own and skips what is sealed with the newest key already, so a run that was broken
off is simply run again.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, Table, func, or_, select, update

from anmi.kit import tables
from anmi.kit.caller import the_system
from anmi.kit.keyring import CannotOpen
from anmi.kit.unit_of_work import UnitOfWork, Units

BATCH: Final = 500
_HEAD_LENGTH: Final = 3


@dataclass(frozen=True, slots=True)
class Resealed:
    """What one batch came to. A field that cannot be opened is left as it is, and counted."""

    table: str
    fields: int
    unopened: int


def sealed_columns() -> dict[Table, list[Column[Any]]]:
    """Return the sealed columns of every table, as the models mark them."""
    found = {
        table: [column for column in table.columns if "sealed" in column.info]
        for table in tables.load().metadata.sorted_tables
    }
    return {table: columns for table, columns in found.items() if columns}


async def counts_by_version(unit: UnitOfWork) -> dict[int, int]:
    """Count the sealed fields of a tenant by the version of the key that sealed them."""
    counts: dict[int, int] = {}
    for table, columns in sealed_columns().items():
        for column in columns:
            head = func.substr(column, 1, _HEAD_LENGTH)
            query = select(head, func.count()).where(table.c.tenant_id == unit.tenant_id, column.is_not(None))
            for sealed, count in await unit.session.execute(query.group_by(head)):
                version = unit.keyring.version_of(sealed)
                counts[version] = counts.get(version, 0) + count
    return counts


async def reseal(units: Units, tenant_id: UUID, batch: int = BATCH) -> AsyncGenerator[Resealed]:
    """Bring every sealed field of a tenant to the newest key; yields after each batch."""
    for table, columns in sealed_columns().items():
        last: UUID | None = None
        while True:
            async with units.begin(the_system(tenant_id)) as unit:
                rows = await _aged(unit, table, columns, last, batch)
                outcomes = [await _renew(unit, table, columns, row) for row in rows]
            if not rows:
                break
            last = rows[-1]["id"]
            yield Resealed(table.name, sum(done for done, _ in outcomes), sum(left for _, left in outcomes))


async def _aged(
    unit: UnitOfWork, table: Table, columns: list[Column[Any]], last: UUID | None, batch: int
) -> list[Mapping[str, Any]]:
    """Return the next rows that hold a field which the newest key did not seal."""
    aged = or_(*(func.substr(column, 1, _HEAD_LENGTH) != unit.keyring.head for column in columns))
    query = select(table.c.id, *columns).where(table.c.tenant_id == unit.tenant_id, aged)
    if last is not None:
        query = query.where(table.c.id > last)
    found = await unit.session.execute(query.order_by(table.c.id).limit(batch).with_for_update())
    return [dict(row) for row in found.mappings()]


async def _renew(unit: UnitOfWork, table: Table, columns: list[Column[Any]], row: Mapping[str, Any]) -> tuple[int, int]:
    renewed: dict[str, bytes] = {}
    unopened = 0
    for column in columns:
        sealed = row[column.name]
        if sealed is None or sealed.startswith(unit.keyring.head):
            continue
        field = column.info["sealed"]
        try:
            renewed[column.name] = unit.seal(field, unit.open(field, sealed))
        except CannotOpen:
            unopened += 1
    if renewed:
        await unit.session.execute(update(table).where(table.c.id == row["id"]).values(renewed))
    return len(renewed), unopened
