"""What is installed from a wheel stands on its own: command, migrations and the switch's templates are in it."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import anmi

ROOT = Path(anmi.__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder into which a wheel of this checkout was unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    build = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, str(folder)], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder / "site")
    return folder / "site"


def said(installed: Path, *words: str, **told: str) -> str:
    """Run the installed product, away from the checkout; return what it says."""
    environment = os.environ | {"PYTHONPATH": str(installed)} | told
    command = [sys.executable, *words]
    return subprocess.run(command, cwd=installed, env=environment, check=True, capture_output=True, text=True).stdout


def test_the_command_answers(installed: Path) -> None:
    assert "anmi" in said(installed, "-m", "anmi", "--version")


def test_everything_that_is_no_code_came_along(installed: Path) -> None:
    wanted = ("migrations/env.py", "asterisk/pbx/pjsip.conf", "asterisk/prompts/nobody_free.alaw", "quality/rule_pack")
    assert [each for each in wanted if not (installed / "anmi" / each).exists()] == []
    mine = {path.name for path in (ROOT / "migrations" / "versions").glob("*.py")}
    assert {path.name for path in (installed / "anmi" / "migrations" / "versions").glob("*.py")} == mine


def test_an_empty_database_is_brought_to_this_version(installed: Path, tmp_path: Path) -> None:
    said(installed, "-m", "anmi", "migrate", ANMI_DATA_DIR=str(tmp_path / "data"), ANMI_DATABASE_URL="")
    assert (tmp_path / "data" / "postgres" / "PG_VERSION").exists()
