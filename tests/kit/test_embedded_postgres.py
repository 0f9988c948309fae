"""The embedded PostgreSQL starts anywhere, keeps what was committed, and says plainly what is wrong."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from anmi.kit import embedded_postgres
from anmi.kit.embedded_postgres import APP, LONGEST_SOCKET_PATH, SUPERUSER, CannotRunPostgres, EmbeddedPostgres

FAST = {"fsync": "off", "shared_buffers": "16MB"}


@pytest.fixture(scope="module")
def empty_cluster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cluster nobody has started; each test works on a copy."""
    folder = tmp_path_factory.mktemp("cluster") / "postgres"
    EmbeddedPostgres(folder, FAST).prepare()
    return folder


@pytest.fixture
def cluster(empty_cluster: Path, tmp_path: Path) -> EmbeddedPostgres:
    shutil.copytree(empty_cluster, tmp_path / "postgres")
    return EmbeddedPostgres(tmp_path / "postgres", FAST)


@pytest.fixture
def server(cluster: EmbeddedPostgres) -> Iterator[EmbeddedPostgres]:
    with cluster.running():
        yield cluster


def say(address: str, statement: str) -> object:
    with psycopg.connect(address, autocommit=True) as connection:
        answer = connection.execute(statement.encode())
        row = answer.fetchone() if answer.description else None
    return row[0] if row else None


def test_a_new_database_sorts_alike_everywhere_and_checks_its_pages(server: EmbeddedPostgres) -> None:
    assert say(server.url(), "SELECT datlocale FROM pg_database WHERE datname = 'anmi'") == "C.UTF-8"
    assert say(server.url(), "SHOW server_encoding") == "UTF8"
    assert say(server.url(), "SHOW data_checksums") == "on"


def test_the_application_may_neither_pass_the_fences_nor_own_anything(server: EmbeddedPostgres) -> None:
    rights = "rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb"
    assert say(server.url(APP), f"SELECT {rights} FROM pg_roles WHERE rolname = current_user") is False
    assert say(server.url(), "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user") is False
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        say(server.url(APP), "CREATE TABLE mine (a int)")


def test_nobody_reaches_it_through_the_network_or_from_another_account(server: EmbeddedPostgres) -> None:
    assert say(server.url(), "SHOW listen_addresses") == ""
    assert server.socket_dir.stat().st_mode & 0o777 == 0o700
    assert server.data_dir.stat().st_mode & 0o777 == 0o700


def test_what_people_typed_never_reaches_its_log(server: EmbeddedPostgres) -> None:
    for setting, value in [
        ("log_min_error_statement", "panic"),
        ("log_error_verbosity", "terse"),
        ("log_parameter_max_length_on_error", "0"),
    ]:
        assert say(server.url(), f"SHOW {setting}") == value


def test_a_second_user_of_a_running_server_shares_it_and_does_not_stop_it(server: EmbeddedPostgres) -> None:
    with EmbeddedPostgres(server.data_dir).running() as shared:
        assert say(shared.url(), "SELECT 1") == 1
    assert say(server.url(), "SELECT 1") == 1


def test_committed_rows_survive_a_killed_server_and_its_stale_pid_file(cluster: EmbeddedPostgres) -> None:
    with cluster.running():
        say(cluster.url(), "CREATE TABLE rows (a int)")
        say(cluster.url(), "INSERT INTO rows VALUES (42)")
        say(cluster.url(SUPERUSER), "CHECKPOINT")
        pid = cluster.running_pid()
        assert pid
        os.kill(pid, signal.SIGKILL)
    assert (cluster.data_dir / "postmaster.pid").exists()
    assert cluster.running_pid() is None
    with cluster.running():
        assert say(cluster.url(), "SELECT a FROM rows") == 42


def test_a_pid_file_that_names_a_stranger_is_forgotten(cluster: EmbeddedPostgres) -> None:
    # After a crash the number may belong to somebody else: to us, for instance.
    (cluster.data_dir / "postmaster.pid").write_text(f"{os.getppid()}\n{cluster.data_dir}\n0\n5432\n\n\n\nready\n")
    assert cluster.running_pid() is None
    with cluster.running():
        assert say(cluster.url(), "SELECT 1") == 1


def test_the_server_ends_with_the_process_that_started_it(cluster: EmbeddedPostgres) -> None:
    program = (
        "import os, signal, sys, pathlib\n"
        "from anmi.kit.embedded_postgres import EmbeddedPostgres\n"
        "with EmbeddedPostgres(pathlib.Path(sys.argv[1]), {'fsync': 'off'}).running():\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    ended = subprocess.run([sys.executable, "-c", program, cluster.data_dir], env=environment, check=False)
    assert ended.returncode == -signal.SIGKILL
    deadline = time.monotonic() + 10
    while cluster.running_pid() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert cluster.running_pid() is None


def test_a_folder_with_a_long_path_has_its_socket_elsewhere(tmp_path: Path) -> None:
    postgres = EmbeddedPostgres(tmp_path / ("long" * 30) / "postgres")
    assert len(os.fsencode(postgres.socket_dir / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH
    assert postgres.socket_dir != EmbeddedPostgres(tmp_path / ("long" * 31) / "postgres").socket_dir


def test_an_interrupted_creation_leaves_nothing_half_done(tmp_path: Path) -> None:
    unfinished = tmp_path / "postgres.unfinished"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")
    EmbeddedPostgres(tmp_path / "postgres", FAST).prepare()
    assert (tmp_path / "postgres" / "PG_VERSION").exists()
    assert not unfinished.exists()


def test_data_of_another_version_is_left_alone(cluster: EmbeddedPostgres) -> None:
    (cluster.data_dir / "PG_VERSION").write_text("17\n")
    with pytest.raises(CannotRunPostgres, match=r"written by PostgreSQL 17, this Anmi brings 18"):
        cluster.prepare()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotRunPostgres, match="file/postgres"):
        EmbeddedPostgres(tmp_path / "file" / "postgres").prepare()


def test_settings_that_do_not_work_are_told_in_the_words_of_the_server(cluster: EmbeddedPostgres) -> None:
    (cluster.data_dir / "own.conf").write_text("shared_buffers = 'plenty'\n")
    with pytest.raises(CannotRunPostgres, match="shared_buffers"), cluster.running():
        pytest.fail("it started")


def test_own_settings_go_before_ours(cluster: EmbeddedPostgres) -> None:
    (cluster.data_dir / "own.conf").write_text("work_mem = '3MB'\n")
    with cluster.running():
        assert say(cluster.url(), "SHOW work_mem") == "3MB"


def test_it_brings_postgresql_18() -> None:
    assert embedded_postgres.server_version() == "18"
