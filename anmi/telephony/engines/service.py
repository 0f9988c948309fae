"""Engines: which of them live, and what is asked of them by other processes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from anmi.kit.errors import Conflict
from anmi.kit.unit_of_work import UnitOfWork
from anmi.telephony.engines import repository
from anmi.telephony.engines.models import Engine, EngineOrder
from anmi.telephony.engines.repository import CHANNEL, OpenOrder

__all__ = ["BEAT_SECONDS", "CHANNEL", "EngineAway", "Engines", "OpenOrder", "Standing", "is_well"]

BEAT_SECONDS: Final = 2.0
SILENT_FOR: Final = timedelta(seconds=10)
"""An engine, or a switch, that was not heard of for so long takes no new calls."""
GONE_FOR: Final = timedelta(minutes=2)
"""After so long an engine does not come back, and its calls are finished by another."""


class EngineAway(Conflict):
    """No engine is there to make a call."""

    code = "ENGINE_AWAY"
    zh, en = "话务引擎未就绪，请稍后重试", "No call engine is ready; please try again in a moment"


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether calls can be made, and through what: `rehearsal` reaches nobody outside."""

    switch: str | None
    is_well: bool


def is_well(engine: Engine, now: datetime) -> bool:
    """Say whether an engine and its switch were heard of lately."""
    heard = engine.switch_seen_at
    return now - engine.seen_at < SILENT_FOR and heard is not None and now - heard < SILENT_FOR


class Engines:
    """The engines of the installation; orders belong to an agency."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def begin(self, name: str, switch: str, phone_url: str | None) -> UUID:
        """Write down that an engine begins; return the id it has for ever."""
        return await repository.begin(self._unit.session, name, switch, phone_url, self._unit.now)

    async def beat(self, engine_id: UUID, *, switch_is_well: bool) -> None:
        """Write down that an engine lives."""
        await repository.beat(self._unit.session, engine_id, self._unit.now, switch_is_well=switch_is_well)

    async def all(self) -> Sequence[Engine]:
        """Return every engine, the one seen last first."""
        return await repository.engines(self._unit.driver)

    async def gone(self, but: UUID) -> list[UUID]:
        """Return the engines that do not come back, leaving out one's own."""
        engines = await repository.engines(self._unit.driver)
        return [each.id for each in engines if each.id != but and self._unit.now - each.seen_at > GONE_FOR]

    async def one_that_is_well(self, preferred: UUID | None = None) -> Engine:
        """Return an engine that can make a call: the one somebody's phone is at, or any."""
        well = [each for each in await repository.engines(self._unit.driver) if is_well(each, self._unit.now)]
        if not well:
            raise EngineAway
        return next((each for each in well if each.id == preferred), well[0])

    async def standing(self) -> Standing:
        """Say how the best of the engines stands."""
        engines = await repository.engines(self._unit.driver)
        best = next((each for each in engines if is_well(each, self._unit.now)), None)
        if best is not None:
            return Standing(best.switch, is_well=True)
        return Standing(engines[0].switch if engines else None, is_well=False)

    async def order(self, engine_id: UUID, order: Mapping[str, Any], call_id: UUID | None = None) -> None:
        """Ask an engine for something; it hears of it at the commit."""
        unit = self._unit
        # What the order speaks of is there before it.
        await unit.session.flush()
        await repository.add_order(
            unit.driver, unit.tenant_id, engine_id, call_id, order, unit.now, unit.caller.actor_id
        )

    async def open_orders(self, engine_id: UUID, but: Collection[int] = ()) -> Sequence[OpenOrder]:
        """Return what an engine was asked for by this agency and has not answered, leaving some orders out."""
        return await repository.open_orders(self._unit.driver, engine_id, but)

    async def still_open(self, among: Collection[int]) -> set[int]:
        """Return which of some orders have not been answered."""
        return await repository.still_open(self._unit.driver, among)

    async def latest_orders(self, engine_id: UUID, kind: str, of: str, since: datetime) -> Sequence[EngineOrder]:
        """Return the last order of a kind for each of the things it is about, given since a moment."""
        return await repository.latest_orders(self._unit.session, engine_id, kind, of, since)

    async def close_order(self, order_id: int, refused: str | None = None) -> None:
        """Write down that an order was carried out, or why not."""
        await repository.close_order(self._unit.driver, order_id, self._unit.now, refused)

    async def forget_orders(self, before: datetime) -> None:
        """Remove the orders that were carried out before."""
        await repository.forget_orders(self._unit.session, before)
