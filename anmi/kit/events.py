"""Events: facts a room announces. What follows from them stands on one page, `anmi.entrypoints.reactions`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """Something that has happened. Rooms make children of it, named in the past tense."""
