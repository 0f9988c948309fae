"""The phone floor for tests: an agency with agents at their phones, a line with a number, and a rehearsal engine."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from anmi.adapters.rehearsal.switch import RehearsalSwitch
from anmi.adapters.storage.objects import ObjectStorage
from anmi.core.agent_life import AgentState
from anmi.core.ports.switch import Switch
from anmi.core.rehearsal import Cast
from anmi.entrypoints.engine.engine import Engine, EngineName
from anmi.kit.caller import Caller, CallerKind, the_system
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import Units
from anmi.telephony.agents.models import NUMBER, Agent, PhoneKind
from anmi.telephony.caller_ids.models import CallerId, CallerIdState
from anmi.telephony.calls.models import Call, CallJournalLine
from anmi.telephony.calls.service import Calls
from anmi.telephony.engines.service import Engines, is_well
from anmi.telephony.recordings.service import Keeping, Vault
from anmi.telephony.trunks.models import Trunk, TrunkState
from anmi.workbench.calling.permits import Workbench
from tests.builders.people import Agency

PACE = 0.01
WITHIN = 15.0


async def a_line(
    units: Units, agency: Agency, city: str | None = None, host: str = "127.0.0.2:5060", capacity: int = 100
) -> UUID:
    """Lease a number on a trunk; return the number's id."""
    async with units.begin(the_system(agency.tenant_id)) as unit:
        trunk = Trunk(
            id=new_id(),
            tenant_id=agency.tenant_id,
            name="演示线路",
            carrier="演示运营商",
            licence="演示-0001",
            host=host,
            transport="udp",
            codecs=["alaw"],
            registers=False,
            capacity=capacity,
            rank=0,
            reasons={},
            state=TrunkState.ACTIVE,
            failures=0,
            version=1,
        )
        unit.session.add(trunk)
        await unit.session.flush()
        number = CallerId(
            id=new_id(),
            tenant_id=agency.tenant_id,
            number=f"0571{trunk.id.int % 10**8:08d}",
            city=city,
            province=None,
            trunk_id=trunk.id,
            licence="演示-0001",
            daily_ceiling=1000,
            cool_down_seconds=0,
            complaints=0,
            complaint_ceiling=3,
            state=CallerIdState.ACTIVE,
            version=1,
        )
        unit.session.add(number)
    return number.id


async def an_agent(
    units: Units,
    agency: Agency,
    person_id: UUID,
    engine_id: UUID | None,
    state: AgentState = AgentState.READY,
    unit_id: UUID | None = None,
    mobile: str | None = None,
) -> Agent:
    """Seat somebody at a phone that is there, or at her own mobile."""
    async with units.begin(the_system(agency.tenant_id)) as unit:
        agent = Agent(
            id=new_id(),
            tenant_id=agency.tenant_id,
            person_id=person_id,
            unit_id=unit_id or agency.root_id,
            extension=str(1000 + person_id.int % 10**6),
            phone_kind=PhoneKind.BROWSER if mobile is None else PhoneKind.MOBILE,
            number_sealed=None if mobile is None else unit.seal(NUMBER, mobile),
            phone=f"p{new_id().hex[-12:]}",
            engine_id=engine_id,
            is_there=True,
            state=state,
            since=unit.now,
            version=1,
        )
        unit.session.add(agent)
    return agent


async def a_well_engine(units: Units, name: str = "演示引擎", switch: str = "rehearsal") -> UUID:
    """Write down that an engine lives, and its switch."""
    async with units.begin(the_system()) as unit:
        engine_id = await Engines(unit).begin(name, switch, None)
        await Engines(unit).beat(engine_id, switch_is_well=True)
    return engine_id


async def orders_of(units: Units, agency: Agency, engine_id: UUID) -> list[dict[str, Any]]:
    """Read what an engine has been asked for."""
    async with units.begin(the_system(agency.tenant_id)) as unit:
        return [order.order for order in await Engines(unit).open_orders(engine_id)]


def as_person(agency: Agency, person_id: UUID, rights: Any, unit_id: UUID | None = None) -> Caller:
    """Return somebody as a caller of services."""
    return Caller(CallerKind.PERSON, agency.tenant_id, person_id, unit_id or agency.root_id, rights=rights)


@dataclass
class Running:
    """An engine that runs."""

    engine: Engine
    task: asyncio.Task[None]

    async def kill(self) -> None:
        """End the engine as kill -9 would: nothing is said, nothing is written."""
        self.task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.task


@dataclass
class Playing(Running):
    """An engine that runs, and the rehearsal whose calls it owns."""

    switch: RehearsalSwitch


def a_switch(tmp_path: Path, clock: Callable[[], datetime], pace: float = PACE, **shares: int) -> RehearsalSwitch:
    """Make a switch of virtual debtors of these personas."""
    cast = Cast().with_shares(shares or {"promises": 1})
    return RehearsalSwitch(cast, tmp_path / "raw", clock, pace)


async def begun(units: Units, switch: RehearsalSwitch, tmp_path: Path, name: str) -> Playing:
    """Begin an engine on a rehearsal and wait until it is ready."""
    running = await begun_on(units, switch, tmp_path, name)
    return Playing(running.engine, running.task, switch)


async def begun_on(units: Units, switch: Switch, tmp_path: Path, name: str) -> Running:
    """Begin an engine on any switch and wait until it is ready."""
    vault = Vault(tmp_path / "waiting", ObjectStorage.in_folder(tmp_path / "kept"))
    engine = Engine(EngineName(name, "rehearsal"), units, switch, Workbench(units), Keeping(units, vault))
    task = asyncio.create_task(engine.run())
    async with asyncio.timeout(WITHIN):
        while not (hasattr(engine, "id") and await _is_well(units, engine)):
            if task.done():
                task.result()
            await asyncio.sleep(0.02)
    return Running(engine, task)


async def _is_well(units: Units, engine: Engine) -> bool:
    async with units.begin(the_system()) as unit:
        return any(each.id == engine.id and is_well(each, unit.now) for each in await Engines(unit).all())


@asynccontextmanager
async def an_engine(units: Units, tmp_path: Path, pace: float = PACE, **shares: int) -> AsyncGenerator[Playing]:
    """Run an engine of its own for one test."""
    async with a_switch(tmp_path, units.clock, pace, **shares) as switch:
        playing = await begun(units, switch, tmp_path, f"test-{new_id().hex[-8:]}")
        try:
            yield playing
        finally:
            await playing.kill()


async def the_call(units: Units, agency: Agency, call_id: UUID) -> Call:
    """Read a call."""
    async with units.begin(the_system(agency.tenant_id)) as unit:
        return await unit.session.get_one(Call, call_id)


async def the_journal(units: Units, agency: Agency, call_id: UUID) -> list[CallJournalLine]:
    """Read a call's journal."""
    async with units.begin(the_system(agency.tenant_id)) as unit:
        return list(await Calls(unit).journal(call_id))


async def until(question: Callable[[], Any], within: float = WITHIN) -> Any:
    """Ask again and again until the answer is something."""
    async with asyncio.timeout(within):
        while True:
            answer = await question()
            if answer:
                return answer
            await asyncio.sleep(0.02)


def now() -> datetime:
    """Return ten on a working morning in China, moving on with the machine's clock."""
    return _MORNING + (datetime.now(UTC) - _BEGAN)


_BEGAN, _MORNING = datetime.now(UTC), datetime(2026, 3, 4, 2, tzinfo=UTC)
