"""`anmi tenants` on the command line, against a database of its own making."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from anmi.entrypoints.cli.tenants import app

PEOPLE = [
    "--system-administrator",
    "S1,系统员,13800138001",
    "--security-administrator",
    "S2，安全员，13800138002",
    "--auditor",
    "S3,审计员,13800138003",
]


@pytest.fixture
def run(owner_url: str, app_url: str, tmp_path: Path) -> Any:
    environment = {"ANMI_DATABASE_URL": owner_url, "ANMI_DATABASE_APP_URL": app_url, "ANMI_DATA_DIR": str(tmp_path)}

    async def run(*words: str) -> Result:
        # The command has an event loop of its own.
        return await asyncio.to_thread(CliRunner().invoke, app, [*words], env=environment)

    return run


async def test_an_operator_creates_lists_suspends_and_resumes(run: Any) -> None:
    created = await run("create", "cli-demo", "命令行演示", *PEOPLE, "--json")
    assert created.exit_code == 0, created.output
    answer = json.loads(created.stdout)
    assert answer["tenant"]["code"] == "cli-demo"
    assert len({each["initial_password"] for each in answer["initial_passwords"]}) == 3

    twice = await run("create", "cli-demo", "命令行演示", *PEOPLE)
    assert (twice.exit_code, twice.stderr) == (1, "The tenant code cli-demo is taken\n")

    suspended = await run("suspend", "cli-demo")
    assert (suspended.exit_code, suspended.stdout) == (0, "cli-demo: suspended\n")
    listed = {tenant["code"]: tenant["state"] for tenant in json.loads((await run("list", "--json")).stdout)}
    assert listed["cli-demo"] == "suspended"
    assert "platform" not in listed
    resumed = await run("resume", "cli-demo", "--json")
    assert json.loads(resumed.stdout)["state"] == "active"
    assert "cli-demo" in (await run("list")).stdout


async def test_the_platform_gets_its_operator(run: Any) -> None:
    made = await run("init-platform", "--operator", "P1,运营员,13800138009")
    assert made.exit_code == 0, made.output
    assert "platform_operator" in made.stdout
    again = await run("init-platform", "--operator", "P1,运营员,13800138009")
    assert (again.exit_code, again.stderr) == (1, "The employee number P1 is taken\n")


@pytest.mark.parametrize(
    "words",
    [
        ["create", "Bad Code", "甲", *PEOPLE],
        ["create", "good", "甲", *PEOPLE[:-1], "S3 only"],
        ["suspend", "nobody-has-this"],
    ],
)
async def test_a_wrong_word_is_answered_in_a_sentence(run: Any, words: list[str]) -> None:
    answer = await run(*words)
    assert answer.exit_code in (1, 2)
    assert answer.stderr
    assert "Traceback" not in answer.output
