"""The engine: owns the calls of one switch. News of the switch and orders from other processes go to the calls' owners.

It keeps nothing that the journal and the switch do not know: begun again, it reads both and goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

import structlog
from prometheus_client import Gauge

from anmi.core.call_commands import HangUp
from anmi.core.call_events import AgentOffered, CallArrived, CallAsked, EngineLost, LegBack
from anmi.core.call_journal import KINDS, UnknownEvent, read
from anmi.core.call_legs import Leg, Role
from anmi.core.call_stages import DEBTOR, AgentAway, Waiting
from anmi.core.ports.switch import (
    Address,
    Arrived,
    Happened,
    PhoneAccount,
    PhoneSeen,
    RecordingKept,
    Switch,
    SwitchBack,
    SwitchNews,
    ToPhone,
)
from anmi.entrypoints.call_owner import AWAY, Owner
from anmi.entrypoints.engine_orders import Order, Orders
from anmi.identity.tenants.service import every_tenant
from anmi.kit.caller import the_system
from anmi.kit.errors import NotFound, Unavailable
from anmi.kit.unit_of_work import Units
from anmi.telephony.agents.models import NUMBER, PhoneKind
from anmi.telephony.agents.service import Agents, Credentials
from anmi.telephony.calls.models import Call
from anmi.telephony.calls.permits import Permits
from anmi.telephony.calls.service import CallFacts, Calls, KeptCall, keep
from anmi.telephony.engines.service import BEAT_SECONDS, Engines
from anmi.telephony.recordings.service import Keeping
from anmi.telephony.trunks.service import Trunks, switch_name

log = structlog.get_logger()

LIVE_CALLS: Final = Gauge("anmi_live_calls", "Calls this engine owns")
SWEEP_SECONDS: Final = 5.0
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
    _phones: dict[str, tuple[UUID, UUID]] = field(default_factory=dict[str, tuple[UUID, UUID]])
    _seen: asyncio.Queue[tuple[str, bool]] = field(default_factory=asyncio.Queue[tuple[str, bool]])
    _waiting: dict[UUID, Owner] = field(default_factory=dict[UUID, Owner])
    _picked: set[UUID] = field(default_factory=set[UUID])
    _tasks: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    async def run(self) -> None:
        """Own calls until cancelled; what lives then lives on."""
        async with self.units.begin(the_system()) as unit:
            self.id = await Engines(unit).begin(self.who.name, self.who.switch, self.who.phone_url)
        await self._read_journals()
        # A switch that is not there yet says so when it is.
        with contextlib.suppress(Unavailable):
            await self._take_back()
        orders = Orders(self.units, self.id, self._take)
        log.info("engine_ready", engine=self.who.name, switch=self.who.switch, calls=len(self.owners))
        try:
            async with asyncio.TaskGroup() as group:
                for work in (self._hear, self._see_phones, orders.follow, self._beat, self._offer, self._sweep):
                    group.create_task(work())
        finally:
            for task in tuple(self._tasks):
                task.cancel()
            for owner in tuple(self.owners.values()):
                await owner.stop()

    # ── for the owners of calls ──

    async def address_of(self, tenant_id: UUID, agent_id: UUID) -> Address | None:
        """Return where an agent's phone is; None where she is gone."""
        async with self.units.begin(the_system(tenant_id)) as unit:
            with contextlib.suppress(NotFound):
                agent = await Agents(unit).get(agent_id)
                if agent.phone_kind is PhoneKind.MOBILE and agent.number_sealed is not None:
                    return await self.permits.reach_mobile(unit, unit.open(NUMBER, agent.number_sealed))
                return ToPhone(agent.phone)
        return None

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
                for agent in await Agents(unit).at_engine(self.id):
                    self._phones[agent.phone] = (tenant.id, agent.id)
                for row in await Calls(unit).live_at(self.id):
                    kept = await Calls(unit).replay(row)
                    # A call without a line was asked for and not yet begun: its order is still open.
                    if kept.lines:
                        self._own(kept)

    async def _take_back(self) -> None:
        """Compare every call with what lives in the switch; what lives and belongs to nobody is ended."""
        for tenant in await every_tenant(self.units):
            await self._tell_again(tenant.id)
        living: dict[UUID, dict[Leg, bool]] = {}
        for live in await self.switch.live_legs():
            living.setdefault(live.call_id, {})[live.leg] = live.is_answered
        for owner in tuple(self.owners.values()):
            owner.take_back(living.pop(owner.call_id, {}))
        for call_id, legs in living.items():
            self._begin(self._end_stray(call_id, tuple(legs)))
        for recording in await self.switch.kept_recordings():
            self._pick_up(recording)

    async def _tell_again(self, tenant_id: UUID) -> None:
        """Tell the switch of trunks and phones: it keeps neither over a restart."""
        async with self.units.begin(the_system(tenant_id)) as unit:
            accounts = await Trunks(unit).accounts(self.id)
            leased = await Agents(unit).leased(self.id)
        for account in accounts:
            await self.switch.open_trunk(account)
        for given in leased:
            await self._admit(tenant_id, given)

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
            try:
                await self._hear_one(news)
            except (Unavailable, *AWAY) as fault:
                log.warning("news_not_heard", news=type(news).__name__, fault=type(fault).__name__)

    async def _hear_one(self, news: SwitchNews) -> None:
        match news:
            case Happened(call_id, event):
                if owner := self.owners.get(call_id):
                    owner.tell(event)
            case Arrived():
                self._begin(self._insist(partial(self._arrive, news)))
            case PhoneSeen(phone, is_there):
                # In the order they came and went: the last word counts.
                self._seen.put_nowait((phone, is_there))
            case RecordingKept():
                self._pick_up(news)
            case SwitchBack():
                await self._take_back()

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
            kept, _ = await keep(unit, KeptCall(CallFacts.of(row)), CallArrived(recognised.agent_id), unit.now)
        self._own(kept).take_back({DEBTOR: False})

    async def _see_phones(self) -> None:
        while True:
            phone, is_there = await self._seen.get()
            await self._insist(partial(self._see_phone, phone, is_there=is_there))

    async def _see_phone(self, phone: str, *, is_there: bool) -> None:
        known = self._phones.get(phone)
        if known is None:
            return
        tenant_id, agent_id = known
        async with self.units.begin(the_system(tenant_id)) as unit:
            await Agents(unit).phone_seen(agent_id, is_there=is_there)
        for owner in self.owners.values():
            stage = owner.kept.life.stage
            if is_there and isinstance(stage, AgentAway) and stage.agent_id == agent_id:
                owner.tell(LegBack(Leg(Role.AGENT)))

    # ── recordings ──

    def _pick_up(self, recording: RecordingKept) -> None:
        if recording.call_id not in self._picked:
            self._picked.add(recording.call_id)
            self._begin(self._keep_recording(recording))

    async def _keep_recording(self, recording: RecordingKept) -> None:
        """Bring a raw recording to safety, and only then let it go; a disk that is full is tried again later."""
        try:
            tenant_id = await self._tenant_of(recording.call_id)
            if tenant_id is None:
                log.warning("recording_of_no_call", call_id=str(recording.call_id))
                return
            await self.keeping.keep(tenant_id, recording.call_id, recording.path, recording.rate)
            await self.switch.take_away(recording)
        except Exception as fault:
            log.warning("recording_waits", call_id=str(recording.call_id), fault=type(fault).__name__)
        finally:
            self._picked.discard(recording.call_id)

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
                await self._let_in(order.tenant_id, UUID(agent_id), secret)
                await self._close(order)
            case {"kind": "ShutOut", "phone": str(phone)}:
                await self.switch.shut_out(phone)
                await self._close(order)
            case {"kind": "TrunkChanged", "trunk_id": str(trunk_id)}:
                await self._change_trunk(order.tenant_id, UUID(trunk_id))
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
        if owner is None and isinstance(event, CallAsked):
            owner = await self._begin_call(order)
        if owner is None:
            await self._close(order, "CALL_OVER")
        else:
            owner.tell(event, order.id)

    async def _begin_call(self, order: Order) -> Owner | None:
        async with self.units.begin(the_system(order.tenant_id)) as unit:
            row = await unit.session.get(Call, order.call_id)
            is_new = row is not None and row.ended_at is None
        return self._own(KeptCall(CallFacts.of(row))) if row is not None and is_new else None

    async def _let_in(self, tenant_id: UUID, agent_id: UUID, secret: str) -> None:
        async with self.units.begin(the_system(tenant_id)) as unit:
            given = await Agents(unit).credentials(agent_id, secret)
        await self._admit(tenant_id, given)

    async def _admit(self, tenant_id: UUID, given: Credentials) -> None:
        self._phones[given.phone] = (tenant_id, given.agent_id)
        if given.kind is not PhoneKind.MOBILE:
            await self.switch.let_in(PhoneAccount(given.phone, given.secret, given.kind is PhoneKind.BROWSER))

    async def _change_trunk(self, tenant_id: UUID, trunk_id: UUID) -> None:
        async with self.units.begin(the_system(tenant_id)) as unit:
            account = await Trunks(unit).account(trunk_id, self.id)
        if account is None:
            await self.switch.close_trunk(switch_name(trunk_id))
        else:
            await self.switch.open_trunk(account)

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
                    self._pick_up(recording)

    async def _sweep_tenant(self, tenant_id: UUID, gone: Sequence[UUID]) -> None:
        async with self.units.begin(the_system(tenant_id)) as unit:
            await Agents(unit).finish_late_wrap_ups()
        for engine_id in gone:
            async with self.units.begin(the_system(tenant_id)) as unit:
                for row in await Calls(unit).live_at(engine_id):
                    await keep(unit, await Calls(unit).replay(row), EngineLost(), unit.now)

    async def _insist(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do what has to be written, again and again while the database is away."""
        while True:
            try:
                await work()
            except AWAY:
                await asyncio.sleep(OFFER_SECONDS)
            else:
                return

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        async def carefully() -> None:
            with contextlib.suppress(Unavailable):
                await work

        task = asyncio.create_task(carefully())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
