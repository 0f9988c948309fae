"""Nobody can be found in a log."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from anmi.kit import logs

CASE = "0192f3c4-1111-7222-8333-444455556666"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logs.configure("info", "json", stream, process="web")
    yield stream
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_says_when_where_and_what(written: io.StringIO) -> None:
    structlog.get_logger("anmi.cases").info("case taken over", case_id=CASE, cases=3)
    (line,) = lines(written)
    assert line.pop("at").endswith("Z")
    assert line == {
        "event": "case taken over",
        "level": "info",
        "logger": "anmi.cases",
        "process": "web",
        "case_id": CASE,
        "cases": 3,
    }


@pytest.mark.parametrize(
    "facts",
    [
        {"phone": "13800138000"},
        {"debtor_name": "张三"},
        {"id_number": "11010519491231002X"},
        {"new_password": "correct horse"},
        {"api_token": "anmi_abc"},
        {"about": {"person": {"mobile": "13800138000", "names": ["张三"]}}},
        {"people": [{"name": "张三"}, {"address": "长安街1号"}]},
    ],
)
def test_fields_about_a_person_are_blanked_at_any_depth(written: io.StringIO, facts: dict[str, Any]) -> None:
    structlog.get_logger().warning("something happened", **facts)
    text = written.getvalue()
    assert logs.BLANK in text
    for told in ("13800138000", "张三", "11010519491231002X", "correct horse", "anmi_abc", "长安街"):
        assert told not in text


def test_long_numbers_in_sentences_are_masked_and_uuids_stay(written: io.StringIO) -> None:
    structlog.get_logger().info(f"called 13800138000 for case {CASE}")
    (line,) = lines(written)
    assert line["event"] == f"called 138******00 for case {CASE}"


def test_an_exception_keeps_its_story_and_loses_the_number(written: io.StringIO) -> None:
    try:
        int("phone: 13800138000")
    except ValueError:
        structlog.get_logger().exception("job failed")
    (line,) = lines(written)
    assert "ValueError" in line["exception"]
    assert "13800138000" not in line["exception"]


def test_lines_of_other_libraries_pass_through_the_same_gate(written: io.StringIO) -> None:
    logging.getLogger("library").warning("sent to %s", "13800138000")
    (line,) = lines(written)
    assert (line["logger"], line["event"]) == ("library", "sent to 138******00")


def test_a_request_is_told_without_its_query_and_its_sender(written: io.StringIO) -> None:
    logging.getLogger("uvicorn.access").info(
        '%s - "%s %s HTTP/%s" %d', "203.0.113.9:5000", "GET", "/api/v1/people?q=张三", "1.1", 200
    )
    (line,) = lines(written)
    assert (line["event"], line["method"], line["path"], line["status"]) == ("request", "GET", "/api/v1/people", 200)
    assert "203.0.113.9" not in written.getvalue()
    assert "张三" not in written.getvalue()


def test_probes_are_told_only_when_they_find_trouble(written: io.StringIO) -> None:
    for path, status in [("/healthz", 200), ("/readyz", 503), ("/metrics", 200)]:
        logging.getLogger("uvicorn.access").info('%s - "%s %s HTTP/%s" %d', "-", "GET", path, "1.1", status)
    assert [line["path"] for line in lines(written)] == ["/readyz"]


@given(st.text(alphabet="0123456789 -a张", max_size=60))
def test_no_seven_digits_in_a_row_leave_the_house(text: str) -> None:
    run = 0
    for char in logs.mask_long_numbers(text):
        run = run + 1 if char.isdecimal() else 0
        assert run < 7
