"""Migrations: the owner brings the tables to this version and then fences them in.

Row-level security and the application's rights are not written table by table: after every migration each table that
has a tenant is guarded, so that none can be forgotten.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

import psycopg
from alembic import command
from alembic.config import Config
from pgqueuer.queries import Queries
from psycopg import sql
from sqlalchemy import Connection, create_engine, text

import anmi
from anmi.kit.db import sqlalchemy_url


def _scripts() -> Path:
    """Return where the migrations lie: within the package when it was installed, or beside it."""
    package = Path(anmi.__file__).parent
    installed = package / "migrations"
    return installed if installed.is_dir() else package.parent / "migrations"


SCRIPTS: Final = _scripts()

_MIGRATION_LOCK: Final = 7_226_101

_APPEND_ONLY: Final = ("audit_entries", "call_events")

_GUARD: Final = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS of_tenant ON {table};
CREATE POLICY of_tenant ON {table} USING ({rule}) WITH CHECK ({rule});
"""

_OWN_ROWS: Final = "tenant_id = (SELECT nullif(current_setting('anmi.tenant_id', true), '')::uuid)"
_OWN_TENANT: Final = (
    "id = (SELECT nullif(current_setting('anmi.tenant_id', true), '')::uuid)"
    " OR (SELECT current_setting('anmi.across_tenants', true)) = 'on'"
)

# PgQueuer's tables have no tenant of their own: a job tells it in its headers, a line of its log through the job.
_GUARD_QUEUE: Final = """
ALTER TABLE pgqueuer ENABLE ROW LEVEL SECURITY;
ALTER TABLE pgqueuer FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS of_tenant ON pgqueuer;
CREATE POLICY of_tenant ON pgqueuer USING (
    headers->>'tenant_id' = (SELECT current_setting('anmi.tenant_id', true))
    OR (SELECT current_setting('anmi.across_tenants', true)) = 'on');
ALTER TABLE pgqueuer_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE pgqueuer_log FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS of_tenant ON pgqueuer_log;
CREATE POLICY of_tenant ON pgqueuer_log USING (
    (SELECT current_setting('anmi.across_tenants', true)) = 'on'
    OR EXISTS (SELECT 1 FROM pgqueuer job WHERE job.id = job_id)) WITH CHECK (true);
"""

_APPEND_ONLY_TRIGGER: Final = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

# Only an owner may have tables measured, and the application is none.
_MEASURE: Final = """
CREATE OR REPLACE FUNCTION measure(tables regclass[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ DECLARE one regclass; BEGIN
    FOREACH one IN ARRAY tables LOOP EXECUTE format('ANALYZE %s', one); END LOOP;
END $$;
"""


def migrate(owner_url: str, app_url: str) -> None:
    """Bring the database to this version; make the application's role where it is missing. One runs at a time."""
    _make_role(owner_url, app_url)
    with ThreadPoolExecutor(1) as aside:
        aside.submit(asyncio.run, _make_queue(owner_url)).result()
    engine = create_engine(sqlalchemy_url(owner_url))
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
        command.upgrade(config(connection), "head")
        guard(connection, role_of(app_url))
    engine.dispose()


def config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, bound to a connection."""
    configuration = Config()
    configuration.set_main_option("script_location", str(SCRIPTS))
    configuration.attributes["connection"] = connection
    return configuration


def guard(connection: Connection, app_role: str) -> None:
    """Fence in every table with a tenant, and give the application's role what it needs and no more."""
    quoted = connection.dialect.identifier_preparer.quote
    role = quoted(app_role)
    for table in _tables(connection):
        name = quoted(table)
        allowed = "SELECT, INSERT" if table in _APPEND_ONLY else "SELECT, INSERT, UPDATE, DELETE"
        if table == "alembic_version":
            allowed = "SELECT"
        connection.execute(text(f"REVOKE ALL ON {name} FROM {role}; GRANT {allowed} ON {name} TO {role}"))
        rule = _OWN_TENANT if table == "tenants" else _OWN_ROWS
        if table == "tenants" or _has_tenant(connection, table):
            connection.execute(text(_GUARD.format(table=name, rule=rule).replace("::", "\\:\\:")))
        if table in _APPEND_ONLY:
            connection.execute(text(_APPEND_ONLY_TRIGGER.format(table=name)))
    connection.execute(text(_GUARD_QUEUE.replace("::", "\\:\\:")))
    connection.execute(text(_MEASURE))
    connection.execute(text(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}"))


def role_of(address: str) -> str:
    """Return the role an address connects as."""
    user = urlsplit(address).username
    return unquote(user) if user else parse_qs(urlsplit(address).query)["user"][0]


def _make_role(owner_url: str, app_url: str) -> None:
    password = urlsplit(app_url).password
    role = sql.Identifier(role_of(app_url))
    with psycopg.connect(owner_url, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role_of(app_url)]).fetchone()
        if known is None:
            secret = sql.Literal(unquote(password)) if password else sql.SQL("NULL")
            statement = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD {}")
            connection.execute(statement.format(role, secret))
        database = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, role))
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))


async def _make_queue(owner_url: str) -> None:
    async with await psycopg.AsyncConnection.connect(owner_url, autocommit=True) as connection:
        await connection.execute("SELECT pg_advisory_lock(%s)", [_MIGRATION_LOCK])
        queries = Queries.from_psycopg_connection(connection)
        if await queries.schema_is_installed():
            await queries.upgrade()
        else:
            await queries.install()


def _tables(connection: Connection) -> list[str]:
    rows: Any = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"))
    return [row.tablename for row in rows]


def _has_tenant(connection: Connection, table: str) -> bool:
    query = "SELECT 1 FROM information_schema.columns WHERE table_schema = 'public' AND table_name = :table"
    found = connection.execute(text(f"{query} AND column_name = 'tenant_id'"), {"table": table})
    return found.first() is not None
