"""A phone floor to be measured: PostgreSQL, switch, the rehearsal's network and an engine, each its own process.

Agents speak into SIP phones that the network's Asterisk registers at the switch, debtors are personas of the rehearsal:
both are real SIP and real sound. A click is what the web server does for one, without its HTTP.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import subprocess
import sys
from collections import deque
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import structlog
from sqlalchemy import func, select

from anmi.adapters.asterisk.ari import Ari
from anmi.adapters.asterisk.instance import APP, USER, Instance, Kind, configuration_folder
from anmi.adapters.asterisk.places import Places
from anmi.adapters.rehearsal.carrier import Carrier
from anmi.core.rehearsal import BY_CODE, Cast, Persona
from anmi.entrypoints.switches import asterisk_of
from anmi.entrypoints.wiring import House, open_house
from anmi.kit.caller import Caller, the_system
from anmi.kit.embedded_postgres import APP as APP_ROLE
from anmi.kit.embedded_postgres import OWNER, SUPERUSER, EmbeddedPostgres
from anmi.kit.errors import Refusal
from anmi.kit.migrations import migrate
from anmi.kit.settings import Settings
from anmi.telephony.calls.models import Call
from anmi.telephony.engines.service import Engines
from anmi.workbench.calling.service import Calling
from benchmarks._measuring import spent_by, spent_by_process
from benchmarks._phone_people import Target, a_line, a_seat, registered, some_targets
from benchmarks._web import environment
from tests.builders.people import Agency, an_agency

CHINA: Final = ZoneInfo("Asia/Shanghai")
SHORT: Final = replace(BY_CODE["silent"], share=1, ring_seconds=0.0, patience_seconds=0.5)
"""Picks up at once, says nothing and hangs up after half a second."""
TALKATIVE: Final = replace(
    BY_CODE["promises"], share=1, ring_seconds=0.0, lines=("hello", "it-is-me", "promise-3500-next-friday") * 200
)
"""Picks up at once and speaks, in turn with who calls, for as long as she is let."""
# Answers, and speaks a sentence after the other with a pause between them, as somebody at work does; or says nothing.
_AGENTS_SPEAK: Final = """[from-network]
exten => _p.,1,Answer(0)
 same => n(speak),NoOp()
{sentences}
 same => n,Goto(speak)
"""
_SILENCE: Final = " same => n,Wait(60)"
_SENTENCE: Final = " same => n,Playback({voice})\n same => n,Wait(2)"
VOICE: Final = configuration_folder() / "voices" / "woman" / "it-is-me"


@dataclass(slots=True)
class PhoneFloor:
    """What stands, and who is on it."""

    house: House
    agency: Agency
    postgres: EmbeddedPostgres
    pbx: Instance
    carrier: Instance
    trunk: str
    """As the switch calls it."""
    agents: list[Caller]
    phones: list[str]
    """The names the agents' phones are registered under, in the same order."""
    targets: deque[Target]
    pids: dict[str, int]

    async def click(self, agent: Caller) -> UUID:
        """Let an agent call the next case with one click; return the call."""
        target = self.targets.popleft()
        try:
            async with self.house.units.begin(agent) as unit:
                placed = await Calling(unit).place(target.case_id, target.phone_id, None)
        except Refusal:
            self.targets.appendleft(target)
            raise
        if placed.call is None:
            raise RuntimeError(f"the gate refused: {placed.decision.rule_id} {placed.decision.reason}")
        return placed.call.id

    def spent(self) -> dict[str, float]:
        """Return the CPU seconds of each process so far; `clicks` is this one."""
        told = {name: spent_by_process(pid) for name, pid in self.pids.items()}
        return told | {"postgresql": spent_by(self.postgres), "clicks": spent_by_process(os.getpid())}

    async def count(self, *conditions: Any) -> int:
        """Count calls."""
        async with self.house.units.begin(the_system(self.agency.tenant_id)) as unit:
            return await unit.session.scalar(select(func.count()).select_from(Call).where(*conditions)) or 0

    async def until_quiet(self, within: float = 60.0) -> None:
        """Wait until no call lives and every recording is taken in."""
        async with asyncio.timeout(within):
            while await self.count(Call.ended_at.is_(None)) or any(self.pbx.recordings.glob("*.raw")):
                await asyncio.sleep(0.2)


@asynccontextmanager
async def a_phone_floor(
    folder: Path,
    personas: Sequence[Persona],
    *,
    agents: int,
    targets: int,
    connections: int = 10,
    voices: Sequence[Path] = (VOICE,),
) -> AsyncGenerator[PhoneFloor]:
    """Have it for a while; everything is stopped and taken away afterwards."""
    postgres = EmbeddedPostgres(folder / "postgres")
    ahead = _until_ten()
    async with AsyncExitStack() as opened:
        opened.enter_context(postgres.running())
        postgres.make_roles()
        migrate(postgres.url(OWNER), postgres.url(APP_ROLE))
        settings = Settings.model_validate(
            {
                "data_dir": folder,
                "database_app_url": postgres.url(APP_ROLE),
                "database_connections": connections,
                "demo": True,
                "demo_clock_ahead": ahead,
                "switch": "asterisk",
            }
        )
        pbx, carrier = (opened.enter_context(_asterisk(settings, kind, voices)) for kind in (Kind.PBX, Kind.CARRIER))
        house = await opened.enter_async_context(open_house(settings))
        player = opened.enter_context(_personas(carrier, personas))
        agency = await an_agency(house.units)
        engine = opened.enter_context(_engine(settings, folder))
        engine_id = await _engine_is_well(house)
        trunk = await a_line(house, agency, carrier.places)
        seated = [await a_seat(house, agency, number) for number in range(agents)]
        async with Ari(carrier.places.ari_url, USER, carrier.places.ari_secret, APP) as network:
            phones = await registered(house, agency, seated, network, pbx.places, engine_id)
        called = await some_targets(house, agency, seated, targets)
        _analyse(postgres)
        pids = {"engine": engine, "asterisk": _pid_of(pbx), "network": _pid_of(carrier), "personas": player}
        yield PhoneFloor(house, agency, postgres, pbx, carrier, trunk, seated, phones, deque(called), pids)


# ── processes ──


@contextmanager
def _asterisk(settings: Settings, kind: Kind, voices: Sequence[Path]) -> Generator[Instance]:
    instance = asterisk_of(settings, kind)
    assert instance is not None, "There is no Asterisk on this machine: run scripts/asterisk."
    if kind is Kind.CARRIER:
        more = instance.folder / "etc/extensions.d"
        more.mkdir(parents=True)
        sentences = "\n".join(_SENTENCE.format(voice=voice) for voice in voices) or _SILENCE
        (more / "phones.conf").write_text(_AGENTS_SPEAK.format(sentences=sentences), encoding="utf-8")
    with instance.running():
        yield instance


@contextmanager
def _engine(settings: Settings, folder: Path) -> Generator[int]:
    with (folder / "engine.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "anmi", "engine"],
            env=os.environ | environment(settings),
            stdout=log,
            stderr=log,
        )
        try:
            yield process.pid
        finally:
            process.terminate()
            process.wait(20)


@contextmanager
def _personas(carrier: Instance, personas: Sequence[Persona]) -> Generator[int]:
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=play, args=(carrier.places, tuple(personas)), daemon=True)
    process.start()
    assert process.pid is not None
    try:
        yield process.pid
    finally:
        process.terminate()
        process.join(10)


def play(places: Places, personas: Sequence[Persona]) -> None:
    """Be the debtors of the network."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    asyncio.run(_play(places, personas))


async def _play(places: Places, personas: Sequence[Persona]) -> None:
    async with Ari(places.ari_url, USER, places.ari_secret, APP) as ari:
        await Carrier(ari, Cast(personas=personas), configuration_folder() / "voices").run()


def _pid_of(instance: Instance) -> int:
    own = str(instance.folder / "etc/asterisk.conf").encode()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        if own in path.read_bytes():
            return int(path.parent.name)
    raise RuntimeError(f"{instance.name} does not run")


def _until_ten() -> int:
    now = datetime.now(UTC).astimezone(CHINA)
    return int((now.replace(hour=10, minute=0, second=0, microsecond=0) - now).total_seconds()) or 1


async def _engine_is_well(house: House) -> UUID:
    async with asyncio.timeout(120):
        while True:
            async with house.units.begin(the_system()) as unit:
                if (await Engines(unit).standing()).is_well:
                    return (await Engines(unit).all())[0].id
            await asyncio.sleep(0.1)


def _analyse(postgres: EmbeddedPostgres) -> None:
    with psycopg.connect(postgres.url(SUPERUSER), autocommit=True) as connection:
        connection.execute("ANALYZE")  # as autovacuum would within a minute
