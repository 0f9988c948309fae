"""Every SQL statement about call records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, and_, func, select
from sqlalchemy import cast as as_type
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.core.call_legs import Ending
from anmi.identity.org_units.models import OrgUnit
from anmi.identity.people.models import Person
from anmi.kit.paging import Ask, Sorting
from anmi.telephony.agents.models import Agent
from anmi.telephony.caller_ids.models import CallerId
from anmi.telephony.calls.models import Call, CallJournalLine
from anmi.telephony.recordings.models import Recording, RecordingState
from anmi.telephony.trunks.models import Trunk

_talked_for = func.floor(func.extract("epoch", Call.ended_at - Call.connected_at))
TALK_SECONDS: Final = func.coalesce(as_type(_talked_for, Integer), 0).label("talk_seconds")
"""How long agent and debtor heard one another; nothing before the end."""

SORTING: Final = Sorting(
    {
        "asked_at": (Call.asked_at, datetime.fromisoformat),
        # A label is compared and ordered like a column.
        "talk_seconds": (cast("Any", TALK_SECONDS), int),
    },
    default="-asked_at",
    tie=Call.id,
)


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A call with the names of who and what took part."""

    call: Call
    talk_seconds: int
    extension: str | None
    agent_name: bytes | None
    unit_name: str | None
    trunk_name: str | None
    caller_id: str | None
    recording_id: UUID | None
    recording_state: RecordingState | None

    @property
    def id(self) -> UUID:
        """The call's."""
        return self.call.id

    @property
    def asked_at(self) -> datetime:
        """When the call was asked for."""
        return self.call.asked_at


@dataclass(frozen=True, slots=True)
class Figures:
    """What a list of calls comes to."""

    calls: int
    answered: int
    talk_seconds: int
    endings: Mapping[Ending, int]


def _rows() -> Any:
    return (
        select(
            Call,
            TALK_SECONDS,
            Agent.extension,
            Person.name_sealed,
            OrgUnit.name,
            Trunk.name,
            CallerId.number,
            Recording.id,
            Recording.state,
        )
        .outerjoin(Agent, Agent.id == Call.agent_id)
        .outerjoin(Person, Person.id == Call.person_id)
        .outerjoin(OrgUnit, OrgUnit.id == Call.unit_id)
        .outerjoin(Trunk, Trunk.id == Call.trunk_id)
        .outerjoin(CallerId, CallerId.id == Call.caller_id_id)
        .outerjoin(Recording, Recording.call_id == Call.id)
    )


async def page(
    session: AsyncSession, conditions: Sequence[ColumnElement[bool]], ask: Ask
) -> tuple[Sequence[RecordRow], str | None]:
    """Return one page of records and the cursor of the next."""
    rows = (await session.execute(SORTING.apply(_rows().where(*conditions), ask))).all()
    return SORTING.split([RecordRow(*row) for row in rows], ask)


async def one(session: AsyncSession, *conditions: ColumnElement[bool]) -> RecordRow | None:
    """Return one record."""
    row = (await session.execute(_rows().where(*conditions))).one_or_none()
    return RecordRow(*row) if row else None


async def count(session: AsyncSession, conditions: Sequence[ColumnElement[bool]]) -> int:
    """Count records."""
    query = select(func.count()).select_from(Call).outerjoin(Recording, Recording.call_id == Call.id)
    return (await session.execute(query.where(*conditions))).scalar_one()


async def figures(session: AsyncSession, conditions: Sequence[ColumnElement[bool]]) -> Figures:
    """Return what the calls come to."""
    answered = func.count().filter(Call.answered_at.is_not(None))
    query = select(Call.ending, func.count(), answered, func.coalesce(func.sum(TALK_SECONDS), 0))
    joined = query.select_from(Call).outerjoin(Recording, Recording.call_id == Call.id)
    rows = (await session.execute(joined.where(*conditions).group_by(Call.ending))).all()
    endings = {ending: calls for ending, calls, *_ in rows if ending is not None}
    return Figures(sum(row[1] for row in rows), sum(row[2] for row in rows), int(sum(row[3] for row in rows)), endings)


async def journal(session: AsyncSession, call_id: UUID) -> Sequence[CallJournalLine]:
    """Return the journal of a call in order."""
    query = select(CallJournalLine).where(CallJournalLine.call_id == call_id).order_by(CallJournalLine.number)
    return (await session.scalars(query)).all()


def has_sound() -> ColumnElement[bool]:
    """Return the condition that the recording of a call can be heard."""
    return and_(Recording.id.is_not(None), Recording.state != RecordingState.DELETED)
