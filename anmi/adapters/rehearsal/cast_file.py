"""Who is under which number in a rehearsal, as a person wrote it down in a TOML file.

seed = 7

[shares]            # of any whole; a persona that is not named has none
promises = 3
no_answer = 1

[numbers]           # these, whatever the seed says
13800000001 = "promises"
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, cast

from anmi.core.rehearsal import BY_CODE, Cast


class UnreadableCast(Exception):
    """The file does not say who is under which number; the message says why."""


def read_cast(path: Path) -> Cast:
    """Read the file; without one everybody has the usual share and the seed is 0."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Cast()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise UnreadableCast(f"{path}: {fault}") from fault
    strange = told.keys() - {"seed", "shares", "numbers"}
    if strange:
        raise UnreadableCast(f"{path}: unknown: {', '.join(sorted(strange))}")
    seed = told.get("seed", 0)
    if not isinstance(seed, int):
        raise UnreadableCast(f"{path}: seed is a whole number")
    numbers = _table(path, told, "numbers")
    if unknown := {code for code in numbers.values() if code not in BY_CODE}:
        raise UnreadableCast(f"{path}: no such persona: {', '.join(sorted(map(str, unknown)))}")
    found = Cast(seed, chosen={number: str(code) for number, code in numbers.items()})
    shares = _table(path, told, "shares")
    if any(not isinstance(share, int) or share < 0 for share in shares.values()):
        raise UnreadableCast(f"{path}: shares are whole numbers")
    try:
        return found.with_shares(shares) if shares else found
    except ValueError as fault:
        raise UnreadableCast(f"{path}: {fault}") from fault


def _table(path: Path, told: dict[str, Any], name: str) -> dict[str, Any]:
    table = told.get(name, {})
    if not isinstance(table, dict):
        raise UnreadableCast(f"{path}: {name} is a table")
    return cast("dict[str, Any]", table)
