"""Case lists and searches among millions of cases, against SQL by hand that finds the same; and how all of it grows.

Ours is what a request does behind HTTP: a transaction fenced in by row-level security, the page, names opened. By hand
does the same with psycopg and one statement. Bare is that statement alone, for a role no fence holds up, names left
sealed. They take turns, each time with other values. Beside the times, which other work on the machine lengthens,
stands the CPU time of our process and PostgreSQL's. A fifth of the cases is measured first, then all of them.
Besides: the counts of the working day, and the figures above a list, which count no further than they are asked to.
Ten million cases take some 20 GB under TMPDIR and, on two quiet cores, 25 minutes.
Run: `.venv/bin/python benchmarks/case_lists.py [--cases 10000000]`
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parent.parent))

import psycopg
import uvloop
from psycopg.rows import dict_row

from anmi.casework.cases.lists import CaseFilter
from anmi.casework.cases.service import Cases
from anmi.casework.debtors.models import NAME
from anmi.core.permissions import Scope
from anmi.kit import tables
from anmi.kit.caller import Caller
from anmi.kit.db import Database
from anmi.kit.embedded_postgres import APP, OWNER, SUPERUSER, EmbeddedPostgres
from anmi.kit.keyring import Keyring
from anmi.kit.migrations import migrate
from anmi.kit.paging import Ask
from anmi.kit.settings import CipherSuite
from anmi.kit.unit_of_work import Units
from benchmarks._case_questions import PAGE, Question, World, questions
from benchmarks._many_cases import (
    CASES_OF_A_COLLECTOR,
    NOW,
    Many,
    load,
)
from benchmarks._measuring import Meter
from tests.builders.cases import a_creditor, a_placement, a_product
from tests.builders.people import a_person, a_unit, an_agency, as_caller

GOAL_RATIO: Final = 2.0
TEAMS: Final = 20
PLACEMENTS: Final = 21
WARM_UP: Final = 8
COUNTED: Final = 8

Way = Callable[[Question, int], Awaitable[int]]


@asynccontextmanager
async def ways(world: World, postgres: EmbeddedPostgres) -> AsyncGenerator[dict[str, Way]]:
    """Return the ways in which a page can be had; each returns how many cases it found."""
    keyring, tenant_id = world.many.keyring, world.agency.tenant_id

    async def ours(question: Question, turn: int) -> int:
        async with world.units.begin(question.caller) as unit:
            lines, following = await Cases(unit).page(question.wanted(turn), Ask(PAGE, sort=question.sort))
        return len(lines) + (following is not None)

    async def connect(role: str) -> psycopg.AsyncConnection[dict[str, Any]]:
        return await psycopg.AsyncConnection.connect(postgres.url(role), prepare_threshold=2, row_factory=dict_row)

    async with await connect(APP) as fenced, await connect(SUPERUSER) as free:

        async def by_hand(question: Question, turn: int) -> int:
            await fenced.execute("SELECT set_config('anmi.tenant_id', %s, true)", [str(tenant_id)])
            rows = await (await fenced.execute(question.bare, question.values(turn))).fetchall()  # type: ignore[arg-type]
            for row in rows:
                row["debtor_name"] = keyring.open(tenant_id, NAME, row["debtor_name"])
            await fenced.commit()
            return len(rows)

        async def bare(question: Question, turn: int) -> int:
            rows = await (await free.execute(question.bare, question.values(turn))).fetchall()  # type: ignore[arg-type]
            await free.commit()
            return len(rows)

        yield {"ours": ours, "by_hand": by_hand, "bare": bare}


async def measure(world: World, postgres: EmbeddedPostgres, rounds: int) -> dict[str, dict[str, Any]]:
    """Ask everything in every way, in turns."""
    meter, figures = Meter(postgres), dict[str, dict[str, Any]]()
    async with ways(world, postgres) as known:
        for question in questions(world):
            spent: dict[str, list[tuple[float, float]]] = {way: [] for way in known}
            for turn in range(WARM_UP + rounds):
                counts: set[int] = set()
                for way, ask in known.items():
                    meter.start()
                    counts.add(await ask(question, turn))
                    spent[way].append(meter.stop())
                assert len(counts) == 1, (question.name, turn, counts)
            figures[question.name] = compared({way: each[WARM_UP:] for way, each in spent.items()})
    return figures


def compared(spent: dict[str, list[tuple[float, float]]]) -> dict[str, Any]:
    """Return the figures of one question."""
    median = {way: statistics.median(time for time, _ in each) for way, each in spent.items()}
    cpu = {way: statistics.median(cpu for _, cpu in each) for way, each in spent.items()}
    return {
        "median_ms": {way: round(each, 1) for way, each in median.items()},
        "p95_ms": {way: round(statistics.quantiles((t for t, _ in each), n=20)[-1], 1) for way, each in spent.items()},
        "cpu_ms": {way: round(each, 1) for way, each in cpu.items()},
        "ratio_to_hand": round(median["ours"] / median["by_hand"], 2),
        "ratio_to_bare": round(median["ours"] / median["bare"], 2),
        "cpu_ratio_to_hand": round(cpu["ours"] / cpu["by_hand"], 2),
    }


async def measure_counts(world: World, postgres: EmbeddedPostgres) -> dict[str, dict[str, float]]:
    """Time what stands beside the lists: the counts of the working day, and the figures of all cases."""
    meter, figures = Meter(postgres), dict[str, dict[str, float]]()
    asked: dict[str, tuple[Caller, Callable[[Cases], Awaitable[object]]]] = {
        "counts of the day, everything": (world.operations, lambda cases: cases.counts()),
        "counts of the day, a team": (world.supervisors[0][0], lambda cases: cases.counts()),
        "counts of the day, a collector": (world.collectors[0], lambda cases: cases.counts()),
        "figures, up to 10,000": (world.operations, lambda cases: cases.figures(CaseFilter(), 10_000)),
        "figures, to the end": (world.operations, lambda cases: cases.figures(CaseFilter())),
    }
    for name, (caller, ask) in asked.items():
        spent: list[tuple[float, float]] = []
        for _ in range(COUNTED):
            meter.start()
            async with world.units.begin(caller) as unit:
                await ask(Cases(unit))
            spent.append(meter.stop())
        median, cpu = (round(statistics.median(each), 1) for each in zip(*spent[1:], strict=True))
        figures[name] = {"median_ms": median, "cpu_ms": cpu}
    return figures


async def a_world(postgres: EmbeddedPostgres, keyring: Keyring, cases: int) -> World:
    """Make the agency without its cases: creditors, placements, teams and collectors."""
    units = Units(Database(postgres.url(APP), 4), keyring, lambda: NOW)
    agency = await an_agency(units)
    placements: list[tuple[UUID, UUID, UUID]] = []
    for number in range(3):
        creditor = await a_creditor(units, agency, name=f"样例银行{number}")
        product = await a_product(units, agency, creditor)
        for _ in range(PLACEMENTS // 3):
            placement = await a_placement(units, agency, product)
            placements.append((placement.id, creditor.id, product.id))
    teams = [await a_unit(units, agency, f"{number}组") for number in range(TEAMS)]
    collectors: list[tuple[UUID, UUID]] = []
    for number in range(max(TEAMS, cases // CASES_OF_A_COLLECTOR)):
        team = teams[number % TEAMS]
        person_id = await a_person(units, agency, "collector", unit_id=team, scope=Scope.OWN)
        collectors.append((person_id, team))
    boss = await a_person(units, agency, "supervisor", unit_id=teams[0], scope=Scope.TEAM)
    operations = await a_person(units, agency, "operations")
    return World(
        units,
        agency,
        Many(keyring, agency.tenant_id, placements, collectors),
        await as_caller(units, agency, operations),
        [(await as_caller(units, agency, boss), teams[0])],
        [await as_caller(units, agency, collectors[0][0])],
        0,
    )


async def compare(postgres: EmbeddedPostgres, cases: int, rounds: int) -> bool:
    """Load and measure twice, and print the figures as a JSON line."""
    keyring = Keyring({1: os.urandom(32)}, os.urandom(32), CipherSuite.INTERNATIONAL)
    world = await a_world(postgres, keyring, cases)
    small, figures = cases // 5, dict[int, dict[str, dict[str, Any]]]()
    counts = dict[int, dict[str, dict[str, float]]]()
    loading = 0.0
    for begin, end in ((0, small), (small, cases)):
        start = time.perf_counter()
        load(postgres.url(SUPERUSER), world.many, range(begin, end))
        loading += time.perf_counter() - start
        grown = World(world.units, world.agency, world.many, world.operations, world.supervisors, world.collectors, end)
        figures[end] = await measure(grown, postgres, rounds)
        counts[end] = await measure_counts(grown, postgres)
    await world.units.database.close()
    for name, of_all in figures[cases].items():
        of_few = figures[small][name]
        of_all["growth"] = {key: round(of_all[key]["ours"] / of_few[key]["ours"], 2) for key in ("median_ms", "cpu_ms")}
    worst = max(each["ratio_to_hand"] for each in figures[cases].values())
    told = {
        "cases": cases,
        "smaller": small,
        "seconds_to_load": round(loading),
        "lists": figures[cases],
        "counts": counts[cases],
        "counts_of_the_smaller": counts[small],
        "p95_ms_of_the_smaller": {name: each["p95_ms"]["ours"] for name, each in figures[small].items()},
        "worst_ratio_to_hand": worst,
        "worst_ratio_to_bare": max(each["ratio_to_bare"] for each in figures[cases].values()),
        "load_of_the_machine": round(os.getloadavg()[0], 1),
        "target": GOAL_RATIO,
        "met": worst <= GOAL_RATIO,
    }
    print(json.dumps(told, ensure_ascii=False))
    return worst <= GOAL_RATIO


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=2_000_000)
    parser.add_argument("--rounds", type=int, default=60)
    asked = parser.parse_args()
    tables.load()
    with (
        tempfile.TemporaryDirectory(prefix="anmi-bench-") as folder,
        EmbeddedPostgres(Path(folder) / "postgres").running() as postgres,
    ):
        postgres.make_roles()
        migrate(postgres.url(OWNER), postgres.url(APP))
        return 0 if uvloop.run(compare(postgres, asked.cases, asked.rounds)) else 1


if __name__ == "__main__":
    sys.exit(main())
