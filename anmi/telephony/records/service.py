"""Call records (话单): lists by filter, their figures, one call with its journal, and lists as files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement

from anmi.core.calendar import start_of
from anmi.core.call_words import told
from anmi.core.permissions import Permission
from anmi.identity.people.models import NAME
from anmi.kit.errors import NotFound
from anmi.kit.paging import Ask
from anmi.kit.reaching import in_reach
from anmi.kit.unit_of_work import UnitOfWork
from anmi.telephony.calls.models import Call
from anmi.telephony.records import repository
from anmi.telephony.records.repository import Figures, RecordRow
from anmi.telephony.records.sheet import LABELS, cells_of
from anmi.telephony.records.views import RecordDetail, RecordFilter, RecordView, Told

__all__ = ["LABELS", "Figures", "RecordDetail", "RecordFilter", "RecordView", "Records", "cells_of"]


class Records:
    """The call records of one agency, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def page(self, wanted: RecordFilter, ask: Ask) -> tuple[list[RecordView], str | None]:
        """Return one page of the calls within reach, the latest first, and the cursor of the next."""
        rows, following = await repository.page(self._unit.session, self._conditions(wanted), ask)
        return [self._view(row) for row in rows], following

    async def count(self, wanted: RecordFilter) -> int:
        """Count the calls of a filter."""
        return await repository.count(self._unit.session, self._conditions(wanted))

    async def figures(self, wanted: RecordFilter) -> Figures:
        """Return what the calls of a filter come to."""
        return await repository.figures(self._unit.session, self._conditions(wanted))

    async def get(self, call_id: UUID) -> RecordDetail:
        """Return a call within reach, its journal told in words."""
        row = await repository.one(self._unit.session, Call.id == call_id, self._sight())
        if row is None:
            raise NotFound
        lines = await repository.journal(self._unit.session, call_id)
        journal = [Told(line.number, line.at, str(line.event.get("kind")), told(line.event)) for line in lines]
        return RecordDetail(self._view(row), row.call.evidence, row.call.refused_reason, journal)

    def _sight(self) -> ColumnElement[bool]:
        reach, caller = self._unit.rights.of(Permission.CALLS_READ), self._unit.caller
        return in_reach(reach, caller, Call.unit_id, Call.person_id)

    def _conditions(self, wanted: RecordFilter) -> Sequence[ColumnElement[bool]]:
        return [self._sight(), *_times(wanted), *_facts(wanted)]

    def _view(self, row: RecordRow) -> RecordView:
        call = row.call
        return RecordView(
            id=call.id,
            direction=call.direction,
            phase=call.phase,
            asked_at=call.asked_at,
            ringing_at=call.ringing_at,
            answered_at=call.answered_at,
            connected_at=call.connected_at,
            ended_at=call.ended_at,
            talk_seconds=row.talk_seconds,
            held_seconds=call.held_seconds,
            number_masked=call.number_masked,
            subject_kind=call.subject_kind,
            subject_id=call.subject_id,
            agent_id=call.agent_id,
            person_id=call.person_id,
            extension=row.extension,
            agent_name=None if row.agent_name is None else self._unit.open(NAME, row.agent_name),
            unit_name=row.unit_name,
            trunk_name=row.trunk_name,
            caller_id=row.caller_id,
            ending=call.ending,
            ended_by=call.ended_by,
            number_state=call.number_state,
            refused_rule=call.refused_rule,
            recording_id=row.recording_id,
            recording_state=row.recording_state,
        )


def _times(wanted: RecordFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.from_on is not None:
        conditions.append(Call.asked_at >= start_of(wanted.from_on))
    if wanted.to_on is not None and wanted.to_on < date.max:
        conditions.append(Call.asked_at < start_of(wanted.to_on + timedelta(days=1)))
    if wanted.min_talk is not None:
        conditions.append(wanted.min_talk <= repository.TALK_SECONDS)
    return conditions


def _facts(wanted: RecordFilter) -> list[ColumnElement[bool]]:
    same = {
        Call.agent_id: wanted.agent_id,
        Call.person_id: wanted.person_id,
        Call.unit_id: wanted.unit_id,
        Call.direction: wanted.direction,
        Call.caller_id_id: wanted.caller_id_id,
        Call.trunk_id: wanted.trunk_id,
        Call.subject_id: wanted.subject_id,
    }
    conditions: list[ColumnElement[bool]] = [column == value for column, value in same.items() if value is not None]
    if wanted.call_ids:
        conditions.append(Call.id.in_(wanted.call_ids))
    if wanted.ending:
        conditions.append(Call.ending.in_(wanted.ending))
    if wanted.number_state:
        conditions.append(Call.number_state.in_(wanted.number_state))
    if wanted.answered is not None:
        conditions.append(Call.answered_at.is_not(None) if wanted.answered else Call.answered_at.is_(None))
    if wanted.recorded is not None:
        conditions.append(repository.has_sound() if wanted.recorded else ~repository.has_sound())
    return conditions
