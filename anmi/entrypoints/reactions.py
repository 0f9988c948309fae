"""What follows from what, on one page: a room announces an event, and here stands what happens next.

A reaction runs in the unit of work of its event, so it happens exactly when its reason does.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from anmi.kit.events import Event
from anmi.kit.unit_of_work import UnitOfWork

Reaction = Callable[[UnitOfWork, Any], Awaitable[None]]

REACTIONS: Final[Mapping[type[Event], tuple[Reaction, ...]]] = {}


async def react(unit: UnitOfWork, event: Event) -> None:
    """Let happen what follows from an event."""
    for reaction in REACTIONS.get(type(event), ()):
        await reaction(unit, event)
