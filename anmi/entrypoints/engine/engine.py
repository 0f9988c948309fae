"""The engine: owns the calls of one switch. News of the switch and orders from other processes go to the calls' owners.

It keeps nothing that the journal and the switch do not know: begun again, it reads both and goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

import structlog
from prometheus_client import Gauge

from anmi.core.call_commands import HangUp
from anmi.core.call_events import AgentOffered, CallArrived, EngineLost, LegBack
from anmi.core.call_journal import KINDS, UnknownEvent, read
from anmi.core.call_legs import Leg, Role
from anmi.core.call_stages import DEBTOR, AgentAway, Waiting
from anmi.core.ports.switch import (
    Address,
    Arrived,
    Happened,
    PhoneSeen,
    RecordingKept,
    Switch,
    SwitchBack,
    SwitchNews,
    ToPhone,
)
from anmi.entrypoints.engine.orders import Order, Orders
from anmi.entrypoints.engine.owner import Owner
from anmi.entrypoints.engine.phones import Phones
from anmi.entrypoints.engine.recordings import PickUp
from anmi.entrypoints.engine.trunks import Lines
from anmi.entrypoints.engine.turns import Turns
from anmi.entrypoints.patience import AWAY, insist
from anmi.identity.tenants.service import every_tenant
from anmi.kit.caller import the_system
from anmi.kit.errors import Unavailable
from anmi.kit.unit_of_work import UnitOfWork, Units
from anmi.telephony.agents.models import NUMBER, PhoneKind
from anmi.telephony.agents.service import Agents
from anmi.telephony.calls.breaking_off import break_off, close_unreadable
from anmi.telephony.calls.models import Call
from anmi.telephony.calls.permits import Permits
from anmi.telephony.calls.service import CallFacts, Calls, KeptCall, keep
from anmi.telephony.engines.service import BEAT_SECONDS, Engines
from anmi.telephony.recordings.service import Keeping

log = structlog.get_logger()

LIVE_CALLS: Final = Gauge("anmi_live_calls", "Calls this engine owns")
SWEEP_SECONDS: Final = 5.0
UNATTENDED_SECONDS: Final = 1
"""Where nobody sits at a phone nobody is kept waiting: she who calls is told so, and called back."""
OFFER_SECONDS: Final = 1.0
ORDERS_KEPT_FOR: Final = timedelta(days=2)
STRAY_SECONDS: Final = 3.0
SEEN_WITHIN: Final = 4.0
"""How long the switch may take to say what lives in it and still counts as well."""


@dataclass(frozen=True, slots=True)
class EngineName:
    """Who an engine is: one name per switch, for ever."""

    name: str
    switch: str
    phone_url: str | None = None


@dataclass(slots=True)
class Engine:
    """The owner of all calls of one switch."""

    who: EngineName
    units: Units
    switch: Switch
    permits: Permits
    keeping: Keeping
    id: UUID = field(init=False)
    owners: dict[UUID, Owner] = field(default_factory=dict[UUID, Owner])
    turns: Turns = field(default_factory=Turns)
    _phones: Phones = field(init=False)
    _lines: Lines = field(init=False)
    _recordings: PickUp = field(init=False)
    _waiting: dict[UUID, Owner] = field(default_factory=dict[UUID, Owner])
    _tasks: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    def __post_init__(self) -> None:
        self._phones = Phones(self.units, self.switch, self._phone_came)
        self._lines = Lines(self.units, self.switch)
        self._recordings = PickUp(self.switch, self.keeping, self._tenant_of)

    async def run(self) -> None:
        """Own calls until cancelled; what lives then lives on."""
        async with self.units.begin(the_system()) as unit:
            self.id = await Engines(unit).begin(self.who.name, self.who.switch, self.who.phone_url)
        await self._read_journals()
        # A switch that is not there yet says so when it is.
        with contextlib.suppress(Unavailable):
            await insist(self._take_back)
        orders = Orders(self.units, self.id, self._take)
        log.info("engine_ready", engine=self.who.name, switch=self.who.switch, calls=len(self.owners))
        try:
            async with asyncio.TaskGroup() as group:
                follow = (self._phones.follow, self._lines.follow, orders.follow)
                for work in (self._hear, *follow, self._beat, self._offer, self._sweep):
                    group.create_task(work())
        finally:
            for task in tuple(self._tasks):
                task.cancel()
            for owner in tuple(self.owners.values()):
                await owner.stop()

    # ── for the owners of calls ──

    async def address_of(self, unit: UnitOfWork, call_id: UUID, agent_id: UUID) -> Address | None:
        """Return where an agent's phone is; None where she is gone."""
        agent = await Agents(unit).reached(agent_id)
        if agent is None:
            return None
        if agent.phone_kind == PhoneKind.MOBILE and agent.number_sealed is not None:
            return await self.permits.reach_mobile(unit, call_id, unit.open(NUMBER, agent.number_sealed))
        return ToPhone(agent.phone)

    def wait_for_agent(self, owner: Owner) -> None:
        """Look for somebody who has time, now and again until somebody has."""
        self._waiting[owner.call_id] = owner

    def has_finished(self, owner: Owner) -> None:
        """Forget a call that is over."""
        self.owners.pop(owner.call_id, None)
        self._waiting.pop(owner.call_id, None)
        LIVE_CALLS.set(len(self.owners))

    # ── what lives ──

    def _own(self, kept: KeptCall) -> Owner:
        owner = self.owners[kept.facts.call_id] = Owner(self, kept)
        LIVE_CALLS.set(len(self.owners))
        return owner

    async def _read_journals(self) -> None:
        """Take up the calls that were live when this engine was last heard of."""
        for tenant in await every_tenant(self.units):
            async with self.units.begin(the_system(tenant.id)) as unit:
                await Engines(unit).forget_orders(unit.now - ORDERS_KEPT_FOR)
                for row in await Calls(unit).live_at(self.id):
                    kept = await self._read_journal(unit, row)
                    # A call without a line was asked for and not yet begun: its order is still open.
                    if kept is not None and kept.lines:
                        self._own(kept)
            await self._phones.learn(tenant.id, self.id)

    async def _read_journal(self, unit: UnitOfWork, row: Call) -> KeptCall | None:
        """Return a call as its journal tells it; one that cannot be read is closed, and stands in nobody's way."""
        try:
            return await Calls(unit).replay(row)
        except UnknownEvent as fault:
            log.exception("journal_unreadable", call_id=str(row.id), event_kind=str(fault))
            await close_unreadable(unit, row)
            return None

    async def _take_back(self) -> None:
        """Compare every call with what lives in the switch; what lives and belongs to nobody is ended."""
        for tenant in await every_tenant(self.units):
            # A switch keeps neither trunks nor phones over a restart.
            await self._lines.open_all(tenant.id, self.id)
            await self._phones.let_in_again(tenant.id, self.id)
        made = {owner.call_id: owner.made for owner in self.owners.values()}
        living: dict[UUID, dict[Leg, bool]] = {}
        for live in await self.switch.live_legs():
            living.setdefault(live.call_id, {})[live.leg] = live.is_answered
        for owner in tuple(self.owners.values()):
            owner.take_back(living.pop(owner.call_id, {}), made.get(owner.call_id, frozenset()))
        for call_id, legs in living.items():
            self._begin(self._end_stray(call_id, tuple(legs)))
        for recording in await self.switch.kept_recordings():
            self._begin(self._recordings.take(recording))

    async def _end_stray(self, call_id: UUID, legs: Sequence[Leg]) -> None:
        # It may be a call that has just arrived, and whose news is still on its way to us.
        await asyncio.sleep(STRAY_SECONDS)
        if call_id not in self.owners:
            log.warning("stray_call", call_id=str(call_id), legs=len(legs))
            for leg in legs:
                await self.switch.carry_out(call_id, HangUp(leg))

    # ── news of the switch ──

    async def _hear(self) -> None:
        async for news in self.switch.news():
            self._hear_one(news)

    def _hear_one(self, news: SwitchNews) -> None:
        match news:
            case Happened(call_id, event):
                if owner := self.owners.get(call_id):
                    owner.tell(event)
            case Arrived():
                self._begin(insist(partial(self._arrive, news)))
            case PhoneSeen(phone, is_there):
                self._phones.see(phone, is_there=is_there)
            case RecordingKept():
                self._begin(self._recordings.take(news))
            case SwitchBack():
                self._begin(insist(self._take_back))

    async def _arrive(self, arrived: Arrived) -> None:
        tenant_id = await self.permits.tenant_of(arrived)
        if tenant_id is None:
            log.warning("call_for_nobody", trunk=arrived.trunk)
            await self.switch.carry_out(arrived.call_id, HangUp(DEBTOR))
            return
        if arrived.call_id in self.owners:
            return
        async with self.units.begin(the_system(tenant_id)) as unit:
            recognised = await self.permits.recognise(unit, arrived)
            row = await Calls(unit).arrive(arrived.call_id, self.id, recognised)
            event = CallArrived(recognised.agent_id)
            if not await Agents(unit).is_anybody_at(self.id):
                event = CallArrived(None, queue_seconds=UNATTENDED_SECONDS)
            kept, _ = await keep(unit, KeptCall(CallFacts.of(row)), event, unit.now)
        self._own(kept).take_back({DEBTOR: False})

    def _phone_came(self, agent_id: UUID) -> None:
        for owner in self.owners.values():
            stage = owner.kept.life.stage
            if isinstance(stage, AgentAway) and stage.agent_id == agent_id:
                owner.tell(LegBack(Leg(Role.AGENT)))

    async def _tenant_of(self, call_id: UUID) -> UUID | None:
        if owner := self.owners.get(call_id):
            return owner.tenant_id
        for tenant in await every_tenant(self.units):
            async with self.units.begin(the_system(tenant.id)) as unit:
                if await unit.session.get(Call, call_id) is not None:
                    return tenant.id
        return None

    # ── orders ──

    async def _take(self, order: Order) -> None:
        """Take an order: it is closed with the line that says what came of it, or here."""
        match order.told:
            case {"kind": kind} if kind in KINDS:
                await self._take_event(order)
            case {"kind": "LetIn", "agent_id": str(agent_id), "secret": str(secret)}:
                await self._phones.let_in(order.tenant_id, UUID(agent_id), secret)
                await self._close(order)
            case {"kind": "ShutOut", "phone": str(phone)}:
                await self.switch.shut_out(phone)
                await self._close(order)
            case {"kind": "TrunkChanged", "trunk_id": str(trunk_id)}:
                await self._lines.change(order.tenant_id, UUID(trunk_id), self.id)
                await self._close(order)
            case _:
                await self._close(order, "UNKNOWN_ORDER")

    async def _take_event(self, order: Order) -> None:
        try:
            event = read(order.told)
        except UnknownEvent:
            await self._close(order, "UNKNOWN_ORDER")
            return
        owner = self.owners.get(order.call_id) if order.call_id else None
        if owner is None and order.begins is not None:
            owner = self._own(KeptCall(order.begins))
        if owner is None:
            await self._close(order, "CALL_OVER")
        else:
            owner.tell(event, order.id)

    async def _close(self, order: Order, refused: str | None = None) -> None:
        async with self.units.begin(the_system(order.tenant_id)) as unit:
            await Engines(unit).close_order(order.id, refused)

    # ── now and again ──

    async def _beat(self) -> None:
        while True:
            is_well = await self._switch_is_well()
            with contextlib.suppress(*AWAY):
                async with self.units.begin(the_system()) as unit:
                    await Engines(unit).beat(self.id, switch_is_well=is_well)
            await asyncio.sleep(BEAT_SECONDS)

    async def _switch_is_well(self) -> bool:
        try:
            async with asyncio.timeout(SEEN_WITHIN):
                await self.switch.live_legs()
        except (Unavailable, TimeoutError):
            return False
        return True

    async def _offer(self) -> None:
        """Offer the calls that wait to whoever has been ready the longest."""
        while True:
            for owner in tuple(self._waiting.values()):
                stage = owner.kept.life.stage
                if not isinstance(stage, Waiting) or stage.offered is not None:
                    self._waiting.pop(owner.call_id, None)
                    continue
                with contextlib.suppress(*AWAY):
                    async with self.units.begin(the_system(owner.tenant_id)) as unit:
                        agent = await Agents(unit).reserve_ready(self.id, owner.call_id)
                    if agent is not None:
                        self._waiting.pop(owner.call_id, None)
                        owner.tell(AgentOffered(agent.id))
            await asyncio.sleep(OFFER_SECONDS)

    async def _sweep(self) -> None:
        """End wrap-ups whose time is over, finish calls whose engine is gone, pick up recordings that were left."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            with contextlib.suppress(Unavailable, *AWAY):
                async with self.units.begin(the_system()) as unit:
                    gone = await Engines(unit).gone(self.id)
                for tenant in await every_tenant(self.units):
                    await self._sweep_tenant(tenant.id, gone)
                for recording in await self.switch.kept_recordings():
                    self._begin(self._recordings.take(recording))

    async def _sweep_tenant(self, tenant_id: UUID, gone: Sequence[UUID]) -> None:
        async with self.units.begin(the_system(tenant_id)) as unit:
            await Agents(unit).finish_late_wrap_ups()
        for engine_id in gone:
            async with self.units.begin(the_system(tenant_id)) as unit:
                for row in await Calls(unit).live_at(engine_id):
                    if (kept := await self._read_journal(unit, row)) is not None:
                        await break_off(unit, kept, EngineLost())

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        async def carefully() -> None:
            with contextlib.suppress(Unavailable):
                await work

        task = asyncio.create_task(carefully())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
