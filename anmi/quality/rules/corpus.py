"""Reads labelled conversations: utterances with the codes they deserve, and whole calls with all they deserve."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from anmi.core.inspection.model import Call
from anmi.core.inspection.reading import Unreadable, call_of

UTTERANCES: Final = "utterances.jsonl"
ONCE_MISSED: Final = "once_missed.jsonl"
# Sentences written before anybody looked at the rules, a file for each time it was done.
FRESH: Final = "fresh_*.jsonl"
CALLS: Final = "calls.jsonl"
_MARKS: Final = {"a:": "agent", "d:": "debtor", "t:": "third_party", "b:": "voicebot"}
# A weekday morning: an utterance is judged by its words, not by the clock.
_OFFICE_HOUR: Final = "2026-11-23T10:00:00+08:00"


class BadCorpus(ValueError):
    """A corpus that cannot be read; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One call and the codes it deserves; `kind` is written or heard, `held_out` was never tuned on."""

    call: Call
    codes: frozenset[str]
    kind: str
    held_out: bool


@dataclass(frozen=True, slots=True)
class WholeCall:
    """One call and what an inspection should answer: findings as (code, turn), missing codes, extracted fields."""

    call: Call
    findings: frozenset[tuple[str, int | None]]
    missing: frozenset[str]
    extracted: dict[str, object]


def utterances(folder: Path, name: str = UTTERANCES) -> list[Labelled]:
    return [
        Labelled(
            _call(
                {
                    "id": row["id"],
                    "started_at": _OFFICE_HOUR,
                    "party": row["party"],
                    "turns": _turns(row["speaker"], row["text"]),
                },
                where,
            ),
            frozenset(row["expect"]),
            row["kind"],
            row["set"] == "held_out",
        )
        for row, where in _rows(folder / name, ("id", "text", "speaker", "party", "expect", "kind", "set"))
    ]


def fresh(folder: Path) -> dict[str, list[Labelled]]:
    """Return the sentences of every fresh batch, by the name of its file."""
    return {file.name: utterances(folder, file.name) for file in sorted(folder.glob(FRESH))}


def all_utterances(folder: Path) -> list[Labelled]:
    """Return everything that is labelled sentence by sentence."""
    once_missed = utterances(folder, ONCE_MISSED) if (folder / ONCE_MISSED).is_file() else []
    return [*utterances(folder), *once_missed, *(one for batch in fresh(folder).values() for one in batch)]


def _turns(speaker: str, text: str) -> list[dict[str, str]]:
    """Read `d:我住院了|a:那也得还` as a talk of two; without a mark it is one turn of the speaker."""
    return [
        {"speaker": _MARKS[part[:2]], "text": part[2:]} if part[:2] in _MARKS else {"speaker": speaker, "text": part}
        for part in text.split("|")
    ]


def calls(folder: Path) -> list[WholeCall]:
    return [
        WholeCall(
            _call(row["call"], where),
            frozenset((code, turn) for code, turn in row["findings"]),
            frozenset(row["missing"]),
            row["extracted"],
        )
        for row, where in _rows(folder / CALLS, ("call", "findings", "missing", "extracted"))
    ]


def _call(document: object, where: str) -> Call:
    try:
        return call_of(document)
    except Unreadable as error:
        raise BadCorpus(f"{where}: {error}") from error


def _rows(file: Path, keys: tuple[str, ...]) -> Iterator[tuple[dict[str, Any], str]]:
    if not file.is_file():
        raise BadCorpus(f"{file}: 没有这个文件")
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        where = f"{file.name}:{number}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise BadCorpus(f"{where}: {error}") from error
        if not isinstance(row, dict) or any(key not in row for key in keys):
            raise BadCorpus(f"{where}: 缺少 {', '.join(keys)} 之一")
        yield row, where
