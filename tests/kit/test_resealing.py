"""Keys are rotated under a running house, and old fields are sealed anew without stopping it."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from typer.testing import CliRunner

from anmi.entrypoints.cli.keys import app
from anmi.identity.people.models import NAME, Person
from anmi.kit.caller import the_system
from anmi.kit.db import Database
from anmi.kit.ids import new_id
from anmi.kit.keyring import Keyring
from anmi.kit.resealing import counts_by_version, reseal, sealed_columns
from anmi.kit.settings import CipherSuite
from anmi.kit.unit_of_work import Units
from tests.builders.people import Agency, a_person, an_agency


def units_with(units: Units, keyring: Keyring, connection: AsyncConnection) -> Units:
    return Units(units.database, keyring, units.clock, connection=connection)


async def test_every_field_is_brought_to_the_newest_key_and_a_second_run_finds_nothing(
    units: Units, connection: AsyncConnection
) -> None:
    roots, index = {1: os.urandom(32)}, os.urandom(32)
    old = units_with(units, Keyring(roots, index, CipherSuite.INTERNATIONAL), connection)
    agency = await an_agency(old)
    people = [await a_person(old, agency, name="张三") for _ in range(7)]
    new = units_with(units, Keyring(roots | {2: os.urandom(32)}, index, CipherSuite.NATIONAL), connection)
    async with new.begin(the_system(agency.tenant_id)) as unit:
        assert await counts_by_version(unit) == {1: 14}
    batches = [batch async for batch in reseal(new, agency.tenant_id, batch=3)]
    assert [(batch.table, batch.fields, batch.unopened) for batch in batches] == [
        ("people", 6, 0),
        ("people", 6, 0),
        ("people", 2, 0),
    ]
    async with new.begin(the_system(agency.tenant_id)) as unit:
        assert await counts_by_version(unit) == {2: 14}
        person = await unit.session.get_one(Person, people[0])
        assert unit.open(NAME, person.name_sealed) == "张三"
    assert [batch async for batch in reseal(new, agency.tenant_id)] == []


async def test_a_field_that_does_not_open_is_left_as_it_is_and_counted(
    units: Units, connection: AsyncConnection
) -> None:
    agency = await an_agency(units)
    person_id = await a_person(units, agency)
    await connection.execute(text("UPDATE people SET phone_sealed = 'spoilt' WHERE id = :id"), {"id": person_id})
    newer = Keyring({**units.keyring._roots, 2: os.urandom(32)}, os.urandom(32), CipherSuite.INTERNATIONAL)
    batches = [batch async for batch in reseal(units_with(units, newer, connection), agency.tenant_id)]
    assert [(batch.fields, batch.unopened) for batch in batches] == [(1, 1)]


def test_every_sealed_column_belongs_to_a_tenant_and_names_its_field() -> None:
    for table, columns in sealed_columns().items():
        assert {"tenant_id", "id"} <= set(table.columns.keys()), table.name
        assert all(column.info["sealed"] for column in columns)
    marked = {column.name for columns in sealed_columns().values() for column in columns}
    named = {
        column.name
        for table in next(iter(sealed_columns())).metadata.sorted_tables
        for column in table.columns
        # What is swept within a day is not worth sealing anew.
        if column.name.endswith("_sealed") and table.name != "kept_answers"
    }
    assert named == marked


def test_a_process_that_started_before_a_rotation_opens_what_the_new_key_sealed(tmp_path: Path) -> None:
    path, tenant_id = tmp_path / "keyring.json", new_id()
    running = Keyring.load(path)
    before = running.seal(tenant_id, NAME, "张三")
    assert Keyring.rotate(path) == 2
    rotated = Keyring.load(path)
    sealed = rotated.seal(tenant_id, NAME, "李四")
    assert running.newest == 1
    assert running.open(tenant_id, NAME, sealed) == "李四"
    assert running.newest == 2
    assert rotated.open(tenant_id, NAME, before) == "张三"


async def test_keys_are_listed_rotated_and_fields_sealed_anew_on_the_command_line(
    database: Database, owner_url: str, app_url: str, tmp_path: Path
) -> None:
    environment = {"ANMI_DATABASE_URL": owner_url, "ANMI_DATABASE_APP_URL": app_url, "ANMI_DATA_DIR": str(tmp_path)}
    keyring = Keyring.load(tmp_path / "secrets" / "keyring.json")
    units = Units(database, keyring)
    agency: Agency = await an_agency(units, code=f"keys-{new_id().hex[-12:]}")
    person_id = await a_person(units, agency, name="张三")

    async def run(*words: str) -> str:
        return (await asyncio.to_thread(CliRunner().invoke, app, [*words], env=environment)).stdout

    assert "seals from now on" in await run("list")
    assert (await run("rotate")).startswith("version 2 seals from now on")
    assert "fields sealed anew" in await run("reseal")
    async with units.begin(the_system(agency.tenant_id)) as unit:
        person = await unit.session.get_one(Person, person_id)
        assert keyring.version_of(person.name_sealed) == 2
        assert unit.open(NAME, person.name_sealed) == "张三"
    assert '"version": 2' in await run("list", "--json")
