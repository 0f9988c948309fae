"""Every SQL statement about engines and their orders."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import class_row
from psycopg.types.json import Jsonb
from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.kit.ids import new_id
from anmi.telephony.engines.models import Engine, EngineOrder

CHANNEL: Final = "anmi_engine"
_ORDER: Final = """
WITH given AS (
    INSERT INTO engine_orders (tenant_id, engine_id, call_id, "order", asked_at, asked_by)
    VALUES (%s, %s, %s, %s, %s, %s) RETURNING engine_id, tenant_id, id
)
SELECT pg_notify(%s, concat_ws(' ', engine_id, tenant_id, id)) FROM given
"""
_CLOSE: Final = "UPDATE engine_orders SET done_at = %s, refused = %s WHERE id = %s AND done_at IS NULL"
_OPEN: Final = """
SELECT id, tenant_id, call_id, "order" FROM engine_orders
 WHERE engine_id = %s AND done_at IS NULL AND id <> ALL(%s::bigint[]) ORDER BY id
"""
_STILL_OPEN: Final = "SELECT id FROM engine_orders WHERE id = ANY(%s::bigint[]) AND done_at IS NULL"
_ALL: Final = """
SELECT id, name, switch, version, phone_url, began_at, seen_at, switch_seen_at FROM engines ORDER BY seen_at DESC
"""


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An order that has not been answered."""

    id: int
    tenant_id: UUID
    call_id: UUID | None
    order: dict[str, Any]


async def begin(session: AsyncSession, name: str, switch: str, phone_url: str | None, now: datetime) -> UUID:
    """Write down that the engine of this name begins; return its id, which it keeps for ever."""
    facts = {"switch": switch, "phone_url": phone_url, "began_at": now, "seen_at": now, "switch_seen_at": None}
    row = insert(Engine).values(id=new_id(), name=name, **facts)
    query = row.on_conflict_do_update(index_elements=[Engine.name], set_=facts).returning(Engine.id)
    return (await session.execute(query)).scalar_one()


async def beat(session: AsyncSession, engine_id: UUID, now: datetime, *, switch_is_well: bool) -> None:
    """Write down that an engine lives, and whether its switch does."""
    facts = {"seen_at": now} | ({"switch_seen_at": now} if switch_is_well else {})
    await session.execute(update(Engine).where(Engine.id == engine_id).values(facts))


async def engines(driver: AsyncConnection[Any]) -> list[Engine]:
    """Return all engines, the one seen last first; every click asks for them, so they come straight from psycopg."""
    cursor = AsyncCursor(driver, row_factory=class_row(Engine))
    return await (await cursor.execute(_ALL)).fetchall()


async def add_order(
    driver: AsyncConnection[Any],
    tenant_id: UUID,
    engine_id: UUID,
    call_id: UUID | None,
    order: Mapping[str, Any],
    at: datetime,
    by: UUID | None,
) -> None:
    """Write an order down and wake its engine when the transaction commits."""
    await driver.execute(_ORDER, (tenant_id, engine_id, call_id, Jsonb(order), at, by, CHANNEL))


async def open_orders(driver: AsyncConnection[Any], engine_id: UUID, but: Collection[int] = ()) -> list[OpenOrder]:
    """Return what an engine has been asked for and has not answered, in order, leaving some out."""
    cursor = AsyncCursor(driver, row_factory=class_row(OpenOrder))
    return await (await cursor.execute(_OPEN, (engine_id, list(but)))).fetchall()


async def still_open(driver: AsyncConnection[Any], among: Collection[int]) -> set[int]:
    """Return which of some orders have not been answered."""
    return {row[0] async for row in await driver.execute(_STILL_OPEN, (list(among),))}


async def latest_orders(
    session: AsyncSession, engine_id: UUID, kind: str, of: str, since: datetime
) -> Sequence[EngineOrder]:
    """Return the last order of a kind for each of the things it is about, given since a moment."""
    subject = EngineOrder.order[of].astext
    query = select(EngineOrder).where(
        EngineOrder.engine_id == engine_id, EngineOrder.order["kind"].astext == kind, EngineOrder.asked_at > since
    )
    return (await session.scalars(query.ext(distinct_on(subject)).order_by(subject, EngineOrder.id.desc()))).all()


async def close_order(driver: AsyncConnection[Any], order_id: int, now: datetime, refused: str | None) -> None:
    """Write down what became of an order; straight to psycopg, for it stands in every call's way."""
    await driver.execute(_CLOSE, (now, refused, order_id))


async def forget_orders(session: AsyncSession, before: datetime) -> None:
    """Remove orders that were carried out long ago: the journal of their call says what came of them."""
    await session.execute(text("DELETE FROM engine_orders WHERE done_at < :before"), {"before": before})
