"""The ground every test stands on: one PostgreSQL for the whole run, one migrated database for each worker.

The server is started by the pytest process that the user started and dies with it, so nothing is left behind. The
database is migrated once, as a template; each worker has a copy of its own. A file stays on one worker: some share a
running instance. The journeys run the whole product and listen to it: they come last, one after the other.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from pytest_socket import socket_allow_hosts
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from anmi.kit.embedded_postgres import APP, OWNER, SUPERUSER, EmbeddedPostgres

TEMPLATE = "anmi_template"
JOURNEYS = ("tests/journeys/", "tests/outages/")

# A test database may be lost with the machine: what counts is that it is fast and small.
TEST_TUNING = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "max_wal_size": "512MB",
}

SERVER = pytest.StashKey[EmbeddedPostgres]()
OPEN = pytest.StashKey[contextlib.ExitStack]()


def pytest_configure(config: pytest.Config) -> None:
    """Under xdist, start the server at once and in the controller: the workers come and go."""
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        config.stash[SERVER] = _start_server(config)


class JourneysTogether(LoadFileScheduling):
    """Gives each file to one worker, and all journeys to the same."""

    def _split_scope(self, nodeid: str) -> str:
        return "journeys" if nodeid.startswith(JOURNEYS) else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    """Say which worker runs which tests."""
    return JourneysTogether(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the journeys last: nothing else takes the processor from what is measured in them."""
    items.sort(key=lambda item: item.nodeid.startswith(JOURNEYS))


def pytest_configure_node(node: Any) -> None:
    """Tell a worker where the server lies."""
    node.workerinput["postgres_data_dir"] = str(node.config.stash[SERVER].data_dir)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what this process started."""
    if OPEN in config.stash:
        config.stash[OPEN].close()


def pytest_runtest_setup() -> None:
    """Let tests reach this machine and nothing else."""
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> EmbeddedPostgres:
    """Return the running server of this test run."""
    if told := getattr(pytestconfig, "workerinput", None):
        return EmbeddedPostgres(Path(told["postgres_data_dir"]), TEST_TUNING)
    if SERVER not in pytestconfig.stash:
        pytestconfig.stash[SERVER] = _start_server(pytestconfig)
    return pytestconfig.stash[SERVER]


@pytest.fixture(scope="session")
def database_name(postgres: EmbeddedPostgres, pytestconfig: pytest.Config) -> str:
    """Return the name of this worker's own migrated database."""
    worker: dict[str, str] = getattr(pytestconfig, "workerinput", {})
    name = f"anmi_{worker.get('workerid', 'alone')}"
    with psycopg.connect(postgres.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        # The first worker makes the template; the others wait for it.
        connection.execute("SELECT pg_advisory_lock(1)")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone():
            _make_template(connection, postgres)
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                sql.Identifier(name), sql.Identifier(TEMPLATE), sql.Identifier(OWNER)
            )
        )
    return name


@pytest.fixture(scope="session")
def owner_url(postgres: EmbeddedPostgres, database_name: str) -> str:
    """Return the address of this worker's database for the role that owns the tables."""
    return postgres.url(OWNER, database_name)


@pytest.fixture(scope="session")
def app_url(postgres: EmbeddedPostgres, database_name: str) -> str:
    """Return the address of this worker's database for the application's role."""
    return postgres.url(APP, database_name)


def _start_server(config: pytest.Config) -> EmbeddedPostgres:
    opened = config.stash.setdefault(OPEN, contextlib.ExitStack())
    folder = tempfile.mkdtemp(prefix="anmi-tests-")
    opened.callback(shutil.rmtree, folder, ignore_errors=True)
    return opened.enter_context(EmbeddedPostgres(Path(folder) / "postgres", TEST_TUNING).running())


def _make_template(connection: psycopg.Connection, postgres: EmbeddedPostgres) -> None:
    # Only tests that want a database need the migrations.
    from anmi.kit.migrations import migrate  # noqa: PLC0415

    draft = f"{TEMPLATE}_draft"
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(draft)))
    connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(draft), sql.Identifier(OWNER)))
    migrate(postgres.url(OWNER, draft), postgres.url(APP, draft))
    # Named last: a template that failed half-way is never copied.
    connection.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(TEMPLATE))
    )
