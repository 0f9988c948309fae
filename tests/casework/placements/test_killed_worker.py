"""A worker that is killed in the middle of an import loses nothing, and the one after it doubles nothing.

`ANMI_KILLED_ROWS=200000` tries it with as many rows as people really send.
"""

from __future__ import annotations

import asyncio
import csv
import hashlib
import os
import signal
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from anmi.casework.placements import tasks
from anmi.casework.placements.imports import file_key
from anmi.casework.placements.models import ImportState, PlacementImport, PlacementState
from anmi.entrypoints.wiring import House, open_house
from anmi.kit.caller import the_system
from anmi.kit.ids import new_id
from anmi.kit.settings import Settings
from tests.builders.cases import a_placement
from tests.builders.people import Agency, an_agency
from tests.casework.placements.importing import work
from tests.casework.placements.sheets import HEADER, a_case, an_id_number

ROWS = int(os.environ.get("ANMI_KILLED_ROWS", "20000"))
WRITTEN = """
    staged_cases staged_phones staged_addresses placement_findings placement_imports case_events accounts phones
    addresses cases debtors placements column_templates products creditors live_events
"""
ROOT = Path(__file__).parents[3]
PATIENCE_SECONDS = 120.0 + ROWS / 200

# A busy machine takes long over so many rows. Whoever stops the loop from outside in the middle of it leaves a process
# and a connection open, so that is put off until long after our own patience has ended.
pytestmark = pytest.mark.timeout(600 + ROWS // 100)


@pytest.fixture
async def real_house(app_url: str, tmp_path: Path) -> AsyncGenerator[House]:
    """Return a house that commits, as other processes find it too."""
    async with open_house(Settings(data_dir=tmp_path, database_app_url=SecretStr(app_url))) as house:
        yield house


@pytest.fixture
async def agency(real_house: House) -> AsyncGenerator[Agency]:
    """Return an agency whose rows are gone after the test."""
    agency = await an_agency(real_house.units)
    yield agency
    async with real_house.units.begin(the_system(agency.tenant_id)) as unit:
        for table in WRITTEN.split():
            await unit.session.execute(text(f"DELETE FROM {table}"))
        await unit.session.execute(text("DELETE FROM pgqueuer"))


def a_person_of(number: int) -> str:
    days, order = divmod(number, 900)
    return an_id_number(order, born=f"19{60 + days // 365 % 40:02d}{1 + days // 28 % 12:02d}{1 + days % 28:02d}")


def write_sheet(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(a_case(number, id_number=a_person_of(number)) for number in range(ROWS))


async def an_import(house: House, agency: Agency, path: Path) -> str:
    """Lay a file in the data folder as an upload does, and have it checked."""
    placement = await a_placement(house.units, agency, state=PlacementState.IMPORTING)
    import_id, content = new_id(), await asyncio.to_thread(path.read_bytes)
    with house.sheet_files.writer(house.keyring, agency.tenant_id, file_key(import_id)) as writer:
        writer.write(content)
    async with house.units.begin(the_system(agency.tenant_id)) as unit:
        unit.session.add(
            PlacementImport(
                id=import_id,
                tenant_id=agency.tenant_id,
                placement_id=placement.id,
                sheet="cases",
                file_name=path.name,
                file_key=file_key(import_id),
                file_size=len(content),
                sha256=hashlib.sha256(content).digest(),
                state=ImportState.UPLOADED,
                created_at=unit.now,
                version=1,
            )
        )
    await work(house, agency, tasks.CHECK, import_id)
    async with house.units.begin(the_system(agency.tenant_id)) as unit:
        what = await unit.session.get_one(PlacementImport, import_id)
        assert (what.state, what.accepted) == (ImportState.CHECKED, ROWS)
        what.state, what.rows_total = ImportState.COMMITTING, ROWS
    return str(import_id)


async def count(house: House, agency: Agency, table: str) -> int:
    async with house.units.begin(the_system(agency.tenant_id)) as unit:
        return (await unit.session.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()


async def killed_when(house: House, agency: Agency, address: str, import_id: str, staged: int) -> None:
    """Let a worker begin, and kill it when so many rows are staged."""
    worker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.casework.placements.killed"),
        *(address, str(house.settings.data_dir), str(agency.tenant_id), import_id),
        cwd=ROOT,
    )
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await count(house, agency, "staged_cases") < staged:
                assert worker.returncode is None
                await asyncio.sleep(0.02)
    finally:
        # Also when we lose patience: a worker that is left behind would write into the tests after this one.
        if worker.returncode is None:
            worker.send_signal(signal.SIGKILL)
        await worker.wait()


async def test_killing_the_worker_in_the_middle_loses_nothing_and_doubles_nothing(
    real_house: House, agency: Agency, app_url: str, tmp_path: Path
) -> None:
    house, sheet = real_house, tmp_path / "many.csv"
    await asyncio.to_thread(write_sheet, sheet)
    import_id = await an_import(house, agency, sheet)

    await killed_when(house, agency, app_url, import_id, 1)
    assert await count(house, agency, "cases") == 0
    middle = await count(house, agency, "staged_cases")
    assert 0 < middle < ROWS
    await killed_when(house, agency, app_url, import_id, ROWS)
    assert await count(house, agency, "cases") == 0
    await work(house, agency, tasks.COMMIT, import_id)
    # A job may be done twice: the second time finds it done.
    await work(house, agency, tasks.COMMIT, import_id)

    for table in ("cases", "debtors", "accounts", "phones", "case_events"):
        assert await count(house, agency, table) == ROWS, table
    assert await count(house, agency, "staged_cases") == 0
    async with house.units.begin(the_system(agency.tenant_id)) as unit:
        sums = "SELECT sum(owing_fen), (SELECT sum(placed_fen) FROM placements), count(DISTINCT serial_no) FROM cases"
        assert (await unit.session.execute(text(sums))).one() == (ROWS * 320050, ROWS * 320050, ROWS)
    assert list((house.sheet_files.folder / "reading").iterdir()) == []
