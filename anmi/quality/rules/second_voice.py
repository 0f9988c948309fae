"""Keeps the weights of the second voice in a file beside the rules, one piece of text a line."""

from __future__ import annotations

import json
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from anmi.core.inspection.likeness import Likeness

FILE: Final = "second_voice.jsonl"
# Weights are kept as whole hundredths: more exact ones are no wiser.
_UNIT: Final = 100


class BadWeights(ValueError):
    """A file of weights that cannot be read."""


def second_voice(folder: Traversable) -> Likeness | None:
    """Read the second voice of a rule pack; a folder of rules without one has none."""
    file = folder / FILE
    if not file.is_file():
        return None
    try:
        head, *lines = file.read_text("utf-8").splitlines()
        about = json.loads(head)
        weights = dict[str, tuple[float, ...]](_weights(line) for line in lines)
        return Likeness(tuple(about["codes"]), tuple(bias / _UNIT for bias in about["bias"]), weights)
    except (ValueError, KeyError, TypeError) as error:
        raise BadWeights(f"{FILE}: {error!r}") from error


def _weights(line: str) -> tuple[str, tuple[float, ...]]:
    piece, *weights = json.loads(line)
    return piece, tuple(weight / _UNIT for weight in weights)


def learnt_from(folder: Path) -> str:
    """Return the mark of the sentences that the weights in `folder` were learnt from."""
    with (folder / FILE).open(encoding="utf-8") as lines:
        return json.loads(next(lines))["learnt_from"]


def write(folder: Path, likeness: Likeness, mark: str) -> None:
    """Write the weights down; `mark` tells from which sentences they were learnt."""
    about = {"learnt_from": mark, "codes": likeness.codes, "bias": [round(bias * _UNIT) for bias in likeness.bias]}
    lines = [
        json.dumps([piece, *(round(weight * _UNIT) for weight in weights)], ensure_ascii=False, separators=(",", ":"))
        for piece, weights in sorted(likeness.weights.items())
    ]
    (folder / FILE).write_text("\n".join([json.dumps(about), *lines]) + "\n", "utf-8")
