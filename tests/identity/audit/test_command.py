"""`anmi audit verify` names the one entry of the one agency that somebody touched in the database."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner, Result

from anmi.core.audit_actions import AuditAction
from anmi.entrypoints.cli.audit import app
from anmi.kit.caller import the_system
from anmi.kit.db import Database
from anmi.kit.embedded_postgres import SUPERUSER, EmbeddedPostgres
from anmi.kit.ids import new_id
from anmi.kit.keyring import Keyring
from anmi.kit.unit_of_work import Units
from tests.builders.people import Agency, an_agency


@pytest.fixture
async def agency(database: Database, tmp_path: Path) -> Agency:
    """Return an agency that stays in the database when the test is over, with five entries in its log."""
    units = Units(database, Keyring.load(tmp_path / "secrets" / "keyring.json"))
    agency = await an_agency(units, code=f"audit-{new_id().hex[-12:]}")
    for _ in range(5):
        async with units.begin(the_system(agency.tenant_id)) as unit:
            unit.remember(AuditAction.ROLE_ADDED, ("role", "clerk"), name_zh="文员")
    return agency


@pytest.fixture
def verify(owner_url: str, app_url: str, tmp_path: Path, agency: Agency) -> Any:
    environment = {"ANMI_DATABASE_URL": owner_url, "ANMI_DATABASE_APP_URL": app_url, "ANMI_DATA_DIR": str(tmp_path)}

    async def verify(*words: str) -> Result:
        words = ("verify", "--tenant", agency.code, *words)
        # The command has an event loop of its own.
        return await asyncio.to_thread(CliRunner().invoke, app, words, env=environment)

    return verify


async def test_an_intact_log_is_called_intact(verify: Any, agency: Agency) -> None:
    answer = await verify()
    assert (answer.exit_code, answer.stdout) == (0, f"{agency.code}: 5 entries, intact\n")


async def test_one_changed_byte_of_one_entry_is_found_and_named(
    verify: Any, agency: Agency, postgres: EmbeddedPostgres, database_name: str
) -> None:
    with psycopg.connect(postgres.url(SUPERUSER, database_name)) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute(
            "UPDATE audit_entries SET target_id = 'clerc' WHERE tenant_id = %s AND seq = 3", [agency.tenant_id]
        )
    answer = await verify("--json")
    assert answer.exit_code == 1
    (verdict,) = json.loads(answer.stdout)
    assert (verdict["tenant"], verdict["intact"]) == (agency.code, False)
    assert verdict["faults"] == [
        {
            "seq": 3,
            "last": 3,
            "fault": "changed",
            "sentence_zh": "第 3 条被篡改",
            "sentence_en": "Entry 3 was changed",
        }
    ]
    told = await verify()
    assert "Entry 3 was changed  第 3 条被篡改" in told.stdout


async def test_an_agency_that_is_not_there_is_told_apart_from_an_intact_one(verify: Any) -> None:
    answer = await verify("--tenant", "nobody-has-this")
    assert (answer.exit_code, answer.stderr) == (2, "There is no agency with the code nobody-has-this\n")
