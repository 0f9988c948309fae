"""What happens in opening, as other rooms hear it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anmi.kit.events import Event


@dataclass(frozen=True, slots=True)
class OpeningStarted(Event):
    """A placement is to be opened."""

    run_id: UUID
    placement_id: UUID


@dataclass(frozen=True, slots=True)
class OpeningProgressed(Event):
    """A run has opened some cases more."""

    run_id: UUID
    placement_id: UUID
    cases_done: int
    cases_total: int


@dataclass(frozen=True, slots=True)
class OpeningEnded(Event):
    """A run has come to its end."""

    run_id: UUID
    placement_id: UUID


@dataclass(frozen=True, slots=True)
class OpeningRulesChanged(Event):
    """Cases begin by other rules from now on."""

    version: int
