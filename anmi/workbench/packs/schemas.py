"""Packs as HTTP sees them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from anmi.core.call_legs import Ending
from anmi.core.number_state import NumberState
from anmi.kit.fields import Asked, Reason, Seen
from anmi.telephony.calls.models import Direction
from anmi.telephony.records.service import RecordFilter


class PackFilter(Asked):
    """Which calls are packed: those of a filter, or those that were picked; what was not recorded is left out."""

    from_on: date | None = None
    to_on: date | None = None
    agent_id: UUID | None = None
    person_id: UUID | None = None
    unit_id: UUID | None = None
    direction: Direction | None = None
    ending: frozenset[Ending] = frozenset()
    number_state: frozenset[NumberState] = frozenset()
    min_talk: Annotated[int | None, Field(ge=0, le=86_400)] = None
    caller_id_id: UUID | None = None
    trunk_id: UUID | None = None
    subject_id: UUID | None = None
    call_ids: Annotated[frozenset[UUID], Field(max_length=1000)] = frozenset()

    def wanted(self) -> RecordFilter:
        """Return the filter as the records take it."""
        return RecordFilter(**{name: getattr(self, name) for name in PackFilter.model_fields}, recorded=True)


class PackToAsk(Asked):
    """A pack, and why it is wanted."""

    filter: PackFilter
    reason: Reason


class PackSeen(Seen):
    """A pack and the address it is fetched under."""

    id: UUID
    calls: int
    url: str
    expires_at: datetime
