"""The doctor names what is wrong and what to do about it."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from pydantic import SecretStr
from typer.testing import CliRunner

from anmi.entrypoints import doctor
from anmi.entrypoints.cli import app
from anmi.entrypoints.doctor import State, examine
from anmi.kit.embedded_postgres import APP, OWNER, SUPERUSER, EmbeddedPostgres
from anmi.kit.settings import Settings


def settings_of(tmp_path: Path, owner_url: str, app_url: str) -> Settings:
    return Settings(data_dir=tmp_path, database_url=SecretStr(owner_url), database_app_url=SecretStr(app_url))


def test_on_a_new_machine_only_the_database_waits_to_be_started(tmp_path: Path) -> None:
    findings = {finding.subject: finding for finding in examine(Settings(data_dir=tmp_path / "data"))}
    for subject in ("python", "packages", "data folder", "postgres", "listening"):
        assert findings[subject].state is State.OK, findings[subject]
    assert findings["database"].state is State.WARN
    assert "anmi up" in (findings["database"].remedy or "")


def test_whatever_is_not_well_comes_with_advice(tmp_path: Path) -> None:
    for finding in examine(Settings(data_dir=tmp_path / "data", host="192.0.2.1")):
        assert (finding.state is State.OK) == (finding.remedy is None)


def test_a_migrated_database_with_a_fenced_role_is_well(tmp_path: Path, owner_url: str, app_url: str) -> None:
    finding = doctor.database(settings_of(tmp_path, owner_url, app_url))
    assert (finding.state, finding.found) == (State.OK, "PostgreSQL 18, up to date, role anmi_app fenced in")


def test_a_role_that_passes_the_fences_is_found(tmp_path: Path, postgres: EmbeddedPostgres, owner_url: str) -> None:
    with psycopg.connect(postgres.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS careless")
        connection.execute("CREATE ROLE careless LOGIN BYPASSRLS")
    finding = doctor.database(settings_of(tmp_path, owner_url, owner_url.replace(OWNER, "careless")))
    assert finding.state is State.FAIL
    assert "careless may pass the fences" in finding.found


def test_the_owner_in_place_of_the_application_is_found(tmp_path: Path, owner_url: str) -> None:
    assert doctor.database(settings_of(tmp_path, owner_url, owner_url)).state is State.FAIL


def test_an_empty_database_waits_for_its_migration(tmp_path: Path, postgres: EmbeddedPostgres) -> None:
    with psycopg.connect(postgres.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS empty")
        connection.execute(sql.SQL("CREATE DATABASE empty OWNER {}").format(sql.Identifier(OWNER)))
    finding = doctor.database(settings_of(tmp_path, postgres.url(OWNER, "empty"), postgres.url(APP, "empty")))
    assert finding.state is State.FAIL
    assert "anmi migrate" in (finding.remedy or "")


def test_a_database_that_does_not_answer_is_found(tmp_path: Path) -> None:
    nowhere = f"postgresql://anmi_owner@/anmi?host={tmp_path}"
    assert doctor.database(settings_of(tmp_path, nowhere, nowhere)).state is State.FAIL


def test_a_folder_that_others_may_enter_is_found(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert doctor.data_folder(Settings(data_dir=tmp_path)).state is State.WARN


def test_it_speaks_json_and_its_exit_tells_whether_something_must_be_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANMI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("ANMI_HOST", "192.0.2.1")
    result = CliRunner().invoke(app, ["doctor", "--json"])
    findings = {finding["subject"]: finding for finding in json.loads(result.stdout)}
    assert result.exit_code == 1
    assert findings["listening"]["state"] == "fail"
    assert "--tls" in findings["listening"]["remedy"]


def test_recordings_that_wait_too_long_to_be_heard_are_found(tmp_path: Path, owner_url: str, app_url: str) -> None:
    settings = settings_of(tmp_path, owner_url, app_url)
    assert doctor.hearing(settings).state is State.OK
    with psycopg.connect(owner_url) as connection:
        connection.execute("SELECT set_config('anmi.across_tenants', 'on', true)")
        (job,) = connection.execute(
            "INSERT INTO pgqueuer (priority, entrypoint, status, created) VALUES"
            " (0, 'transcripts.write', 'queued', now() - interval '45 minutes') RETURNING id"
        ).fetchone() or (None,)
    try:
        finding = doctor.hearing(settings)
        assert finding.state is State.WARN
        assert "the first for 45 min" in finding.found
    finally:
        with psycopg.connect(owner_url) as connection:
            connection.execute("SELECT set_config('anmi.across_tenants', 'on', true)")
            connection.execute("DELETE FROM pgqueuer WHERE id = %s", [job])
