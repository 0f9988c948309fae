"""What the process tree tells its operator: prefixed and coloured on a terminal, JSON lines elsewhere."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle
from typing import TextIO

from anmi.kit.logs import mask_long_numbers

COLOURS = (36, 35, 33, 34, 32)
RED = 31
NAME_WIDTH = 8


@dataclass(slots=True)
class Console:
    """Passes on the lines of children and tells what happens to them, on standard error."""

    is_readable: bool
    stream: TextIO = field(default_factory=lambda: sys.stderr)
    _colours: dict[str, int] = field(default_factory=dict[str, int])
    _palette: cycle[int] = field(default_factory=lambda: cycle(COLOURS))

    def line(self, name: str, text: str) -> None:
        """Pass on a line that a child wrote; those that are JSON already stay as they are."""
        if self.is_readable:
            self._write(f"{self._prefix(name)} {text}")
        elif text.startswith("{"):
            self._write(text)
        elif text:
            self._write_json(name, mask_long_numbers(text), "info")

    def event(self, name: str, text: str, *, trouble: bool = False) -> None:
        """Tell what happened to a child."""
        if self.is_readable:
            self._write(
                f"{self._prefix('anmi')} {self._in_colour(RED, f'{name} {text}') if trouble else f'{name} {text}'}"
            )
        else:
            self._write_json("anmi", f"{name} {text}", "warning" if trouble else "info")

    def _write_json(self, process: str, event: str, level: str) -> None:
        at = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        said = {"event": event, "level": level, "at": at, "process": process}
        self._write(json.dumps(said, ensure_ascii=False))

    def _write(self, text: str) -> None:
        self.stream.write(f"{text}\n")
        self.stream.flush()

    def _prefix(self, name: str) -> str:
        if name not in self._colours:
            self._colours[name] = next(self._palette)
        return self._in_colour(self._colours[name], f"{name:<{NAME_WIDTH}} |")

    def _in_colour(self, colour: int, text: str) -> str:
        return f"\033[{colour}m{text}\033[0m" if self.stream.isatty() else text
