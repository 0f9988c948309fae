"""What happens to placements and the files they come in, as other rooms hear it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anmi.kit.events import Event


@dataclass(frozen=True, slots=True)
class SheetReceived(Event):
    """A file has come, or is to be read another way: it waits to be checked."""

    import_id: UUID


@dataclass(frozen=True, slots=True)
class CommitAsked(Event):
    """Somebody wants what a file holds carried over."""

    import_id: UUID


@dataclass(frozen=True, slots=True)
class PlacementImported(Event):
    """A file was carried over: `cases` new ones stand in the placement."""

    placement_id: UUID
    import_id: UUID
    cases: int


@dataclass(frozen=True, slots=True)
class PlacementAdded(Event):
    """A creditor gave us a placement."""

    placement_id: UUID


@dataclass(frozen=True, slots=True)
class PlacementChanged(Event):
    """A placement was paused, goes on, or has ended."""

    placement_id: UUID


@dataclass(frozen=True, slots=True)
class BalancesRestated(Event):
    """The creditor says anew what a case owes."""

    case_id: UUID


@dataclass(frozen=True, slots=True)
class CasesTakenAway(Event):
    """Cases of a placement were recalled or returned together, at one instant."""

    placement_id: UUID
    at: datetime
