"""Journals of calls, told again: each comes to the row that was written when it happened.

A call that went wrong in production is kept here as it was, ids and all: a journal holds nothing of a person.
"""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from anmi.core.call_journal import evidence_of, read
from anmi.core.call_legs import Evidence
from anmi.core.call_life import step
from anmi.core.call_record import CallRecord, recorded
from anmi.core.call_stages import Call

JOURNALS = sorted(Path(__file__).parent.glob("*.jsonl"))


def plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat()
        case Evidence():
            return evidence_of(value)
        case UUID():
            return str(value)
        case _:
            return value


@pytest.mark.parametrize("path", JOURNALS, ids=lambda path: path.stem)
def test_a_journal_comes_to_its_row_and_leaves_nobody_on_a_line(path: Path) -> None:
    *lines, last = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    call, record = Call(), CallRecord()
    for line in lines:
        event = read(line["event"])
        after, _ = step(call, event)
        record = recorded(record, call, event, after, datetime.fromisoformat(line["at"]))
        call = after
    assert {field.name: plain(getattr(record, field.name)) for field in fields(record)} == last["row"]
    assert call.has_ended
    assert call.open_legs == frozenset()
