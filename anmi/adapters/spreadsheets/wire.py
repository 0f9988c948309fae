"""What the child says to its parent: one JSON value a line, so that nothing but plain values can come across."""

from __future__ import annotations

import json
from datetime import date
from typing import Final

from anmi.core.placement_sheet.cells import FormulaWithoutValue

# The child can read; and: that was all.
READY: Final = "ready"
END: Final = "end"

_NO_VALUE: Final = FormulaWithoutValue()
_DATE: Final = "date"
_FORMULA: Final = "formula"


def encode(message: object) -> bytes:
    """Return a message as one line."""
    text = json.dumps(message, default=_plain, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", errors="replace") + b"\n"


def decode(line: bytes) -> object:
    """Return the message of a line; raise ValueError when it is none."""
    return json.loads(line, object_hook=_special)


def _plain(cell: object) -> dict[str, str]:
    match cell:
        case date():
            return {_DATE: cell.isoformat()}
        case FormulaWithoutValue():
            return {_FORMULA: ""}
        case _:
            raise TypeError(f"no cell holds a {type(cell).__name__}")


def _special(said: dict[str, object]) -> object:
    match said:
        case {"date": str() as day, **rest} if not rest:
            return date.fromisoformat(day)
        case {"formula": "", **rest} if not rest:
            return _NO_VALUE
        case _:
            return said
