"""What happens to commission statements."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anmi.kit.events import Event


@dataclass(frozen=True, slots=True)
class CommissionMoved(Event):
    """A commission statement is drafted, sent to the creditor, or agreed."""

    statement_id: UUID
    creditor_id: UUID
