"""`anmi quality inspect` answers every line, whatever stands in it."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from anmi.entrypoints.cli.quality import app

CORPUS = Path(__file__).parent / "corpus"


def run(*arguments: str, given: bytes = b"") -> tuple[int, list[dict[str, Any]]]:
    result = CliRunner().invoke(app, list(arguments), input=given)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


def a_line(text: str = "您好", **more: object) -> bytes:
    call = {"id": "c1", "started_at": "2026-11-23T10:00:00+08:00", "party": "right_party"}
    return json.dumps(call | {"turns": [{"speaker": "agent", "text": text}]} | more).encode()


def test_every_call_is_answered_in_order(tmp_path: Path) -> None:
    file = tmp_path / "calls.jsonl"
    file.write_bytes(b"\n".join([a_line("明天就抓你", id="a"), b"", a_line("您好", id=7)]))
    code, answers = run("inspect", str(file), "--json")
    assert code == 0
    assert [answer["id"] for answer in answers] == ["a", 7]
    assert set(answers[0]) == {"id", "score", "findings", "missing", "extracted"}
    assert answers[0]["score"] == 0
    assert set(answers[0]["findings"][0]) == {"code", "turn", "severity", "evidence", "rule_version"}
    assert answers[0]["findings"][0] | {"rule_version": ""} == {
        "code": "V06",
        "turn": 0,
        "severity": "critical",
        "evidence": "明天就抓你",
        "rule_version": "",
    }
    assert {"promise_date", "promise_amount_fen", "right_party_confirmed", "result_code", "complaint_tendency"} <= set(
        answers[1]["extracted"]
    )


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"nonsense", "bad_json"),
        (b"\xff\xfe\x00", "bad_json"),
        (b"[" * 100_000, "bad_json"),
        (b"[]", "not_an_object"),
        (b"{}", "bad_id"),
        (b'{"id": true, "turns": []}', "bad_id"),
        (b'{"id": 1}', "bad_turns"),
        (b'{"id": 1, "turns": [1]}', "bad_turns"),
        (b'{"id": 1, "turns": [{"speaker": "agent"}]}', "bad_text"),
        (a_line(started_at="yesterday"), "bad_started_at"),
        (a_line(started_at=5), "bad_started_at"),
        (a_line(started_at="0001-01-01T00:00:00+14:00"), "bad_started_at"),
        (a_line(turns=[{"speaker": "agent", "text": "x", "start": "soon"}]), "bad_time"),
        (b'{"id": 1, "turns": [{"speaker": "agent", "text": "x", "start": NaN}]}', "bad_time"),
        (a_line(facts=[1]), "bad_facts"),
        (a_line(facts={"owing": "much"}), "bad_facts"),
        (a_line(facts={"owing": "nan"}), "bad_facts"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_inspected(line: bytes, error: str) -> None:
    code, answers = run("inspect", "-", "--json", given=line + b"\n" + a_line("明天就抓你"))
    assert code == 1
    assert answers[0]["error"]["code"] == error
    assert [finding["code"] for finding in answers[1]["findings"]] == ["V06"]


def test_half_characters_and_byte_order_marks_are_no_obstacle() -> None:
    given = b"\xef\xbb\xbf" + a_line("\ud800 明天就抓你") + b"\r\n"
    code, answers = run("inspect", "-", "--json", given=given)
    assert code == 0
    assert answers[0]["findings"][0]["code"] == "V06"


def test_random_bytes_never_yield_a_finding() -> None:
    dice = random.Random(1)
    given = b"\n".join(bytes(dice.randrange(256) for _ in range(80)) for _ in range(50))
    code, answers = run("inspect", "-", "--json", given=given)
    assert code == 1
    assert all("error" in answer for answer in answers)


def test_people_get_lines_to_read() -> None:
    result = CliRunner().invoke(app, ["inspect", "-"], input=a_line("明天就抓你") + b"\n{")
    assert "c1  0 分" in result.stdout
    assert "错误" in result.stdout


def test_a_file_that_is_not_there_is_said_plainly() -> None:
    result = CliRunner().invoke(app, ["inspect", "/nowhere/calls.jsonl"])
    assert result.exit_code == 2
    assert "/nowhere/calls.jsonl" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_rules_are_tested_on_the_corpus() -> None:
    code, (report,) = run("rules", "test", "--json", "--corpus", str(CORPUS))
    assert code == 0
    assert report["good"]
    assert {"written, held out", "written, tuned", "heard"} <= set(report["parts"])
    assert CliRunner().invoke(app, ["rules", "test", "--corpus", "/nowhere"]).exit_code == 2
