"""An import of many cases, from the sealed file to the tables, against a bare COPY and upsert of the same rows.

Both go into the same tables with the same indexes and foreign keys, emptied in between. "Bare" is handed the rows
sealed and in the form of COPY, as files; Anmi opens the sealed file, maps, validates, seals, finds duplicates and
links debtors. Beside the times, which other work on the machine lengthens, stand the CPU seconds.
Run: `.venv/bin/python benchmarks/placement_import.py [--rows 1000000] [--xlsx]`
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parent.parent))

import psycopg
from pydantic import SecretStr

from anmi.casework.placements import staging, tasks
from anmi.casework.placements.imports import file_key
from anmi.casework.placements.models import ImportState, PlacementImport, PlacementState
from anmi.casework.placements.reading import Asked, reading
from anmi.casework.placements.repository import Ground, ground
from anmi.casework.placements.sealing import Sealer
from anmi.casework.tables import limitation_table
from anmi.core.identity_number import check_character
from anmi.core.placement_sheet.line_reader import Line
from anmi.core.placement_sheet.placing import CaseMaker
from anmi.entrypoints.job_kinds import job_kinds
from anmi.entrypoints.wiring import House, open_house
from anmi.kit import tables
from anmi.kit.caller import the_system
from anmi.kit.db import Database, session_within
from anmi.kit.embedded_postgres import APP, OWNER, SUPERUSER, EmbeddedPostgres
from anmi.kit.ids import new_id
from anmi.kit.jobs import Run
from anmi.kit.migrations import migrate
from anmi.kit.settings import Settings
from benchmarks._measuring import Peaks, spent_by
from tests.builders.cases import a_placement
from tests.builders.people import Agency, an_agency

GOAL_RATIO = 4.0
GOAL_MEBIBYTES = 600
LINKED_EVERY = 10
PIECE = 1 << 20
HEADER = [
    "个案序列号",
    "委案日期",
    "委案金额",
    "姓名",
    "证件号",
    "本人手机",
    "联系方式来源",
    "卡号",
    "剩余本金",
    "逾期利息",
    "逾期天数",
    "备注",
]
EMPTIED = "case_events, accounts, phones, addresses, cases, debtors, staged_cases, staged_phones, staged_addresses"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--xlsx", action="store_true", help="send a workbook instead of text")
    parser.add_argument("--work", nargs=5, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.work:
        asyncio.run(_work(*asked.work))
        return 0
    with tempfile.TemporaryDirectory(prefix="anmi-bench-") as folder:
        data = Path(folder)
        with EmbeddedPostgres(data / "postgres").running() as postgres:
            postgres.make_roles()
            migrate(postgres.url(OWNER), postgres.url(APP))
            return asyncio.run(_compare(postgres, data, asked.rows, is_xlsx=asked.xlsx))


async def _compare(postgres: EmbeddedPostgres, data: Path, rows: int, *, is_xlsx: bool) -> int:
    sheet = data / ("cases.xlsx" if is_xlsx else "cases.csv")
    (_write_xlsx if is_xlsx else _write_csv)(sheet, rows)
    tables.load()
    settings = Settings(data_dir=data, database_app_url=SecretStr(postgres.url(APP)))
    async with open_house(settings) as house:
        agency = await an_agency(house.units)
        first, second = await _an_import(house, agency, sheet), await _an_import(house, agency, sheet)
        bare = await _bare(house, postgres, data, first)
        peaks = Peaks()
        check, commit = [await _in_worker(postgres, data, agency, job, second, peaks) for job in ("check", "commit")]
        what = await _import_of(house, agency, second)
    assert what.state is ImportState.COMMITTED, what.fault
    peaks.look("benchmark", os.getpid())
    costs = {"bare": bare, "check": check, "commit": commit}
    ratio = (check.seconds + commit.seconds) / bare.seconds
    is_met = ratio <= GOAL_RATIO and max(peaks.mebibytes.values()) <= GOAL_MEBIBYTES
    figures = {
        "rows": rows,
        "sheet": sheet.suffix[1:],
        "sheet_mebibytes": round(sheet.stat().st_size / 2**20),
        "seconds": {name: round(cost.seconds, 1) for name, cost in costs.items()},
        "cpu_seconds": {name: round(cost.cpu, 1) for name, cost in costs.items()},
        "ratio_to_bare": round(ratio, 2),
        "ratio_of_cpu": round((check.cpu + commit.cpu) / bare.cpu, 2),
        "rows_per_second": round(rows / (check.seconds + commit.seconds)),
        "peak_mebibytes": peaks.mebibytes,
        "load_of_the_machine": round(os.getloadavg()[0], 1),
        "target": {"ratio_to_bare": GOAL_RATIO, "peak_mebibytes": GOAL_MEBIBYTES},
        "met": is_met,
    }
    print(json.dumps(figures))
    return 0 if is_xlsx or is_met else 1


def _rows(count: int) -> Iterator[list[str]]:
    for number in range(count):
        person = number - 1 if number % LINKED_EVERY == 1 else number
        days, order = divmod(person, 1000)
        body = f"110101{date(1950, 1, 1) + timedelta(days=days % 18_000):%Y%m%d}{order:03d}"
        amount = 1000 + number % 50_000
        yield [
            f"C{number:08d}",
            "2026-03-05",
            f"{amount}.50",
            "测试" + "甲乙丙丁戊己庚辛壬癸"[number % 10],
            body + check_character(body),
            f"13{person % 10**9:09d}",
            "合同约定",
            f"62220000{number:08d}",
            f"{amount - 100}.50",
            "100",
            str(number % 400),
            f"样例备注{number % 97}",
        ]


def _write_csv(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(_rows(count))


def _write_xlsx(path: Path, count: int) -> None:
    from rustpy_xlsxwriter import FastExcel  # noqa: PLC0415 - wanted seldom

    FastExcel(str(path)).sheet("委案", (dict(zip(HEADER, row, strict=True)) for row in _rows(count))).save()


async def _an_import(house: House, agency: Agency, sheet: Path) -> UUID:
    placement = await a_placement(house.units, agency, state=PlacementState.IMPORTING)
    import_id = new_id()
    digest = hashlib.sha256(import_id.bytes)
    with (
        house.sheet_files.writer(house.keyring, agency.tenant_id, file_key(import_id)) as writer,
        sheet.open("rb") as file,
    ):
        while piece := file.read(PIECE):
            writer.write(piece)
    async with house.units.begin(the_system(agency.tenant_id)) as unit:
        unit.session.add(
            PlacementImport(
                id=import_id,
                tenant_id=agency.tenant_id,
                placement_id=placement.id,
                sheet="cases",
                file_name=sheet.name,
                file_key=file_key(import_id),
                file_size=sheet.stat().st_size,
                sha256=digest.digest(),
                state=ImportState.UPLOADED,
                created_at=datetime(2026, 3, 6, tzinfo=UTC),
                version=1,
            )
        )
    return import_id


async def _import_of(house: House, agency: Agency, import_id: UUID) -> PlacementImport:
    async with house.units.begin(the_system(agency.tenant_id)) as unit:
        return await unit.session.get_one(PlacementImport, import_id)


async def _bare(house: House, postgres: EmbeddedPostgres, data: Path, import_id: UUID) -> Cost:
    """Make the rows ready, and then time nothing but COPY and upsert, by a role that no fence holds up."""
    database = Database(postgres.url(SUPERUSER), 2)
    async with database.connect() as line, line.begin():
        session = session_within(line)
        what = await session.get_one(PlacementImport, import_id)
        stand = await ground(session, what.placement_id)
        ready = await _sealed(house, data, what, stand)
        stopwatch = Stopwatch(postgres)
        connection = await (await session.connection()).get_raw_connection()
        driver: psycopg.AsyncConnection[object] = connection.driver_connection  # type: ignore[assignment]
        for table, path in zip(staging.TABLES, ready, strict=True):
            names = ", ".join(column.name for column in table.__table__.columns)
            statement = f"COPY {table.__tablename__} ({names}) FROM STDIN"
            with path.open("rb") as file:
                async with driver.cursor() as cursor, cursor.copy(statement) as copy:  # type: ignore[arg-type]
                    while piece := file.read(PIECE):
                        await copy.write(piece)
            path.unlink()
        terms = {"creditor_id": stand.creditor_id, "product_id": stand.product_id, "now": datetime.now(UTC)}
        await staging.carry_over(session, what, terms)
    cost = stopwatch.cost()
    await database.close()
    with psycopg.connect(postgres.url(SUPERUSER), autocommit=True) as connection:
        connection.execute(f"TRUNCATE {EMPTIED} CASCADE")  # type: ignore[arg-type]
        connection.execute("CHECKPOINT")
    return cost


async def _sealed(house: House, data: Path, what: PlacementImport, stand: Ground) -> list[Path]:
    """Write the rows of each staging table into a file, as COPY takes them."""
    paths = [data / f"{table.__tablename__}.copy" for table in staging.TABLES]
    async with reading(house.sheet_files, house.keyring, Asked.of(what)) as sheet:
        maker = CaseMaker(sheet.begun.check.reader, sheet.facts, stand.buckets, limitation_table(), stand.due_back_on)
        sealer = Sealer(maker, house.keyring, what.tenant_id, what.id)
        with paths[0].open("wb") as cases, paths[1].open("wb") as phones, paths[2].open("wb") as addresses:
            async for chunk in sheet.chunks():
                copied = sealer.copied([(row.number, row.cells) for row, line in chunk if isinstance(line, Line)])
                cases.write(copied.cases)
                phones.write(copied.phones)
                addresses.write(copied.addresses)
    return paths


@dataclass(frozen=True, slots=True)
class Cost:
    """What a piece of work took; `cpu` are the seconds of our processes and PostgreSQL's."""

    seconds: float
    cpu: float


class Stopwatch:
    """Runs from when it is made."""

    def __init__(self, postgres: EmbeddedPostgres) -> None:
        self._postgres = postgres
        self._start = time.perf_counter()
        self._cpu = self._spent()

    def cost(self) -> Cost:
        """Return the cost so far."""
        return Cost(time.perf_counter() - self._start, self._spent() - self._cpu)

    def _spent(self) -> float:
        times = os.times()
        return sum(times[:4]) + spent_by(self._postgres)


async def _in_worker(
    postgres: EmbeddedPostgres, data: Path, agency: Agency, job: str, import_id: UUID, peaks: Peaks
) -> Cost:
    if job == "commit":
        with psycopg.connect(postgres.url(SUPERUSER), autocommit=True) as connection:
            connection.execute(
                "UPDATE placement_imports SET state = 'committing', rows_total = accepted WHERE id = %s", [import_id]
            )
    stopwatch = Stopwatch(postgres)
    arguments = [postgres.url(APP), str(data), str(agency.tenant_id), job, str(import_id)]
    worker = subprocess.Popen([sys.executable, __file__, "--work", *arguments])
    peaks.watch(worker, postgres)
    if worker.returncode:
        raise SystemExit(f"the worker ended with {worker.returncode}")
    return stopwatch.cost()


async def _work(address: str, data: str, tenant_id: str, job: str, import_id: str) -> None:
    tables.load()
    async with open_house(Settings(data_dir=Path(data), database_app_url=SecretStr(address))) as house:
        name = {"check": tasks.CHECK.name, "commit": tasks.COMMIT.name}[job]
        kind = next(kind for kind in job_kinds(house) if kind.name == name)
        await kind.work(Run(house.units, the_system(UUID(tenant_id)), 0), import_id=import_id)


if __name__ == "__main__":
    os.environ.setdefault("ANMI_LOG_LEVEL", "warning")
    sys.exit(main())
