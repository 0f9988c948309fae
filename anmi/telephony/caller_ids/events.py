"""What happens to caller ids."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anmi.kit.events import Event


@dataclass(frozen=True, slots=True)
class CallerIdChanged(Event):
    """A number was taken into use or changed, rests, or was complained about."""

    caller_id_id: UUID
