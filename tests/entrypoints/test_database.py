"""An instance finds its database: the one in its folder, or the one it was told of."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from pydantic import SecretStr

from anmi.entrypoints.database import database_at_hand, with_addresses, with_running_database
from anmi.kit.embedded_postgres import OWNER, SUPERUSER, CannotRunPostgres, EmbeddedPostgres
from anmi.kit.migrations import migrate
from anmi.kit.settings import Settings


def told(settings: Settings) -> tuple[str, str]:
    assert settings.database_url
    assert settings.database_app_url
    return settings.database_url.get_secret_value(), settings.database_app_url.get_secret_value()


def test_without_a_word_the_database_lies_in_the_data_folder(tmp_path: Path) -> None:
    owner, app = told(with_addresses(Settings(data_dir=tmp_path)))
    assert owner == f"postgresql://anmi_owner@/anmi?host={tmp_path}/postgres-socket"
    assert app == f"postgresql://anmi_app@/anmi?host={tmp_path}/postgres-socket"


def test_what_is_told_is_taken_as_it_is(tmp_path: Path) -> None:
    owner, app = "postgresql://a@h/d", "postgresql://b@h/d"
    settings = Settings(data_dir=tmp_path, database_url=SecretStr(owner), database_app_url=SecretStr(app))
    assert told(with_addresses(settings)) == (owner, app)


@pytest.mark.parametrize(
    ("owner", "start", "end"),
    [
        ("postgresql://boss:secret@db.example:5433/agency", "postgresql://agency_app:", "@db.example:5433/agency"),
        ("postgresql://boss@[::1]/agency?sslmode=require", "postgresql://agency_app:", "@[::1]/agency?sslmode=require"),
        ("postgresql:///agency?host=/run/pg&user=boss", "postgresql://agency_app:", "@/agency?host=%2Frun%2Fpg"),
    ],
)
def test_the_applications_address_is_derived_and_its_password_kept(
    tmp_path: Path, owner: str, start: str, end: str
) -> None:
    settings = Settings(data_dir=tmp_path, database_url=SecretStr(owner))
    app = told(with_addresses(settings))[1]
    assert app.startswith(start)
    assert app.endswith(end)
    assert "secret" not in app
    assert told(with_addresses(settings))[1] == app
    assert (tmp_path / "secrets" / "database-app-password").stat().st_mode & 0o777 == 0o600


def test_a_database_of_ones_own_is_migrated_and_fenced_in(tmp_path: Path, postgres: EmbeddedPostgres) -> None:
    with psycopg.connect(postgres.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE elsewhere OWNER {}").format(sql.Identifier(OWNER)))
    owner, app = told(
        with_addresses(Settings(data_dir=tmp_path, database_url=SecretStr(postgres.url(OWNER, "elsewhere"))))
    )
    migrate(owner, app)
    with psycopg.connect(app) as connection:
        role = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert role == ("elsewhere_app", False, False)
        assert connection.execute("SELECT count(*) FROM tenants").fetchone() == (0,)


def test_a_command_alone_starts_the_database_for_itself_and_stops_it_again(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    with database_at_hand(settings) as ready, psycopg.connect(told(ready)[0]) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("anmi_owner",)
    with pytest.raises(CannotRunPostgres, match="anmi up"):
        with_running_database(settings)
