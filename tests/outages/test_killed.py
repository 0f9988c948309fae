"""Each part of the product is killed while twenty people talk: nothing of any call is lost, and nothing is twice."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import pytest
from sqlalchemy import select

from anmi.adapters.asterisk.naming import read_channel
from anmi.core.agent_life import AgentState
from anmi.core.call_legs import Ending
from anmi.core.call_views import CallPhase
from anmi.entrypoints.database import with_addresses
from anmi.entrypoints.patience import AWAY
from anmi.entrypoints.wiring import open_house
from anmi.identity.audit.anchors import Anchors
from anmi.identity.audit.service import AuditLog
from anmi.kit.caller import the_system
from anmi.kit.settings import Settings
from anmi.kit.unit_of_work import Units
from anmi.telephony.agents.models import Agent
from anmi.telephony.calls.models import Call
from anmi.telephony.calls.service import CallFacts, Calls, replayed
from anmi.telephony.engines.service import Engines
from anmi.telephony.recordings.models import Recording, RecordingState
from anmi.telephony.trunks.models import Trunk
from tests.builders.collectors import Desk, a_desk
from tests.builders.people import Agency, an_agency
from tests.builders.phone_floor import a_line, the_journal
from tests.outages.instance import Instance, running

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

TALKS = 20
ENOUGH = 90.0
# Two clocks, and what is still on its way when somebody looks.
SLACK_SECONDS = 1.0
# Two tracks of 16 bits, 8,000 times a second.
BYTES_A_SECOND = 32_000
COLUMNS = ("phase", "agent_id", "dialled_at", "answered_at", "connected_at", "ended_at", "ended_by", "ending")

Found = TypeVar("Found")


async def until(question: Callable[[], Awaitable[Found]], within: float = ENOUGH) -> Found:
    """Ask again and again, over a database that comes and goes, until the answer is something."""
    async with asyncio.timeout(within):
        while True:
            try:
                answer = await question()
            except AWAY:
                answer = None
            if answer:
                return answer
            await asyncio.sleep(0.05)


@dataclass
class Floor:
    """Twenty collectors in a call, and everything that is known of it."""

    instance: Instance
    units: Units
    agency: Agency
    desks: list[Desk]
    digits: list[str]
    """The debtors' numbers."""
    call_ids: list[UUID] = field(default_factory=list[UUID])
    ended: set[int] = field(default_factory=set[int])
    sound: dict[UUID, float] = field(default_factory=dict[UUID, float])
    """Seconds that were seen on the switch's disk, by call."""

    async def calls(self) -> list[Call]:
        """Read the calls, in the order they were begun."""
        async with self.units.begin(the_system(self.agency.tenant_id)) as unit:
            found = {call.id: call for call in (await unit.session.scalars(select(Call))).all()}
        return [found[call_id] for call_id in self.call_ids]

    async def are_as_they_should(self) -> bool:
        """Tell whether every call stands where it should: over, or talking."""
        phases = [call.phase for call in await self.calls()]
        return phases == [
            CallPhase.ENDED if number in self.ended else CallPhase.TALKING for number in range(len(self.call_ids))
        ]

    @property
    def talking(self) -> list[int]:
        """The calls in which somebody talks, as far as is known."""
        return [number for number in range(len(self.call_ids)) if number not in self.ended]

    async def are_begun(self) -> bool:
        """Tell whether nobody is waited for any more; whose dial was cut off in the middle is called another time."""
        calls = await self.calls()
        self.ended = {number for number, call in enumerate(calls) if call.ended_at and call.answered_at is None}
        return await self.are_as_they_should()

    async def of_call(self, number: int, channels: set[str]) -> set[str]:
        """Return which of some channels belong to a call."""
        return {channel for channel in channels if channel.startswith(str(self.call_ids[number]))}

    def look_at_sound(self) -> None:
        """Note how much of each call has reached the disk by now."""
        folder = self.instance.data_dir / "asterisk" / "pbx" / "spool" / "recording"
        for raw in folder.glob("*.debtor.1.raw"):
            self.sound[UUID(raw.name.partition(".")[0])] = raw.stat().st_size / BYTES_A_SECOND

    async def channels(self) -> set[str]:
        """Return the channels of the calls that are to last; whoever listens comes and goes."""
        over = {self.call_ids[number] for number in self.ended}
        legs = [(each["id"], read_channel(each["id"])) for each in await self.instance.living("pbx")]
        return {channel for channel, owner in legs if owner and owner[0] not in over}

    async def debtor_leaves(self, number: int) -> None:
        """Let the debtor of a call hang up, in the network."""
        await self.instance.hang_up(self.digits[number])
        self.ended.add(number)

    async def agent_leaves(self, number: int) -> None:
        """Let the agent of a call end it."""
        async with self.units.begin(self.desks[number].caller) as unit:
            await Calls(unit).hang_up(self.call_ids[number])
        self.ended.add(number)

    async def stands(self) -> None:
        """Wait until every call stands where it should."""
        await until(self.are_as_they_should)

    async def holds(self, number: int) -> float:
        """Put a debtor on hold and take her back; return how long it took until she was."""
        began, took, desk, call_id = time.monotonic(), 0.0, self.desks[number], self.call_ids[number]
        for ask, phase in ((Calls.hold, CallPhase.HELD), (Calls.resume, CallPhase.TALKING)):

            async def asked(ask: Any = ask) -> bool:
                async with self.units.begin(desk.caller) as unit:
                    await ask(Calls(unit), call_id)
                return True

            await until(asked)
            await desk.in_phase(call_id, phase, within=ENOUGH)
            took = took or time.monotonic() - began
        return took


@pytest.fixture
async def floor(tmp_path: Path) -> AsyncGenerator[Floor]:
    """Seat twenty collectors at mobiles of their own; everybody in the network hums a tone for ever."""
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "data" / "rehearsal.toml").write_text("[shares]\ntone = 1\n", encoding="utf-8")
    async with running(tmp_path) as instance:
        ahead = int(instance.environment["ANMI_DEMO_CLOCK_AHEAD"])
        settings = with_addresses(Settings(data_dir=instance.data_dir, demo=True, demo_clock_ahead=ahead))
        async with open_house(settings) as house:
            units = house.units
            agency = await an_agency(units)
            async with units.begin(the_system()) as unit:
                engine = await Engines(unit).one_that_is_well()
            network = instance.places("carrier").sip_address
            await a_line(units, agency, host=network)
            async with units.begin(the_system(agency.tenant_id)) as unit:
                (trunk,) = (await unit.session.scalars(select(Trunk))).all()
                await Engines(unit).order(engine.id, {"kind": "TrunkChanged", "trunk_id": str(trunk.id)})
            desks = [
                await a_desk(units, agency, engine.id, mobile=f"1390000{number:04d}") for number in range(TALKS + 1)
            ]
            yield Floor(instance, units, agency, desks, [await desk.digits() for desk in desks])


async def test_whatever_is_killed_while_twenty_people_talk_no_call_loses_anything(floor: Floor) -> None:
    instance = floor.instance
    floor.call_ids = [await desk.call() for desk in floor.desks[:TALKS]]
    # Killed while some talk, some ring and some are not yet dialled.
    await floor.desks[5].in_phase(floor.call_ids[5], CallPhase.TALKING, within=ENOUGH)
    await a_part_is_killed(floor, "engine")
    await until(floor.are_begun)
    first, second, third, fourth, fifth, sixth, *others = floor.talking
    assert len(others) > TALKS / 2

    before = await floor.channels()
    await a_part_is_killed(floor, "web")
    await until(instance.answers)
    assert await floor.channels() == before
    floor.look_at_sound()
    await floor.agent_leaves(first)
    await floor.stands()

    await a_part_is_killed(floor, "worker")
    await floor.agent_leaves(second)
    await floor.stands()

    before = await floor.channels()
    killed = instance.kill("engine")
    await floor.debtor_leaves(third)
    took = await floor.holds(fourth)
    await instance.has_another("engine", killed)
    await floor.stands()
    assert before - await floor.channels() == await floor.of_call(third, before)
    print(f"the calls were taken back in {took:.1f} s")  # noqa: T201 - for whoever measures

    before = await floor.channels()
    killed = instance.kill("postgres")
    await floor.debtor_leaves(fifth)
    await instance.has_another("postgres", killed)
    await floor.stands()
    await floor.holds(sixth)
    assert before - await floor.channels() == await floor.of_call(fifth, before)

    floor.look_at_sound()
    await a_part_is_killed(floor, "asterisk")
    floor.ended = set(range(TALKS))
    await floor.stands()
    await nothing_is_left(floor)
    await everything_is_kept(floor)
    await life_goes_on(floor)


async def a_part_is_killed(floor: Floor, name: str) -> None:
    """Kill a part and wait for another one."""
    await floor.instance.has_another(name, floor.instance.kill(name))


async def nothing_is_left(floor: Floor) -> None:
    """No channel, no bridge and no reservation stays behind."""

    async def quiet() -> bool:
        living = [await floor.instance.living(*what) for what in (("pbx",), ("pbx", "bridges"), ("carrier",))]
        return not any(living)

    async def free() -> bool:
        async with floor.units.begin(the_system(floor.agency.tenant_id)) as unit:
            agents = (await unit.session.scalars(select(Agent))).all()
        return all(agent.state in {AgentState.READY, AgentState.WRAP_UP} and agent.is_there for agent in agents)

    await until(quiet)
    await until(free)


async def everything_is_kept(floor: Floor) -> None:
    """Every journal tells its row again, every talk is recorded once and in full, and the log is whole."""

    async def all_kept() -> list[Recording]:
        async with floor.units.begin(the_system(floor.agency.tenant_id)) as unit:
            found = (await unit.session.scalars(select(Recording))).all()
        kept = [each for each in found if each.state is RecordingState.KEPT]
        return kept if len(kept) >= len(answered) else []

    calls = await floor.calls()
    answered = {call.id for call in calls if call.answered_at is not None}
    recordings = {each.call_id: each for each in await until(all_kept)}
    assert recordings.keys() == answered
    over = max(call.ended_at for call in calls if call.ended_at)
    for call in calls:
        journal = await the_journal(floor.units, floor.agency, call.id)
        assert [line.number for line in journal] == list(range(1, len(journal) + 1))
        record = replayed(CallFacts.of(call), journal).record
        assert {name: getattr(record, name) for name in COLUMNS} == {name: getattr(call, name) for name in COLUMNS}
        assert call.ending in {Ending.HUNG_UP, Ending.RELEASED, Ending.FAILED}
        if call.id in recordings and call.ended_at is not None:
            kept = recordings[call.id].milliseconds / 1000
            # What was on the disk when the switch was killed is kept, and nothing twice.
            assert kept >= floor.sound.get(call.id, 0.0) - 0.01
            # Her own leg is recorded before anybody is dialled, and until its end was written and the switch heard it.
            assert kept < (over - call.asked_at).total_seconds() + SLACK_SECONDS
    async with floor.units.begin(the_system(floor.agency.tenant_id)) as unit:
        verdict = await AuditLog(unit).verify(Anchors(floor.instance.data_dir))
    assert not verdict.faults
    raw = floor.instance.data_dir / "asterisk" / "pbx" / "spool" / "recording"
    assert list(raw.glob("*.raw")) == []


async def life_goes_on(floor: Floor) -> None:
    """After all of it somebody calls somebody."""
    desk = floor.desks[TALKS]
    call_id = await desk.call()
    await desk.in_phase(call_id, CallPhase.TALKING, within=ENOUGH)
    async with floor.units.begin(desk.caller) as unit:
        await Calls(unit).hang_up(call_id)
    await desk.in_phase(call_id, CallPhase.ENDED, within=ENOUGH)
