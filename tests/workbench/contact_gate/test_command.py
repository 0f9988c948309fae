"""`anmi contact explain`, as somebody asks it who wants to know why nobody may call."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from typer.testing import CliRunner, Result

from anmi.casework.cases.models import Case
from anmi.casework.debtors.models import Phone
from anmi.core.number_state import NumberState
from anmi.entrypoints.cli.contact import app
from anmi.entrypoints.reactions import react
from anmi.kit.caller import the_system
from anmi.kit.db import Database
from anmi.kit.ids import new_id
from anmi.kit.keyring import Keyring
from anmi.kit.unit_of_work import Units
from anmi.workbench.contact_gate.models import ContactAttempt
from tests.builders.cases import a_case, a_debtor, a_phone
from tests.builders.people import Agency, an_agency

WRITTEN = "accounts cases phones debtors placements products creditors"
WRONG_USE = 2

Explain = Callable[..., Awaitable[Result]]


@pytest.fixture
def units(database: Database, tmp_path: Path) -> Units:
    """Return units of work that commit: the command has connections of its own."""
    return Units(database, Keyring.load(tmp_path / "secrets" / "keyring.json"), react=react)


@pytest.fixture
async def agency(units: Units) -> AsyncGenerator[Agency]:
    """Return an agency whose cases are gone after the test."""
    agency = await an_agency(units, code=f"explain-{new_id().hex[-12:]}")
    yield agency
    async with units.begin(the_system(agency.tenant_id)) as unit:
        for table in WRITTEN.split():
            await unit.session.execute(text(f"DELETE FROM {table}"))


@pytest.fixture
async def case(units: Units, agency: Agency) -> Case:
    """Return a case whose debtor nobody can reach: her number is an empty one."""
    debtor = await a_debtor(units, agency)
    await a_phone(units, agency, debtor, state=NumberState.EMPTY)
    return await a_case(units, agency, debtor=debtor, serial_no=f"EX-{new_id().hex[-12:]}")


@pytest.fixture
def explain(owner_url: str, app_url: str, tmp_path: Path, case: Case) -> Explain:
    """Return the command, told where this test's house stands."""
    environment = {"ANMI_DATABASE_URL": owner_url, "ANMI_DATABASE_APP_URL": app_url, "ANMI_DATA_DIR": str(tmp_path)}

    async def explain(*words: object) -> Result:
        # The command has an event loop of its own.
        return await asyncio.to_thread(CliRunner().invoke, app, ["explain", *map(str, words)], env=environment)

    return explain


@pytest.mark.parametrize("name", ["id", "serial_no"])
async def test_every_number_of_a_case_is_explained_rule_by_rule(
    explain: Explain, units: Units, agency: Agency, case: Case, name: str
) -> None:
    answer = await explain(getattr(case, name), "--json")
    assert answer.exit_code == 0, answer.output
    gate = json.loads(answer.stdout)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        (phone,) = (await unit.session.scalars(select(Phone))).all()
        asked_for = await unit.session.scalar(select(func.count()).select_from(ContactAttempt))
    (point,) = gate["points"]
    assert (gate["case_id"], point["phone_id"], point["state"]) == (str(case.id), str(phone.id), "empty")
    call = next(channel for channel in point["channels"] if channel["channel"] == "voice_interactive")
    assert not call["allowed"]
    standing = {verdict["rule_id"]: verdict["standing"] for verdict in call["verdicts"]}
    assert standing["NUMBER_STATE"] == "in_the_way"
    assert standing["SUPPRESSION_LIST"] == "satisfied"
    assert asked_for == 0


async def test_whoever_reads_is_told_in_words(explain: Explain, case: Case) -> None:
    answer = await explain(case.serial_no)
    first, *lines = answer.stdout.splitlines()
    assert (answer.exit_code, first.partition(" at ")[0]) == (0, str(case.id))
    assert any(line.split()[:3] == ["voice_interactive", "refused", "by"] for line in lines)


async def test_a_case_that_nobody_has_is_said_not_to_be_there(explain: Explain) -> None:
    answer = await explain("NOBODYS-CASE", "--json")
    assert (answer.exit_code, answer.stdout) == (WRONG_USE, "")
    assert answer.stderr == "There is no case NOBODYS-CASE\n"


async def test_a_number_of_several_agencies_wants_the_agency_named(
    explain: Explain, units: Units, agency: Agency, case: Case
) -> None:
    other = await an_agency(units, code=f"other-{new_id().hex[-12:]}")
    theirs = await a_case(units, other, serial_no=case.serial_no)
    try:
        both = await explain(case.serial_no, "--json")
        assert both.exit_code == WRONG_USE
        assert {str(case.id), str(theirs.id)} == set(both.stderr.rpartition(": ")[2].strip().split(", "))
        one = await explain(case.serial_no, "--tenant", other.code, "--json")
        assert json.loads(one.stdout)["case_id"] == str(theirs.id)
    finally:
        async with units.begin(the_system(other.tenant_id)) as unit:
            for table in WRITTEN.split():
                await unit.session.execute(text(f"DELETE FROM {table}"))
