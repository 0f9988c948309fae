"""A long day in short: ten calls a second for as long as is wanted, and then a look at what was left lying about.

Each call goes the whole way: gate, reservation, agent's SIP phone, dial, persona, recording, outcome, wrap-up. Debtors
answer and talk for a sentence or three, or are busy, or let it ring, or are announced as unreachable. Nobody transfers,
holds, monitors or loses her phone, no browser is open and no worker runs: recordings are sealed on the disk and wait.

Run: `.venv/bin/python benchmarks/soak.py --minutes 20 --rate 10`.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parent.parent))

import psycopg
import uvloop

from anmi.adapters.asterisk.ari import Ari
from anmi.adapters.asterisk.instance import APP, USER, Instance
from anmi.core.rehearsal import BY_CODE, Persona
from anmi.kit.embedded_postgres import SUPERUSER
from anmi.telephony.agents.service import AgentBusy
from benchmarks._measuring import memory_of_backends, private_mebibytes
from benchmarks._phone_floor import PhoneFloor, a_phone_floor

GROWTH_MIB_AN_HOUR: Final = 60.0
SAMPLE_SECONDS: Final = 5.0
AGENTS_FOR_EACH_PER_SECOND: Final = 16
SHARES: Final = {
    "hangs_up": 400,
    "wrong_party": 100,
    "silent": 100,
    "busy": 100,
    "rejects": 100,
    "no_answer": 100,
    "empty": 50,
    "suspended": 25,
    "powered_off": 25,
}
LEFT_BEHIND: Final = {
    "calls that never ended": "SELECT count(*) FROM calls WHERE ended_at IS NULL",
    "reservations at the gate": "SELECT count(*) FROM contact_attempts WHERE outcome = 'reserved'",
    "agents still in a call": "SELECT count(*) FROM agents WHERE state IN ('reserved', 'on_call')",
    "orders nobody carried out": "SELECT count(*) FROM engine_orders WHERE done_at IS NULL",
    "stretches of agents open twice": (
        "SELECT count(*) FROM (SELECT FROM agent_spans WHERE ended_at IS NULL GROUP BY agent_id HAVING count(*) > 1) a"
    ),
    "talks without a recording": (
        "SELECT count(*) FROM calls c WHERE connected_at IS NOT NULL"
        " AND NOT EXISTS (SELECT FROM recordings r WHERE r.call_id = c.id)"
    ),
    "transactions that stand open": (
        "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in%' AND now() - state_change > '2 s'"
    ),
}


@dataclass(slots=True)
class Samples:
    """Memory of each process in MiB, and CPU seconds, over time."""

    seconds: list[float] = field(default_factory=list[float])
    mebibytes: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    spent: list[dict[str, float]] = field(default_factory=list[dict[str, float]])
    calls: list[int] = field(default_factory=list[int])

    def take(self, floor: PhoneFloor, at: float, calls: int) -> None:
        """Look once."""
        self.seconds.append(at)
        told = {who: private_mebibytes(pid) for who, pid in floor.pids.items() if who != "personas"}
        for who, size in (told | {"postgresql": memory_of_backends(floor.postgres)}).items():
            self.mebibytes.setdefault(who, []).append(size)
        self.spent.append(floor.spent())
        self.calls.append(calls)

    def growth(self) -> dict[str, dict[str, float]]:
        """Return for each process where it stands, and the slope of the second half, in MiB an hour."""
        half = len(self.seconds) // 2
        return {
            who: {
                "first": sizes[0],
                "middle": sizes[half],
                "last": sizes[-1],
                "mib_an_hour": round(slope(self.seconds[half:], sizes[half:]) * 3600, 1),
            }
            for who, sizes in self.mebibytes.items()
        }

    def price(self) -> dict[str, dict[str, float]]:
        """Return CPU milliseconds a call, of the first and of the last third: a table that grows must not slow us."""
        third = len(self.calls) // 3
        return {
            name: {
                who: round(1000 * (self.spent[end][who] - self.spent[begin][who]) / made, 1)
                for who in self.spent[begin]
            }
            for name, begin, end in (("first third", 0, third), ("last third", -third - 1, -1))
            if (made := self.calls[end] - self.calls[begin])
        }


def slope(x: Sequence[float], y: Sequence[float]) -> float:
    """Return by how much y grows for each x, by least squares."""
    return statistics.linear_regression(x, y).slope if len(x) > 1 else 0.0


def cast() -> list[Persona]:
    """Return the debtors: as the rehearsal has them, quicker to pick up and to give up."""
    quick = {"ring_seconds": 1.0, "patience_seconds": 1.0}
    return [replace(BY_CODE[code], share=share, **quick) for code, share in SHARES.items()]


async def call_on(floor: PhoneFloor, rate: float, seconds: float) -> tuple[Samples, Counter[str]]:
    """Click `rate` times a second; agents who are busy are passed over."""
    samples, told, begun = Samples(), Counter[str](), time.perf_counter()
    agents = itertools.cycle(floor.agents)

    async def one() -> None:
        try:
            for agent in itertools.islice(agents, len(floor.agents)):
                try:
                    await floor.click(agent)
                except AgentBusy:
                    told["agents passed over"] += 1
                else:
                    told["calls"] += 1
                    return
            told["nobody free"] += 1
        except Exception as fault:
            told[f"{type(fault).__name__}: {fault}"] += 1

    async def look() -> None:
        while True:
            samples.take(floor, time.perf_counter() - begun, told["calls"])
            await asyncio.sleep(SAMPLE_SECONDS)

    async with asyncio.TaskGroup() as group:
        looking = group.create_task(look())
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, begun + number / rate - time.perf_counter()))
            group.create_task(one())
        looking.cancel()
    return samples, told


async def left_behind(floor: PhoneFloor) -> dict[str, int]:
    """Count what should be gone."""
    with psycopg.connect(floor.postgres.url(SUPERUSER), autocommit=True) as connection:
        found = {what: (connection.execute(query).fetchone() or (0,))[0] for what, query in LEFT_BEHIND.items()}  # type: ignore[arg-type]
    for name, instance in (("switch", floor.pbx), ("network", floor.carrier)):
        for kind in ("channels", "bridges"):
            found[f"{kind} of the {name}"] = await _standing(instance, kind)
    return found | {"raw recordings": len(list(floor.pbx.recordings.glob("*.raw")))}


async def _standing(instance: Instance, kind: str) -> int:
    places = instance.places
    async with Ari(places.ari_url, USER, places.ari_secret, APP) as ari:
        return len(await ari.get(kind))


def endings(floor: PhoneFloor) -> dict[str, int]:
    """Return how the calls ended."""
    with psycopg.connect(floor.postgres.url(SUPERUSER), autocommit=True) as connection:
        rows = connection.execute("SELECT coalesce(ending, 'none'), count(*) FROM calls GROUP BY 1 ORDER BY 2 DESC")
        return dict(rows.fetchall())


async def run(asked: argparse.Namespace) -> int:
    seconds = asked.minutes * 60
    with tempfile.TemporaryDirectory(prefix="anmi-bench-") as name:
        folder, agents = Path(name), int(asked.rate * AGENTS_FOR_EACH_PER_SECOND)
        targets = int(asked.rate * seconds) + 100
        async with a_phone_floor(folder, cast(), agents=agents, targets=targets) as floor:
            samples, told = await call_on(floor, asked.rate, seconds)
            try:
                await floor.until_quiet(120)
            except TimeoutError:
                told["not quiet after two minutes"] += 1
            await asyncio.sleep(3)
            left = await left_behind(floor)
            found: dict[str, Any] = {
                "what": f"soak of {asked.minutes:g} minutes at {asked.rate:g} calls a second",
                "told": dict(told),
                "endings": endings(floor),
                "left_behind": left,
                "memory_mib": samples.growth(),
                "cpu_ms_per_call": samples.price(),
                "warnings_of_the_engine": _warnings(folder / "engine.log"),
                "load_of_the_machine": round(os.getloadavg()[0], 1),
            }
            if asked.log:
                Path(asked.log).write_bytes((folder / "engine.log").read_bytes())
    steady = all(each["mib_an_hour"] <= GROWTH_MIB_AN_HOUR for each in samples.growth().values())
    found["met"] = {"nothing_left": not any(left.values()), "memory_steady": steady}
    print(json.dumps(found, ensure_ascii=False), flush=True)
    return 0 if all(found["met"].values()) else 1


def _warnings(log: Path) -> dict[str, int]:
    told: Counter[str] = Counter()
    for line in log.read_text(encoding="utf-8").splitlines():
        try:
            said: dict[str, Any] = json.loads(line)
        except ValueError:
            continue
        if said.get("level") in {"warning", "error", "critical"}:
            told[str(said.get("event"))] += 1
    return dict(told)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--rate", type=float, default=10.0)
    parser.add_argument("--log", help="keep what the engine wrote, here")
    return uvloop.run(run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
