"""Case lists and searches among millions of cases, against SQL by hand that finds the same; and how all of it grows.

Ours is what a request does behind HTTP: a transaction fenced in by row-level security, the page, names opened. By hand
does the same with psycopg and one statement. Bare is that statement alone, for a role no fence holds up, names left
sealed. They take turns, each time with other values. Beside the times, which other work on the machine lengthens,
stands the CPU time of our process and PostgreSQL's. A fifth of the cases is measured first, then all of them.
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
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parent.parent))

import psycopg
import uvloop
from psycopg.rows import dict_row

from anmi.casework.cases.lists import CaseFilter, CaseList
from anmi.casework.cases.models import ACCOUNT_NO
from anmi.casework.cases.service import Cases
from anmi.casework.debtors.models import ID_NUMBER, ID_TAIL, NAME, PHONE, PHONE_TAIL
from anmi.core.case_life import State
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
from benchmarks._many_cases import (
    CASES_OF_A_COLLECTOR,
    NOW,
    TODAY,
    Many,
    account_of,
    id_number_of,
    load,
    name_of,
    phone_of,
)
from benchmarks._measuring import Meter
from tests.builders.cases import a_creditor, a_placement, a_product
from tests.builders.people import Agency, a_person, a_unit, an_agency, as_caller

GOAL_RATIO: Final = 2.0
TEAMS: Final = 20
PLACEMENTS: Final = 21
PAGE: Final = 50
WARM_UP: Final = 8

_COLUMNS: Final = """
SELECT c.*, d.name_sealed AS debtor_name, d.city, k.name AS creditor, p.name AS product, b.code, h.name_sealed, u.name,
       EXISTS (SELECT FROM holds x WHERE x.case_id = c.id AND x.lifted_at IS NULL) AS is_held,
       EXISTS (SELECT FROM special_flags f WHERE f.debtor_id = c.debtor_id AND f.removed_at IS NULL) AS is_special
  FROM {cases} c JOIN debtors d ON d.id = c.debtor_id JOIN creditors k ON k.id = c.creditor_id
  JOIN products p ON p.id = c.product_id JOIN placements b ON b.id = c.placement_id
  LEFT JOIN people h ON h.id = c.holder_id LEFT JOIN org_units u ON u.id = c.unit_id
"""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing people ask a list: as whom, in our words, and in bare SQL; `turn` changes the values."""

    name: str
    caller: Caller
    wanted: Callable[[int], CaseFilter]
    sort: str
    bare: str
    values: Callable[[int], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class World:
    """The agency, its people, and the cases so far."""

    units: Units
    agency: Agency
    many: Many
    operations: Caller
    supervisors: Sequence[tuple[Caller, UUID]]
    collectors: Sequence[Caller]
    count: int


def page(where: str, order: str) -> str:
    """Return the bare SQL of one page."""
    cases = f"(SELECT * FROM cases WHERE tenant_id = %(tenant)s AND {where} ORDER BY {order} LIMIT {PAGE + 1})"
    return _COLUMNS.format(cases=cases) + f" ORDER BY {order}"


def found(*lookups: str) -> str:
    """Return the bare SQL of a search: one lookup for each thing the text may mean."""
    cases = f"(SELECT * FROM cases WHERE id IN ({' UNION '.join(lookups)}) ORDER BY id DESC LIMIT {PAGE + 1})"
    return _COLUMNS.format(cases=cases) + " ORDER BY c.id DESC"


_OF_CASE: Final = "SELECT id FROM cases WHERE tenant_id = %(tenant)s AND serial_no = %(text)s"
_OF_ACCOUNT: Final = "SELECT case_id FROM accounts WHERE tenant_id = %(tenant)s AND "
_OF_DEBTOR: Final = (
    "SELECT s.id FROM cases s JOIN debtors o ON o.id = s.debtor_id WHERE o.tenant_id = %(tenant)s AND o."
)
_OF_PHONE: Final = (
    "SELECT s.id FROM cases s JOIN phones n ON n.debtor_id = s.debtor_id WHERE n.tenant_id = %(tenant)s AND n."
)
_ALWAYS: Final = (_OF_CASE, _OF_ACCOUNT + "contract_no = %(text)s", _OF_ACCOUNT + "number_index = %(account)s")


def questions(world: World) -> list[Question]:
    """Return what is asked."""
    many, operations, tenant = world.many, world.operations, world.agency.tenant_id
    collector, (supervisor, team) = world.collectors[0], world.supervisors[0]
    open_states = frozenset({State.IN_COLLECTION})

    def at(turn: int) -> int:
        return turn * 7_368_787 % world.count

    def sought(text: str, **indexes: str) -> dict[str, Any]:
        fields = {"name": NAME, "id_number": ID_NUMBER, "phone": PHONE, "id_tail": ID_TAIL, "phone_tail": PHONE_TAIL}
        known = {key: many.index(fields[key], value) for key, value in indexes.items()}
        return {"tenant": tenant, "text": text, "account": many.index(ACCOUNT_NO, text)} | known

    def creditor(turn: int) -> UUID:
        return many.placements[turn % len(many.placements)][1]

    def placement(turn: int) -> UUID:
        return many.placements[turn % len(many.placements)][0]

    return [
        Question(
            "all cases, newest first",
            operations,
            lambda turn: CaseFilter(),
            "-created",
            page("true", "id DESC"),
            lambda turn: {"tenant": tenant},
        ),
        Question(
            "creditor, state, owing more than, by amount",
            operations,
            lambda turn: CaseFilter(
                creditor_ids=frozenset({creditor(turn)}), states=open_states, owing_from=100_000 * (turn % 30)
            ),
            "-owing",
            page(
                "creditor_id = %(creditor)s AND state = 'in_collection' AND owing_fen >= %(from)s",
                "owing_fen DESC, id DESC",
            ),
            lambda turn: {"tenant": tenant, "creditor": creditor(turn), "from": 100_000 * (turn % 30)},
        ),
        Question(
            "placement, days past due, longest first",
            operations,
            lambda turn: CaseFilter(placement_ids=frozenset({placement(turn)}), dpd_from=30, dpd_to=300 + turn % 60),
            "-dpd",
            page("placement_id = %(placement)s AND overdue_on <= %(to)s AND overdue_on >= %(from)s", "overdue_on, id"),
            lambda turn: {
                "tenant": tenant,
                "placement": placement(turn),
                "to": TODAY - timedelta(days=30),
                "from": TODAY - timedelta(days=300 + turn % 60),
            },
        ),
        Question(
            "held, by last activity",
            operations,
            lambda turn: CaseFilter(hold=True, owing_from=1000 * turn),
            "-last_activity_at",
            page(
                "EXISTS (SELECT FROM holds z WHERE z.case_id = cases.id AND z.lifted_at IS NULL)"
                " AND owing_fen >= %(from)s",
                "last_activity_at DESC NULLS LAST, id DESC",
            ),
            lambda turn: {"tenant": tenant, "from": 1000 * turn},
        ),
        Question(
            "a team's open cases, by amount",
            supervisor,
            lambda turn: CaseFilter(states=open_states, owing_to=5_000_000 - 10_000 * turn),
            "-owing",
            page("unit_id = %(team)s AND state = 'in_collection' AND owing_fen <= %(to)s", "owing_fen DESC, id DESC"),
            lambda turn: {"tenant": tenant, "team": team, "to": 5_000_000 - 10_000 * turn},
        ),
        Question(
            "a collector's own, by next action",
            collector,
            lambda turn: CaseFilter(todo=CaseList.ALL, owing_from=1000 * turn),
            "next_action_at",
            page(
                "holder_id = %(holder)s AND state = ANY(%(states)s) AND owing_fen >= %(from)s",
                "next_action_at NULLS LAST, id",
            ),
            lambda turn: {
                "tenant": tenant,
                "holder": collector.person_id,
                "from": 1000 * turn,
                "states": ["in_collection", "promised", "on_plan", "retained", "legal", "on_hold"],
            },
        ),
        Question(
            "search: phone",
            operations,
            lambda turn: CaseFilter(q=phone_of(at(turn))),
            "-created",
            found(*_ALWAYS, _OF_PHONE + "number_index = %(phone)s"),
            lambda turn: sought(phone_of(at(turn)), phone=phone_of(at(turn))),
        ),
        Question(
            "search: id number",
            operations,
            lambda turn: CaseFilter(q=id_number_of(at(turn))),
            "-created",
            found(*_ALWAYS, _OF_DEBTOR + "id_number_index = %(id_number)s"),
            lambda turn: sought(id_number_of(at(turn)), id_number=id_number_of(at(turn))),
        ),
        Question(
            "search: name",
            operations,
            lambda turn: CaseFilter(q=name_of(at(turn))),
            "-created",
            found(*_ALWAYS, _OF_DEBTOR + "name_index = %(name)s"),
            lambda turn: sought(name_of(at(turn)), name=name_of(at(turn))),
        ),
        Question(
            "search: last four",
            operations,
            lambda turn: CaseFilter(q=account_of(at(turn))[-4:]),
            "-created",
            found(
                *_ALWAYS,
                _OF_ACCOUNT + "number_tail = %(text)s",
                _OF_DEBTOR + "id_tail_index = %(id_tail)s",
                _OF_PHONE + "tail_index = %(phone_tail)s",
            ),
            lambda turn: sought(
                account_of(at(turn))[-4:], id_tail=account_of(at(turn))[-4:], phone_tail=account_of(at(turn))[-4:]
            ),
        ),
    ]


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
    loading = 0.0
    for begin, end in ((0, small), (small, cases)):
        start = time.perf_counter()
        load(postgres.url(SUPERUSER), world.many, range(begin, end))
        loading += time.perf_counter() - start
        grown = World(world.units, world.agency, world.many, world.operations, world.supervisors, world.collectors, end)
        figures[end] = await measure(grown, postgres, rounds)
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
        "p95_ms_of_the_smaller": {name: each["p95_ms"]["ours"] for name, each in figures[small].items()},
        "worst_ratio_to_hand": worst,
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
