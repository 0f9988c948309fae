"""The pool hands out no connection that the server has closed."""

from __future__ import annotations

import psycopg
from sqlalchemy import text

from anmi.kit.db import Database
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
