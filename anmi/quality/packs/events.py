"""What happens to rule packs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anmi.kit.events import Event


@dataclass(frozen=True, slots=True)
class PackPublished(Event):
    """An agency inspects by other rules from now on; calls since `again_from` are inspected again."""

    pack_id: UUID
    again_from: datetime | None
