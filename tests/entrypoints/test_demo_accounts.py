"""Whoever tries the demo is told who may log in there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from anmi.entrypoints.cli import app
from anmi.kit.secret_files import write_private

ACCOUNT = {
    "tenant_code": "demo",
    "employee_no": "A001",
    "phone": "13800000001",
    "role": "supervisor",
    "name": "演示组长",
    "password": "not-a-secret-1",
}


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ANMI_DATA_DIR", str(tmp_path))
    return tmp_path


def test_machines_get_json(data_dir: Path) -> None:
    write_private(data_dir / "secrets" / "demo-accounts.json", json.dumps([ACCOUNT], ensure_ascii=False))
    result = CliRunner().invoke(app, ["demo", "accounts", "--json"])
    assert json.loads(result.stdout) == [ACCOUNT]


def test_people_get_a_table(data_dir: Path) -> None:
    write_private(data_dir / "secrets" / "demo-accounts.json", json.dumps([ACCOUNT], ensure_ascii=False))
    shown = CliRunner().invoke(app, ["demo", "accounts"]).stdout
    for value in ACCOUNT.values():
        assert value in shown


@pytest.mark.usefixtures("data_dir")
def test_without_a_demo_it_says_how_to_make_one() -> None:
    result = CliRunner().invoke(app, ["demo", "accounts"])
    assert result.exit_code == 1
    assert "anmi demo" in result.stderr
