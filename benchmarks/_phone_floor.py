"""A phone floor to be measured: PostgreSQL, switch, the rehearsal's network and an engine, each its own process.

Agents speak into SIP phones that the network's Asterisk registers at the switch, debtors are personas of the rehearsal:
both are real SIP and real sound. A click is what the web server does for one, without its HTTP.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import multiprocessing
import os
import subprocess
import sys
from collections import deque
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import structlog
from sqlalchemy import func, insert, select

from anmi.adapters.asterisk.ari import Ari
from anmi.adapters.asterisk.instance import APP, USER, Instance, Kind, configuration_folder
from anmi.adapters.asterisk.places import Places
from anmi.adapters.rehearsal.carrier import Carrier
from anmi.casework.cases.models import Case
from anmi.casework.debtors.models import PHONE, Debtor, Phone
from anmi.casework.placements.models import Placement
from anmi.core.case_life import State
from anmi.core.contact_rules.facts import Relation
from anmi.core.number_state import NumberState
from anmi.core.rehearsal import BY_CODE, Cast, Persona
from anmi.entrypoints.switches import asterisk_of
from anmi.entrypoints.wiring import House, open_house
from anmi.identity.people.models import Person
from anmi.kit.caller import Caller, the_system
from anmi.kit.embedded_postgres import APP as APP_ROLE
from anmi.kit.embedded_postgres import OWNER, SUPERUSER, EmbeddedPostgres
from anmi.kit.errors import Refusal
from anmi.kit.ids import new_id
from anmi.kit.migrations import migrate
from anmi.kit.settings import Settings
from anmi.telephony.agents.models import Agent, PhoneKind
from anmi.telephony.agents.service import Agents
from anmi.telephony.caller_ids.service import CallerIds
from anmi.telephony.calls.models import Call
from anmi.telephony.engines.service import Engines
from anmi.telephony.trunks.service import Trunks, switch_name
from anmi.workbench.calling.service import Calling
from benchmarks._measuring import spent_by, spent_by_process
from benchmarks._web import environment
from tests.builders.cases import a_placement
from tests.builders.people import Agency, an_agency, as_caller
from tests.builders.sessions import somebody_with_a_password

CHINA: Final = ZoneInfo("Asia/Shanghai")
SHORT: Final = replace(BY_CODE["silent"], share=1, ring_seconds=0.0, patience_seconds=0.5)
"""Picks up at once, says nothing and hangs up after half a second."""
TALKATIVE: Final = replace(
    BY_CODE["promises"], share=1, ring_seconds=0.0, lines=("hello", "it-is-me", "promise-3500-next-friday") * 200
)
"""Picks up at once and speaks, in turn with who calls, for as long as she is let."""
_CALLER_IDS: Final = 20
_ROWS_AT_ONCE: Final = 1000
# Answers, and speaks a sentence after the other with a pause between them, as somebody at work does.
_AGENTS_SPEAK: Final = """[from-network]
exten => _p.,1,Answer(0)
 same => n(speak),NoOp()
{sentences}
 same => n,Goto(speak)
"""
_SENTENCE: Final = " same => n,Playback({voice})\n same => n,Wait(2)"
VOICE: Final = configuration_folder() / "voices" / "woman" / "it-is-me"


@dataclass(frozen=True, slots=True)
class Target:
    """A case and a number of it that may be called once."""

    case_id: UUID
    phone_id: UUID
    digits: str


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
        trunk = await _line(house, agency, carrier.places)
        seated = [await _seat(house, agency, number) for number in range(agents)]
        async with Ari(carrier.places.ari_url, USER, carrier.places.ari_secret, APP) as network:
            phones = await _register(house, agency, seated, network, pbx.places, engine_id)
        called = await _targets(house, agency, seated, targets)
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
        sentences = "\n".join(_SENTENCE.format(voice=voice) for voice in voices)
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


# ── who is on it ──


async def _engine_is_well(house: House) -> UUID:
    async with asyncio.timeout(120):
        while True:
            async with house.units.begin(the_system()) as unit:
                if (await Engines(unit).standing()).is_well:
                    return (await Engines(unit).all())[0].id
            await asyncio.sleep(0.1)


async def _line(house: House, agency: Agency, network: Places) -> str:
    async with house.units.begin(the_system(agency.tenant_id)) as unit:
        trunk = await Trunks(unit).add(
            {
                "name": "演练线路",
                "carrier": "演练运营商",
                "licence": "演练",
                "host": network.sip_address,
                "transport": "udp",
                "codecs": ["alaw"],
                "registers": False,
                "capacity": 2000,
                "rank": 0,
                "reasons": {},
                "is_rehearsal": True,
            }
        )
        for number in range(_CALLER_IDS):
            await CallerIds(unit).add(
                {
                    "number": f"9500{number:04d}",
                    "city": None,
                    "province": None,
                    "trunk_id": trunk.id,
                    "unit_id": None,
                    "licence": "演练，号码均为虚构",
                    "leased_until": None,
                    "daily_ceiling": 100_000,
                    "cool_down_seconds": 0,
                    "complaint_ceiling": 3,
                }
            )
        return switch_name(trunk.id)


def employee_no(number: int) -> str:
    """Return what an agent logs in by."""
    return f"B{number:04d}"


async def _seat(house: House, agency: Agency, number: int) -> Caller:
    """Give a collector with her training an extension."""
    person_id = await somebody_with_a_password(house.units, agency, "collector", employee_no=employee_no(number))
    async with house.units.begin(the_system(agency.tenant_id)) as unit:
        person = await unit.session.get_one(Person, person_id)
        person.training_valid_until = date(2099, 1, 1)
        unit.session.add(
            Agent(
                id=new_id(),
                tenant_id=agency.tenant_id,
                person_id=person_id,
                unit_id=agency.root_id,
                extension=str(8000 + number),
                phone_kind=PhoneKind.SIP,
                phone=f"p{new_id().hex[-12:]}",
                since=unit.now,
                version=1,
            )
        )
    return await as_caller(house.units, agency, person_id)


async def _register(
    house: House, agency: Agency, agents: Sequence[Caller], network: Ari, pbx: Places, engine_id: UUID
) -> list[str]:
    """Let every agent log her phone in, and wait until the engine has seen them all."""
    phones: list[str] = []
    for agent in agents:
        async with house.units.begin(agent) as unit:
            lease = await Agents(unit).lease(PhoneKind.SIP)
        phones.append(lease.phone)
        await asyncio.sleep(0.02)
        for kind, fields in _phone(lease.phone, lease.secret, pbx).items():
            told = [{"attribute": name, "value": value} for name, value in fields.items()]
            await network.put(f"asterisk/config/dynamic/res_pjsip/{kind}/{lease.phone}", {"fields": told})
    async with asyncio.timeout(60):
        while True:
            async with house.units.begin(the_system(agency.tenant_id)) as unit:
                query = select(func.count()).select_from(Agent).where(Agent.is_there, Agent.engine_id == engine_id)
                if await unit.session.scalar(query) == len(agents):
                    return phones
            await asyncio.sleep(0.2)


def _phone(name: str, secret: str, pbx: Places) -> dict[str, dict[str, str]]:
    return {
        "auth": {"auth_type": "digest", "username": name, "password": secret},
        "registration": {
            "transport": "udp",
            "server_uri": f"sip:{pbx.sip_address}",
            "client_uri": f"sip:{name}@{pbx.sip_host}",
            "contact_user": name,
            "outbound_auth": name,
            "max_random_initial_delay": "0",
            "retry_interval": "1",
            "auth_rejection_permanent": "no",
            "forbidden_retry_interval": "1",
            "max_retries": "100",
            "expiration": "3600",
        },
    }


async def _targets(house: House, agency: Agency, agents: Sequence[Caller], wanted: int) -> list[Target]:
    """Make debtors of one case and one number each, held by the agents in turn."""
    today = house.units.clock().date()
    placement = await a_placement(house.units, agency, placed_on=today, due_back_on=today + timedelta(days=90))
    holders = itertools.cycle(agents)
    made: list[Target] = []
    for start in range(0, wanted, _ROWS_AT_ONCE):
        numbers = range(start, min(start + _ROWS_AT_ONCE, wanted))
        async with house.units.begin(the_system(agency.tenant_id)) as unit:
            rows = [_target(house, placement, next(holders), number) for number in numbers]
            for table in (Debtor, Phone, Case):
                await unit.session.execute(insert(table), [row[table] for row in rows])
        made += [Target(row[Case]["id"], row[Phone]["id"], f"137{n:08d}") for row, n in zip(rows, numbers, strict=True)]
    return made


def _target(house: House, placement: Placement, holder: Caller, number: int) -> dict[Any, dict[str, Any]]:
    tenant_id, keyring, now = placement.tenant_id, house.keyring, house.units.clock()
    debtor_id, digits = new_id(), f"137{number:08d}"
    common = {"tenant_id": tenant_id, "created_at": now}
    debtor = {
        "id": debtor_id,
        "name_sealed": keyring.seal(tenant_id, "debtor.name", "演示"),
        "name_index": b"",
        "id_number_sealed": b"",
        "id_number_index": number.to_bytes(8),
        "id_tail_index": b"",
        "province": "浙江",
        "city": "杭州",
    }
    phone = {
        "id": new_id(),
        "debtor_id": debtor_id,
        "number_sealed": keyring.seal(tenant_id, PHONE, digits),
        "number_index": keyring.index(tenant_id, PHONE, digits),
        "tail_index": b"",
        "kind": "mobile",
        "relation": Relation.DEBTOR,
        "source": "contract",
        "state": NumberState.ACTIVE,
    }
    case = {
        "id": new_id(),
        "placement_id": placement.id,
        "creditor_id": placement.creditor_id,
        "product_id": placement.product_id,
        "debtor_id": debtor_id,
        "serial_no": f"S{number:08d}",
        "placed_on": placement.placed_on,
        "due_back_on": placement.due_back_on,
        "placed_fen": 320_000,
        "owing_fen": 320_000,
        "paid_fen": 0,
        "waived_fen": 0,
        "overdue_on": placement.placed_on - timedelta(days=40),
        "bucket": "M2",
        "state": State.IN_COLLECTION,
        "priority": 0,
        "holder_id": holder.person_id,
        "unit_id": holder.unit_id,
        "version": 1,
    }
    return {Debtor: debtor | common, Phone: phone | common, Case: case | common}


def _analyse(postgres: EmbeddedPostgres) -> None:
    with psycopg.connect(postgres.url(SUPERUSER), autocommit=True) as connection:
        connection.execute("ANALYZE")  # as autovacuum would within a minute
