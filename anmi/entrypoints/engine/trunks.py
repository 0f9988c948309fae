"""The trunks of an engine's switch: opened as the agencies set them, and tried again where the switch refuses one."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final
from uuid import UUID

import structlog

from anmi.core.ports.switch import Switch, TrunkAccount, TrunkRefused
from anmi.kit.caller import the_system
from anmi.kit.errors import Unavailable
from anmi.kit.unit_of_work import Units
from anmi.telephony.trunks.service import Trunks, switch_name

log = structlog.get_logger()

AGAIN_SECONDS: Final = 60.0


class Lines:
    """What one switch knows of trunks; one that it refuses stands in nobody else's way."""

    def __init__(self, units: Units, switch: Switch) -> None:
        self._units = units
        self._switch = switch
        self._refused: dict[str, TrunkAccount] = {}

    async def open_all(self, tenant_id: UUID, engine_id: UUID) -> None:
        """Tell the switch of an agency's trunks: it keeps none over a restart."""
        async with self._units.begin(the_system(tenant_id)) as unit:
            accounts = await Trunks(unit).accounts(engine_id)
        for account in accounts:
            await self._open(account)

    async def change(self, tenant_id: UUID, trunk_id: UUID, engine_id: UUID) -> None:
        """Open, change or close a trunk as it is set now."""
        async with self._units.begin(the_system(tenant_id)) as unit:
            account = await Trunks(unit).account(trunk_id, engine_id)
        if account is not None:
            await self._open(account)
        else:
            self._refused.pop(switch_name(trunk_id), None)
            await self._switch.close_trunk(switch_name(trunk_id))

    async def follow(self) -> None:
        """Try those again that were refused, until cancelled: a carrier's name may have been unknown for a while."""
        while True:
            await asyncio.sleep(AGAIN_SECONDS)
            with contextlib.suppress(Unavailable):
                for trunk in tuple(self._refused):
                    # It may have been closed or opened while another was tried.
                    if account := self._refused.get(trunk):
                        await self._open(account)

    async def _open(self, account: TrunkAccount) -> None:
        try:
            await self._switch.open_trunk(account)
        except TrunkRefused as refusal:
            self._refused[account.trunk] = account
            log.warning("trunk_refused", trunk=account.trunk, why=str(refusal))
        else:
            self._refused.pop(account.trunk, None)
