"""How many contacts a second the gate decides and reserves on PostgreSQL, each in a transaction of its own.

The embedded PostgreSQL runs with the settings it has in production, the commits are real ones. Each process works like
one web server: ten connections, forty requests under way. Debtors have a month of earlier contacts behind them.
Beside the rate, which other work on the machine lowers, stands what one decision costs in CPU time, ours and
PostgreSQL's: it tells the rate that the same cores would reach if nobody else worked on them.

Run: `make bench` or `.venv/bin/python benchmarks/contact_reservations.py`.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import multiprocessing
import os
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parent.parent))

import psycopg
import uvloop
from sqlalchemy import insert

from anmi.core.contact_rules.facts import Channel, Outcome, Purpose
from anmi.entrypoints.reactions import react
from anmi.identity.people.models import Person
from anmi.kit.caller import the_system
from anmi.kit.db import Database
from anmi.kit.embedded_postgres import APP, SUPERUSER, EmbeddedPostgres
from anmi.kit.ids import new_id
from anmi.kit.keyring import Keyring
from anmi.kit.migrations import migrate
from anmi.kit.settings import CipherSuite
from anmi.kit.unit_of_work import Units
from anmi.workbench.contact_gate.models import ContactAttempt
from anmi.workbench.contact_gate.service import ContactAsked, ContactGate
from benchmarks._measuring import spent_by
from tests.builders.cases import a_case, a_debtor, a_phone, a_placement
from tests.builders.people import Agency, a_person, an_agency, as_caller

TARGET = 500
DEBTORS = 300
EARLIER_CONTACTS = 20
UNDER_WAY = 40
CONNECTIONS = 10
WARM_UP = 12
KEYS = (os.urandom(32), os.urandom(32))


def units_on(address: str) -> Units:
    """Open units of work on the benchmark's database, at two in the afternoon of a working day."""
    keyring = Keyring({1: KEYS[0]}, KEYS[1], CipherSuite.INTERNATIONAL)
    return Units(Database(address, CONNECTIONS), keyring, lambda: datetime(2026, 3, 4, 6, 0, tzinfo=UTC), react)


async def prepare(address: str) -> tuple[Agency, UUID, list[tuple[UUID, UUID]]]:
    """Make debtors with a case, a number and a month of contacts behind them."""
    units = units_on(address)
    agency = await an_agency(units)
    collector_id = await a_person(units, agency, "collector")
    async with units.begin(the_system(agency.tenant_id)) as unit:
        (await unit.session.get_one(Person, collector_id)).training_valid_until = date(2027, 1, 1)
    placement = await a_placement(units, agency)
    asked: list[tuple[UUID, UUID]] = []
    for _ in range(DEBTORS):
        debtor = await a_debtor(units, agency)
        case = await a_case(units, agency, holder=collector_id, debtor=debtor, placement=placement)
        phone = await a_phone(units, agency, debtor)
        asked.append((case.id, phone.id))
        earlier = [
            {
                "id": new_id(),
                "tenant_id": agency.tenant_id,
                "case_id": case.id,
                "debtor_id": debtor.id,
                "phone_id": phone.id,
                "number_index": phone.number_index,
                "channel": Channel.VOICE_INTERACTIVE,
                "purpose": Purpose.COLLECT,
                "at": units.clock() - timedelta(days=1 + number, hours=2),
                "allowed": True,
                "pack_version": "",
                "facts": {},
                "outcome": Outcome.UNANSWERED,
            }
            for number in range(EARLIER_CONTACTS)
        ]
        async with units.begin(the_system(agency.tenant_id)) as unit:
            await unit.session.execute(insert(ContactAttempt), earlier)
    await units.database.close()
    return agency, collector_id, asked


async def ask(
    address: str, agency: Agency, collector_id: UUID, cases: list[tuple[UUID, UUID]], seconds: float, gate: Barrier
) -> tuple[int, float]:
    """Ask for one contact after the other; return how many were decided, and the CPU seconds it took."""
    units = units_on(address)
    caller = await as_caller(units, agency, collector_id)
    todo = itertools.cycle(cases)

    async def one_after_the_other(end: float) -> int:
        decided = 0
        while time.monotonic() < end or not decided:
            case_id, phone_id = next(todo)
            async with units.begin(caller) as unit:
                asked = ContactAsked(case_id, Channel.VOICE_INTERACTIVE, Purpose.COLLECT, phone_id)
                await ContactGate(unit).reserve(asked)
            decided += 1
        return decided

    async def everybody(seconds: float) -> int:
        end = time.monotonic() + seconds
        return sum(await asyncio.gather(*(one_after_the_other(end) for _ in range(UNDER_WAY))))

    # PostgreSQL plans a statement anew the first few times that a connection sends it.
    warm = 0
    while warm < WARM_UP * CONNECTIONS:
        warm += await everybody(0)
    await asyncio.to_thread(gate.wait)
    start = time.process_time()
    decided = await everybody(seconds)
    spent = time.process_time() - start
    await asyncio.to_thread(gate.wait)
    await units.database.close()
    return decided, spent


def work(*given: Any) -> tuple[int, float]:
    """Be one process of the web server."""
    return uvloop.run(ask(*given))  # as uvicorn does


def main() -> int:
    """Measure, and print the figures as a JSON line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1))
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="anmi-bench-") as folder,
        EmbeddedPostgres(Path(folder) / "postgres").running() as postgres,
    ):
        postgres.make_roles()
        address = postgres.url(APP)
        migrate(postgres.url(), address)
        agency, collector_id, cases = asyncio.run(prepare(address))
        with psycopg.connect(postgres.url(SUPERUSER), autocommit=True) as connection:
            connection.execute("ANALYZE")  # as autovacuum would within a minute
        context = multiprocessing.get_context("fork")
        with context.Manager() as manager, context.Pool(asked.processes) as pool:
            gate = manager.Barrier(asked.processes + 1)
            jobs = [
                pool.apply_async(work, (address, agency, collector_id, part, asked.seconds, gate))
                for part in (cases[number :: asked.processes] for number in range(asked.processes))
            ]
            gate.wait()
            start, before = time.monotonic(), spent_by(postgres)
            gate.wait()
            elapsed, by_postgres = time.monotonic() - start, spent_by(postgres) - before
            done = [job.get() for job in jobs]
    decided = sum(count for count, _ in done)
    rate = decided / elapsed
    spent = sum(seconds for _, seconds in done), by_postgres
    cpu_ms = [round(1000 * seconds / decided, 2) for seconds in spent]
    cores = os.cpu_count() or 1
    figures = {
        "decided_and_reserved_per_second": round(rate),
        "cpu_ms_per_decision": {"ours": cpu_ms[0], "postgresql": cpu_ms[1]},
        "would_be_with_all_cores_free": round(1000 * cores / sum(cpu_ms)),
        "cores": cores,
        "processes": asked.processes,
        "earlier_contacts_per_debtor": EARLIER_CONTACTS,
        "load_of_the_machine": round(os.getloadavg()[0], 1),
        "target": TARGET,
        "met": rate >= TARGET,
    }
    print(json.dumps(figures))
    return 0 if rate >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
