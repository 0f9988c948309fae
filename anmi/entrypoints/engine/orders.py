"""Orders: what other processes ask of an engine, heard at their commit; after an absence all that is open is read."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import psycopg
import structlog
from psycopg import sql

from anmi.core.call_events import CallAsked
from anmi.entrypoints.patience import AWAY
from anmi.identity.tenants.service import every_tenant
from anmi.kit.caller import the_system
from anmi.kit.errors import Unavailable
from anmi.kit.unit_of_work import Units
from anmi.telephony.calls.service import CallFacts, Calls
from anmi.telephony.engines.service import CHANNEL, Engines, OpenOrder

log = structlog.get_logger()

RECONNECT_SECONDS: Final = 0.2
MANY: Final = 100
"""Of so many orders that were taken one looks which are answered, and need no more be kept in mind."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it was given."""

    id: int
    tenant_id: UUID
    call_id: UUID | None
    told: Mapping[str, Any]
    begins: CallFacts | None = None
    """The call that is to begin with it."""

    @classmethod
    def of(cls, row: OpenOrder, begun: Mapping[UUID, CallFacts]) -> Order:
        """Return the order of a row."""
        return cls(row.id, row.tenant_id, row.call_id, row.order, begun.get(row.call_id) if row.call_id else None)


class Orders:
    """Hears the orders of one engine; each is taken once, in the order they were given."""

    def __init__(self, units: Units, engine_id: UUID, take: Callable[[Order], Awaitable[None]]) -> None:
        self._units = units
        self._engine_id = engine_id
        self._take = take
        self._taken: dict[UUID, set[int]] = {}
        """Which orders are taken already, by agency: those that are open among them are not to be taken again."""

    async def follow(self) -> None:
        """Take orders until cancelled."""
        while True:
            with contextlib.suppress(Unavailable, *AWAY):
                await self._listen()
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen(self) -> None:
        connection = await psycopg.AsyncConnection.connect(
            self._units.database.address, autocommit=True, application_name="anmi engine"
        )
        async with connection:
            await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
            self._taken.clear()
            for tenant in await every_tenant(self._units):
                await self._take_open(tenant.id)
            async for tenants in self._called(connection):
                for tenant_id in tenants:
                    await self._take_open(tenant_id)

    async def _called(self, connection: psycopg.AsyncConnection[Any]) -> AsyncIterator[set[UUID]]:
        """Yield whose orders are to be read: of all that was heard meanwhile each agency once."""
        while True:
            tenants: set[UUID] = set()
            # The first is waited for; with it come those that wait already.
            async for notice in connection.notifies(stop_after=1):
                engine_id, tenant_id, _ = notice.payload.split()
                if engine_id == str(self._engine_id):
                    tenants.add(UUID(tenant_id))
            yield tenants

    async def _take_open(self, tenant_id: UUID) -> None:
        async with self._units.begin(the_system(tenant_id)) as unit:
            taken = self._taken.setdefault(tenant_id, set())
            if len(taken) > MANY:
                taken &= await Engines(unit).still_open(taken)
            rows = await Engines(unit).open_orders(self._engine_id, but=taken)
            asked = [row.call_id for row in rows if row.call_id and row.order.get("kind") == CallAsked.__name__]
            begun = {facts.call_id: facts for facts in await Calls(unit).facts_of_live(asked)} if asked else {}
        for row in rows:
            taken.add(row.id)
            try:
                await self._take(Order.of(row, begun))
            except Unavailable as fault:
                # The switch is away: the order stays open, and is taken when we listen anew.
                taken.discard(row.id)
                log.warning("order_waits", order=row.id, port=fault.port)
