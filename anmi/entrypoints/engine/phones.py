"""The phones at an engine's switch: let in by their agents' credentials, and seen to come and go."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from uuid import UUID

from anmi.core.ports.switch import PhoneAccount, Switch
from anmi.entrypoints.patience import insist
from anmi.kit.caller import the_system
from anmi.kit.unit_of_work import Units
from anmi.telephony.agents.models import PhoneKind
from anmi.telephony.agents.service import Agents, Credentials


class Phones:
    """Whose phones are at one switch; `came` is told of an agent whose phone is there again."""

    def __init__(self, units: Units, switch: Switch, came: Callable[[UUID], None]) -> None:
        self._units = units
        self._switch = switch
        self._came = came
        self._known: dict[str, tuple[UUID, UUID]] = {}
        self._seen: asyncio.Queue[tuple[str, bool]] = asyncio.Queue()

    async def learn(self, tenant_id: UUID, engine_id: UUID) -> None:
        """Read whose phones were here when the engine was last heard of."""
        async with self._units.begin(the_system(tenant_id)) as unit:
            for agent in await Agents(unit).at_engine(engine_id):
                self._known[agent.phone] = (tenant_id, agent.id)

    async def let_in_again(self, tenant_id: UUID, engine_id: UUID) -> None:
        """Let in whose lease still runs: a switch keeps no phone over a restart."""
        async with self._units.begin(the_system(tenant_id)) as unit:
            leased = await Agents(unit).leased(engine_id)
        for given in leased:
            await self._admit(tenant_id, given)

    async def let_in(self, tenant_id: UUID, agent_id: UUID, secret: str) -> None:
        """Let an agent's phone in with a secret, as it is sealed."""
        async with self._units.begin(the_system(tenant_id)) as unit:
            given = await Agents(unit).credentials(agent_id, secret)
        await self._admit(tenant_id, given)

    def see(self, phone: str, *, is_there: bool) -> None:
        """Note that a phone has come or gone; it is written down in the order they came and went."""
        self._seen.put_nowait((phone, is_there))

    async def follow(self) -> None:
        """Write down what was seen, until cancelled."""
        while True:
            phone, is_there = await self._seen.get()
            if phone in self._known:
                tenant_id, agent_id = self._known[phone]
                await insist(partial(self._write, tenant_id, agent_id, is_there=is_there))

    async def _write(self, tenant_id: UUID, agent_id: UUID, *, is_there: bool) -> None:
        async with self._units.begin(the_system(tenant_id)) as unit:
            await Agents(unit).phone_seen(agent_id, is_there=is_there)
        if is_there:
            self._came(agent_id)

    async def _admit(self, tenant_id: UUID, given: Credentials) -> None:
        self._known[given.phone] = (tenant_id, given.agent_id)
        if given.kind is not PhoneKind.MOBILE:
            await self._switch.let_in(PhoneAccount(given.phone, given.secret, given.kind is PhoneKind.BROWSER))
