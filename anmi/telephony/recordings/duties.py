"""The duties to keep recordings, as they come with the house; read once per process."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from anmi.core.keep_for import Duty, read_duties


@cache
def recording_duties() -> tuple[Duty, ...]:
    """Return what the law asks for."""
    table = files("anmi.telephony").joinpath("keep_for_table/default.toml")
    return read_duties(tomllib.loads(table.read_text(encoding="utf-8")))
