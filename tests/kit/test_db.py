"""The pool hands out no connection that the server has closed, and a transaction is kept whole or not at all."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from anmi.kit.db import Database, TransactionLost, session_within
from anmi.kit.embedded_postgres import SUPERUSER, EmbeddedPostgres


async def test_a_connection_the_server_closed_is_not_handed_out(
    app_url: str, postgres: EmbeddedPostgres, database_name: str
) -> None:
    database = Database(app_url, 2)
    async with database.connect() as connection:
        pid = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
    with psycopg.connect(postgres.url(SUPERUSER, database_name), autocommit=True) as superuser:
        superuser.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    async with database.connect() as connection:
        assert (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one() != pid
    await database.close()


TENANT = "SELECT current_setting('anmi.tenant_id', true)"


@pytest.fixture
async def small(app_url: str) -> AsyncGenerator[Database]:
    """Return a database with a single connection, which everybody is lent in turn."""
    database = Database(app_url, 1)
    yield database
    await database.close()


async def test_a_transaction_begins_with_what_it_is_told_and_leaves_nothing_on_the_connection(small: Database) -> None:
    async with small.transaction("SET LOCAL anmi.tenant_id = 'a'") as connection:
        assert (await session_within(connection).execute(text(TENANT))).scalar_one() == "a"
    async with small.connect() as connection:
        assert not (await connection.execute(text(TENANT))).scalar_one()


async def test_statements_of_sqlalchemy_are_one_transaction(small: Database) -> None:
    now = text("SELECT now()")
    async with small.connect() as connection:
        assert (await connection.execute(now)).scalar_one() == (await connection.execute(now)).scalar_one()


async def execute_within_a_transaction(database: Database, *statements: str) -> None:
    async with database.transaction("SET LOCAL anmi.tenant_id = 'a'") as connection:
        for statement in statements:
            await session_within(connection).execute(text(statement))


async def execute_whatever_comes_of_it(database: Database, statement: str) -> None:
    async with database.transaction("SET LOCAL anmi.tenant_id = 'a'") as connection:
        with contextlib.suppress(ProgrammingError):
            await session_within(connection).execute(text(statement))


async def test_what_a_failed_block_set_is_taken_back(small: Database) -> None:
    with pytest.raises(ProgrammingError):
        await execute_within_a_transaction(small, "SET anmi.tenant_id = 'b'", "SELECT nothing")
    async with small.connect() as connection:
        assert not (await connection.execute(text(TENANT))).scalar_one()


async def test_a_failed_statement_is_not_passed_over_at_the_end(small: Database) -> None:
    with pytest.raises(TransactionLost):
        await execute_whatever_comes_of_it(small, "SELECT nothing")
