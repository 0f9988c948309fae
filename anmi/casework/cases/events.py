"""What happens to cases, as other rooms hear it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anmi.core import case_life
from anmi.core.closing import ClosingReason
from anmi.kit.events import Event


@dataclass(frozen=True, slots=True)
class CaseStepped(Event):
    """A case took a step in its life."""

    case_id: UUID
    step: case_life.Event
    before: case_life.State
    after: case_life.State


@dataclass(frozen=True, slots=True)
class CaseClosed(Event):
    """A case has ended: paid, settled, handed back or taken back. What stands on it ends too."""

    case_id: UUID
    closing_reason: ClosingReason
