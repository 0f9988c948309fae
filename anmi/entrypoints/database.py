"""Which PostgreSQL this instance uses: the embedded one in the data folder, or the one it was told of."""

from __future__ import annotations

import secrets
from collections.abc import Generator
from contextlib import contextmanager
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from pydantic import SecretStr

from anmi.kit.embedded_postgres import APP, CannotRunPostgres, EmbeddedPostgres
from anmi.kit.instance_lock import InstanceLock
from anmi.kit.secret_files import write_private_once
from anmi.kit.settings import Settings


def embedded(settings: Settings) -> EmbeddedPostgres | None:
    """Return the embedded PostgreSQL, or nothing when the instance was told of another."""
    return None if settings.database_url else EmbeddedPostgres(settings.data_dir / "postgres")


def with_addresses(settings: Settings) -> Settings:
    """Return the settings with both addresses of the database filled in."""
    if settings.database_url and settings.database_app_url:
        return settings
    if settings.database_url:
        owner, app = settings.database_url.get_secret_value(), _own_app_address(settings)
    else:
        postgres = EmbeddedPostgres(settings.data_dir / "postgres")
        owner, app = postgres.url(), postgres.url(APP)
    return settings.model_copy(update={"database_url": SecretStr(owner), "database_app_url": SecretStr(app)})


def with_running_database(settings: Settings) -> Settings:
    """Return the settings with both addresses; refuse when the database is the embedded one and does not run."""
    postgres = embedded(settings)
    if postgres and not postgres.running_pid():
        raise CannotRunPostgres(
            f"No database runs on {settings.data_dir}. Start `anmi up` there, or name one in ANMI_DATABASE_URL."
        )
    return with_addresses(settings)


@contextmanager
def database_at_hand(settings: Settings) -> Generator[Settings]:
    """Lend settings whose database runs: for a command beside a running instance, or all alone."""
    postgres = embedded(settings)
    if postgres is None or postgres.running_pid():
        yield with_addresses(settings)
        return
    with InstanceLock(settings.data_dir), postgres.running():
        yield with_addresses(settings)


def _own_app_address(settings: Settings) -> str:
    """Derive the application's address from the owner's: same place, its own role and a password only we know."""
    assert settings.database_url  # noqa: S101 - for the type checker; asked by the caller
    parts = urlsplit(settings.database_url.get_secret_value())
    role = f"{parts.path.strip('/') or 'anmi'}_app"
    password = write_private_once(settings.data_dir / "secrets" / "database-app-password", secrets.token_urlsafe(32))
    place = parts.netloc.rpartition("@")[2]
    query = urlencode([(name, value) for name, value in parse_qsl(parts.query) if name not in {"user", "password"}])
    return urlunsplit(parts._replace(netloc=f"{quote(role)}:{quote(password)}@{place}", query=query))
