"""Every SQL statement about caller ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.core.caller_id_choice import Place
from anmi.identity.org_units.models import OrgUnit
from anmi.kit.paging import Ask, Sorting
from anmi.telephony.caller_ids.models import CallerId, CallerIdState
from anmi.telephony.calls.models import Call
from anmi.telephony.trunks.models import Trunk, TrunkState

SORTING: Final = Sorting({"number": (CallerId.number, str)}, default="number", tie=CallerId.id)


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


async def near(session: AsyncSession, place: Place) -> Sequence[CallerId]:
    """Return the numbers of a city, of its province and of the whole country that have not ended."""
    nearby: list[ColumnElement[bool]] = [and_(CallerId.city.is_(None), CallerId.province.is_(None))]
    if place.city is not None:
        nearby.append(CallerId.city == place.city)
    if place.province is not None:
        nearby.append(CallerId.province == place.province)
    query = select(CallerId).where(or_(*nearby), CallerId.state != CallerIdState.ENDED)
    return (await session.scalars(query.execution_options(populate_existing=True))).all()


async def shown_since(session: AsyncSession, ids: Sequence[UUID], since: datetime) -> Mapping[UUID, int]:
    """Count how often numbers were shown since an instant."""
    query = select(Call.caller_id_id, func.count()).where(Call.caller_id_id.in_(ids), Call.asked_at >= since)
    counts: dict[UUID, int] = {}
    for caller_id_id, count in await session.execute(query.group_by(Call.caller_id_id)):
        if caller_id_id is not None:
            counts[caller_id_id] = count
    return counts


async def locked(session: AsyncSession, caller_id_id: UUID, *, waits: bool) -> CallerId | None:
    """Return a number as it is now, held until the transaction ends; None where somebody else holds it."""
    query = select(CallerId).where(CallerId.id == caller_id_id).with_for_update(skip_locked=not waits)
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def show(session: AsyncSession, caller_id_id: UUID, now: datetime) -> None:
    """Write down that a number is shown."""
    await session.execute(update(CallerId).where(CallerId.id == caller_id_id).values(last_shown_at=now))


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
