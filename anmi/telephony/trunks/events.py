"""What happens to trunks."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anmi.kit.events import Event


@dataclass(frozen=True, slots=True)
class TrunkChanged(Event):
    """A trunk was added or changed, rests, or is well again."""

    trunk_id: UUID
