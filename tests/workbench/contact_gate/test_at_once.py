"""Attempts that come at the same moment: they wait for each other, and the last permitted one is given once.

What is proven here is proven between connections, so it is committed, and taken away again afterwards.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select, text

from anmi.core.contact_rules.facts import Channel, Outcome
from anmi.entrypoints.http import create_app
from anmi.entrypoints.reactions import react
from anmi.entrypoints.wiring import House
from anmi.kit.caller import the_system
from anmi.kit.db import Database
from anmi.kit.keyring import Keyring
from anmi.kit.settings import Settings
from anmi.kit.unit_of_work import Units
from anmi.workbench.contact_gate.models import ContactAttempt
from tests.builders.house import Watch
from tests.builders.people import as_caller, comes_in
from tests.workbench.contact_gate.asking import Desk, a_desk

AT_ONCE = 50
WRITTEN = (
    "live_events",
    "contact_attempts",
    "accounts",
    "cases",
    "phones",
    "debtors",
    "placements",
    "products",
    "creditors",
    "grants",
    "people",
    "org_units",
    "tenants",
)


@pytest.fixture
async def crowd(app_url: str) -> AsyncGenerator[Database]:
    """Return a database with a connection for everybody who comes at once."""
    database = Database(app_url, AT_ONCE)
    yield database
    await database.close()


@pytest.fixture
async def desk(crowd: Database, keyring: Keyring, watch: Watch) -> AsyncGenerator[Desk]:
    """Set a collector before a case for all to see; it is gone after the test."""
    desk = await a_desk(Units(crowd, keyring, watch, react))
    yield desk
    async with crowd.engine.begin() as connection:
        await connection.execute(
            text("SELECT set_config('anmi.tenant_id', :id, true), set_config('anmi.across_tenants', 'on', true)"),
            {"id": str(desk.agency.tenant_id)},
        )
        for table in WRITTEN:
            column = "id" if table == "tenants" else "tenant_id"
            await connection.execute(text(f"DELETE FROM {table} WHERE {column} = :id"), {"id": desk.agency.tenant_id})


@pytest.fixture
async def client(desk: Desk, crowd: Database, keyring: Keyring, tmp_path: Path) -> AsyncGenerator[httpx.AsyncClient]:
    """Return the collector's browser, which can ask for many things at the same time."""
    app = create_app(house=House(Settings(data_dir=tmp_path), crowd, keyring, desk.units))
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 50000))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        comes_in(client, await as_caller(desk.units, desk.agency, desk.collector_id))
        yield client


@pytest.mark.parametrize(
    ("channel", "before", "rule_id"),
    [(Channel.VOICE_INTERACTIVE, 2, "CALL_EFFECTIVE_CAP"), (Channel.SMS, 1, "SMS_CAP")],
)
async def test_of_fifty_requests_for_the_last_permitted_contact_one_is_allowed(
    client: httpx.AsyncClient, desk: Desk, watch: Watch, channel: Channel, before: int, rule_id: str
) -> None:
    for _ in range(before):
        await desk.end(await desk.ask(channel=channel), Outcome.EFFECTIVE)
        watch.pass_by(minutes=61)
    asked = {"case_id": str(desk.case.id), "phone_id": str(desk.phone.id), "channel": channel, "purpose": "collect"}
    answers = await asyncio.gather(
        *(client.post("/api/v1/workbench/attempts", json=asked) for _ in range(AT_ONCE)),
    )
    assert {answer.status_code for answer in answers} == {201}
    decisions = [answer.json() for answer in answers]
    assert sum(decision["allowed"] for decision in decisions) == 1
    assert all(rule_id in decision["rule_ids"] for decision in decisions if not decision["allowed"])
    async with desk.units.begin(the_system(desk.agency.tenant_id)) as unit:
        kept = select(ContactAttempt.allowed, func.count()).group_by(ContactAttempt.allowed)
        counts = dict((await unit.session.execute(kept)).all())  # type: ignore[arg-type]
    assert counts == {True: before + 1, False: AT_ONCE - 1}
