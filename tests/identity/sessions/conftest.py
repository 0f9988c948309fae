"""What tests of coming in need besides the house: a database where things are really committed."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import psycopg
import pytest
from psycopg import sql

from anmi.entrypoints.reactions import react
from anmi.kit.db import Database
from anmi.kit.embedded_postgres import APP, OWNER, SUPERUSER, EmbeddedPostgres
from anmi.kit.keyring import Keyring
from anmi.kit.unit_of_work import Units
from tests.builders.house import Watch
from tests.conftest import TEMPLATE


@pytest.fixture
async def committing(
    postgres: EmbeddedPostgres, database_name: str, keyring: Keyring, watch: Watch
) -> AsyncGenerator[Units]:
    """Return units of work that commit, in a database of their own: the log of the shared one could not be cleaned."""
    name = f"{database_name}_committing"
    with psycopg.connect(postgres.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}")
        connection.execute(copy.format(sql.Identifier(name), sql.Identifier(TEMPLATE), sql.Identifier(OWNER)))
        database = Database(postgres.url(APP, name), 10)
        yield Units(database, keyring, watch, react)
        await database.close()
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
