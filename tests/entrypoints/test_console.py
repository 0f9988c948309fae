"""The operator reads names and colours; a log collector reads JSON."""

from __future__ import annotations

import io
import json

from anmi.entrypoints.console import Console


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_who_speaks() -> None:
    screen = Terminal()
    console = Console(is_readable=True, stream=screen)
    console.line("web", "ready")
    console.line("worker", "ready")
    web, worker = screen.getvalue().splitlines()
    assert "web      |" in web
    assert "worker   |" in worker
    assert web.split("web")[0] != worker.split("worker")[0]


def test_a_file_gets_one_json_line_for_each_event_whoever_speaks() -> None:
    file = io.StringIO()
    console = Console(is_readable=False, stream=file)
    console.line("web", '{"event": "request", "process": "web"}')
    console.line("postgres", "LOG:  ready, said 13800138000")
    console.event("web", "was ended by SIGKILL", trouble=True)
    lines = [json.loads(line) for line in file.getvalue().splitlines()]
    assert [line["process"] for line in lines] == ["web", "postgres", "anmi"]
    assert lines[1]["event"] == "LOG:  ready, said 138******00"
    assert lines[2]["level"] == "warning"
