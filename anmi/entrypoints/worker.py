"""The worker: works jobs off until it is told to stop, finishing what it has in hand."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterable
from uuid import UUID

import structlog
from pgqueuer import PgQueuer
from sqlalchemy import select

from anmi.entrypoints.job_kinds import job_kinds
from anmi.entrypoints.wiring import House, open_house
from anmi.identity.tenants.models import Tenant, TenantState
from anmi.kit.caller import the_system
from anmi.kit.jobs import work_off
from anmi.kit.settings import Settings

log = structlog.get_logger()


async def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT."""
    async with open_house(settings) as house:

        async def tenants() -> Iterable[UUID]:
            return await _active_tenants(house)

        kinds = job_kinds(house)
        await work_off(house.database.address, house.units, kinds, tenants, _stop_on_signals)


def _stop_on_signals(queue: PgQueuer) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, queue.shutdown.set)
    log.info("worker_ready", kinds=len(queue.qm.entrypoint_registry))


async def _active_tenants(house: House) -> list[UUID]:
    async with house.units.begin(the_system(across_tenants=True)) as unit:
        return list(await unit.session.scalars(select(Tenant.id).where(Tenant.state == TenantState.ACTIVE)))
