"""Every SQL statement about caller ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, LiteralString
from uuid import UUID

from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import class_row
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.core.caller_id_choice import Place
from anmi.identity.org_units.models import OrgUnit
from anmi.kit.paging import Ask, Sorting
from anmi.telephony.caller_ids.models import CallerId, CallerIdState
from anmi.telephony.trunks.models import Trunk, TrunkState

# Every call asks for a number: its statements go straight to psycopg.
_CANDIDATE: Final = """
SELECT c.id, c.number, c.province, c.city, c.trunk_id, c.unit_id, c.state, c.rests_until, c.leased_until,
       c.daily_ceiling, c.cool_down_seconds, c.last_shown_at, c.complaints, c.complaint_ceiling,
       CASE WHEN c.shown_on >= %(today)s THEN c.shown ELSE 0 END AS shown_today"""
_NEAR: Final = (
    _CANDIDATE
    + """
  FROM caller_ids c
 WHERE c.state <> 'ended'
   AND (c.city IS NULL AND c.province IS NULL OR c.city = %(city)s OR c.province = %(province)s)
"""
)
_HOLD_ONE: Final = (
    _CANDIDATE
    + """
  FROM caller_ids c WHERE c.id = ANY(%(among)s) ORDER BY array_position(%(among)s, c.id) LIMIT 1
   FOR NO KEY UPDATE SKIP LOCKED
"""
)
_WAIT_FOR: Final = _CANDIDATE + " FROM caller_ids c WHERE c.id = %(id)s FOR NO KEY UPDATE"
_SHOW: Final = """
UPDATE caller_ids
   SET last_shown_at = greatest(last_shown_at, %(now)s),
       shown = CASE WHEN shown_on >= %(today)s THEN shown ELSE 0 END + 1, shown_on = greatest(shown_on, %(today)s)
 WHERE id = %(id)s
"""

SORTING: Final = Sorting({"number": (CallerId.number, str)}, default="number", tie=CallerId.id)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A number that may perhaps be shown, and how often it was today."""

    id: UUID
    number: str
    province: str | None
    city: str | None
    trunk_id: UUID
    unit_id: UUID | None
    state: CallerIdState
    rests_until: datetime | None
    leased_until: date | None
    daily_ceiling: int
    cool_down_seconds: int
    last_shown_at: datetime | None
    complaints: int
    complaint_ceiling: int
    shown_today: int


async def page(
    session: AsyncSession, conditions: Sequence[ColumnElement[bool]], ask: Ask
) -> tuple[Sequence[CallerId], str | None, int]:
    """Return one page of numbers, the cursor of the next, and how many there are."""
    rows = (await session.scalars(SORTING.apply(select(CallerId).where(*conditions), ask))).all()
    total = await session.scalar(select(func.count()).select_from(CallerId).where(*conditions))
    shown, following = SORTING.split(rows, ask)
    return shown, following, total or 0


async def one(session: AsyncSession, caller_id_id: UUID, *, lock: bool = False) -> CallerId | None:
    """Return one number."""
    query = select(CallerId).where(CallerId.id == caller_id_id)
    return (await session.scalars(query.with_for_update() if lock else query)).one_or_none()


async def near(driver: AsyncConnection[Any], place: Place, today: date) -> list[Candidate]:
    """Return the numbers of a city, of its province and of the whole country that have not ended."""
    cursor = AsyncCursor(driver, row_factory=class_row(Candidate))
    asked = {"city": place.city, "province": place.province, "today": today}
    return await (await cursor.execute(_NEAR, asked)).fetchall()


async def begin_taking(driver: AsyncConnection[Any]) -> None:
    """Mark where one goes back to if a number that is held turns out to be unfit."""
    await driver.execute("SAVEPOINT taking", prepare=False)


async def let_go(driver: AsyncConnection[Any]) -> None:
    """Let go of what is held since the mark."""
    await driver.execute("ROLLBACK TO SAVEPOINT taking", prepare=False)


async def hold_one(driver: AsyncConnection[Any], among: Sequence[UUID], today: date) -> Candidate | None:
    """Return the first of some numbers that nobody holds, held until the transaction ends, as it is now."""
    return await _held(driver, _HOLD_ONE, {"among": list(among), "today": today})


async def wait_for(driver: AsyncConnection[Any], caller_id_id: UUID, today: date) -> Candidate | None:
    """Return a number as it is now, held until the transaction ends; whoever holds it is waited for."""
    return await _held(driver, _WAIT_FOR, {"id": caller_id_id, "today": today})


async def _held(driver: AsyncConnection[Any], statement: LiteralString, asked: Mapping[str, Any]) -> Candidate | None:
    cursor = AsyncCursor(driver, row_factory=class_row(Candidate))
    return await (await cursor.execute(statement, asked)).fetchone()


async def show(driver: AsyncConnection[Any], caller_id_id: UUID, now: datetime, today: date) -> None:
    """Write down that a number is shown, once more on this day."""
    await driver.execute(_SHOW, {"id": caller_id_id, "now": now, "today": today})


async def numbers(session: AsyncSession, among: Sequence[str]) -> frozenset[str]:
    """Return which of these numbers are known already."""
    return frozenset(await session.scalars(select(CallerId.number).where(CallerId.number.in_(among))))


async def trunks_by_name(session: AsyncSession) -> Mapping[str, UUID]:
    """Return the trunks that have not ended, by name."""
    rows = await session.execute(select(Trunk.name, Trunk.id).where(Trunk.state != TrunkState.ENDED))
    return {row.name: row.id for row in rows}


async def units_by_name(session: AsyncSession) -> Mapping[str, UUID | None]:
    """Return the agency's units by name; None where two have the same."""
    units: dict[str, UUID | None] = {}
    for row in await session.execute(select(OrgUnit.name, OrgUnit.id)):
        units[row.name] = None if row.name in units else row.id
    return units
