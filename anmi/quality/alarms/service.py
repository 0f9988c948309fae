"""Alarms: raised by the live watch, answered by those who may, and handed to the unit above where nobody answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_

from anmi.core.alarms import AlarmAnswer, AlarmKind, AlarmStatus, unit_above
from anmi.core.audit_actions import AuditAction
from anmi.core.inspection.model import Severity
from anmi.core.masking import mask_digits
from anmi.core.permissions import Permission
from anmi.identity.people.models import NAME
from anmi.kit.errors import Conflict, Forbidden, NotFound
from anmi.kit.ids import new_id
from anmi.kit.paging import Ask
from anmi.kit.reaching import in_reach
from anmi.kit.unit_of_work import UnitOfWork
from anmi.quality.alarms import repository
from anmi.quality.alarms.events import AlarmEscalated, AlarmRaised
from anmi.quality.alarms.models import Alarm
from anmi.quality.alarms.repository import AlarmFigures, AlarmRow, CodeFigure

TOPIC = "alarms"


class AlarmAnswered(Conflict):
    """Somebody has answered it already."""

    code = "ALARM_ANSWERED"
    zh, en = "该告警已有人处理", "Somebody has answered this alarm already"


class NobodyAbove(Conflict):
    """There is no unit above to hand it to."""

    code = "ALARM_NOBODY_ABOVE"
    zh, en = "该告警已在最上级部门", "There is no unit above"


class OwnAlarm(Forbidden):
    """Nobody answers an alarm about a call of her own."""

    code = "ALARM_OF_OWN_CALL"
    zh, en = "不能处理自己通话的告警", "Nobody answers an alarm about a call of her own"


@dataclass(frozen=True, slots=True)
class AlarmToRaise:
    """What the live watch calls a person for."""

    call_id: UUID
    person_id: UUID | None
    unit_id: UUID | None
    kind: AlarmKind
    code: str
    severity: Severity
    title: str
    words: str
    said_ms: int
    has_released: bool = False


@dataclass(frozen=True, slots=True)
class AlarmFilter:
    """What somebody wants to see."""

    statuses: frozenset[AlarmStatus] = frozenset()
    unit_id: UUID | None = None
    person_id: UUID | None = None
    call_id: UUID | None = None
    code: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AlarmView:
    """An alarm as the wall shows it."""

    row: AlarmRow
    name: str | None
    answered_by_name: str | None


class Alarms:
    """The alarms of one agency, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def raise_one(self, asked: AlarmToRaise, patience_seconds: int) -> Alarm:
        """Call a person; who has not answered after so many seconds is passed over."""
        alarm = Alarm(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            call_id=asked.call_id,
            person_id=asked.person_id,
            unit_id=asked.unit_id,
            kind=asked.kind,
            code=asked.code,
            severity=asked.severity,
            title=asked.title,
            words=asked.words,
            said_ms=asked.said_ms,
            at=self._unit.now,
            has_released=asked.has_released,
            status=AlarmStatus.OPEN,
            patience_seconds=patience_seconds,
            deadline=self._unit.now + timedelta(seconds=patience_seconds),
            version=1,
        )
        self._unit.session.add(alarm)
        await self._unit.session.flush()
        self._unit.announce(AlarmRaised(alarm.id, alarm.call_id, patience_seconds))
        self._tell(alarm)
        return alarm

    async def page(self, wanted: AlarmFilter, ask: Ask) -> tuple[list[AlarmView], str | None]:
        """Return alarms within sight."""
        rows, following = await repository.page(self._unit.session, self._conditions(wanted), ask)
        return [self._view(row) for row in rows], following

    async def figures(self, wanted: AlarmFilter) -> tuple[AlarmFigures, list[CodeFigure]]:
        """Return what the alarms within sight come to, in all and by code."""
        conditions = self._conditions(wanted)
        return (
            await repository.figures(self._unit.session, conditions),
            await repository.by_code(self._unit.session, conditions),
        )

    async def get(self, alarm_id: UUID) -> AlarmView:
        """Return an alarm within sight."""
        await self._unit.session.flush()
        row = await repository.one(self._unit.session, Alarm.id == alarm_id, self._sight())
        if row is None:
            raise NotFound
        return self._view(row)

    async def of_call(self, call_id: UUID) -> Sequence[Alarm]:
        """Return the alarms of a call, for the house itself."""
        return await repository.of_call(self._unit.session, call_id)

    async def forget_words(self, call_id: UUID) -> None:
        """Let go of the words of a call whose recording has been deleted."""
        await repository.drop_words(self._unit.session, call_id)

    async def answer(self, alarm_id: UUID, version: int, answer: AlarmAnswer, note: str | None) -> AlarmView:
        """Say what was done about an alarm."""
        alarm = await self._unanswered(alarm_id)
        alarm.edit(version)
        alarm.status, alarm.answer, alarm.note = AlarmStatus.ANSWERED, answer, mask_digits(note) if note else None
        alarm.answered_by, alarm.answered_at = self._unit.caller.person_id, self._unit.now
        alarm.deadline = None
        self._unit.remember(
            AuditAction.ALARM_ANSWERED, ("alarm", alarm.id), call_id=alarm.call_id, code=alarm.code, answer=answer
        )
        self._tell(alarm)
        return await self.get(alarm_id)

    async def escalate(self, alarm_id: UUID, note: str | None = None) -> AlarmView:
        """Hand an alarm to the unit above."""
        alarm = await self._unanswered(alarm_id)
        above = unit_above(alarm.escalated_to_unit_id or alarm.unit_id, await repository.parents(self._unit.session))
        if above is None:
            raise NobodyAbove
        alarm.note = mask_digits(note) if note else alarm.note
        self._hand_up(alarm, above)
        return await self.get(alarm_id)

    async def escalate_overdue(self) -> int:
        """Hand what nobody answered in time to the unit above; return how many there were."""
        late = await repository.overdue(self._unit.session, self._unit.now)
        parents = await repository.parents(self._unit.session) if late else {}
        for alarm in late:
            above = unit_above(alarm.escalated_to_unit_id or alarm.unit_id, parents)
            if above is None:
                # The top of the house has it: there it stays until it is answered.
                alarm.deadline = None
                alarm.version += 1
            else:
                self._hand_up(alarm, above)
        return len(late)

    def _hand_up(self, alarm: Alarm, unit_id: UUID) -> None:
        patience = timedelta(seconds=alarm.patience_seconds)
        alarm.status, alarm.escalated_to_unit_id = AlarmStatus.ESCALATED, unit_id
        alarm.escalated_at, alarm.deadline = self._unit.now, self._unit.now + patience
        alarm.version += 1
        self._unit.announce(AlarmEscalated(alarm.id, unit_id, alarm.patience_seconds))
        self._unit.remember(
            AuditAction.ALARM_ESCALATED, ("alarm", alarm.id), call_id=alarm.call_id, code=alarm.code, unit_id=unit_id
        )
        self._tell(alarm)

    async def _unanswered(self, alarm_id: UUID) -> Alarm:
        alarm = await repository.locked(self._unit.session, Alarm.id == alarm_id, self._sight())
        if alarm is None:
            raise NotFound
        if alarm.person_id is not None and alarm.person_id == self._unit.caller.person_id:
            raise OwnAlarm
        if alarm.status is AlarmStatus.ANSWERED:
            raise AlarmAnswered
        return alarm

    def _tell(self, alarm: Alarm) -> None:
        about = {
            "alarm_id": alarm.id,
            "call_id": alarm.call_id,
            "alarm_kind": alarm.kind,
            "code": alarm.code,
            "severity": alarm.severity,
            "status": alarm.status,
        }
        for unit_id in {alarm.unit_id, alarm.escalated_to_unit_id or alarm.unit_id}:
            self._unit.tell(TOPIC, "AlarmChanged", unit_id=unit_id, **about)

    def _view(self, row: AlarmRow) -> AlarmView:
        return AlarmView(row, self._name(row.name_sealed), self._name(row.answered_by_sealed))

    def _name(self, sealed: bytes | None) -> str | None:
        return self._unit.open(NAME, sealed) if sealed is not None else None

    def _sight(self) -> ColumnElement[bool]:
        reach, caller = self._unit.rights.of(Permission.ALARMS_ANSWER), self._unit.caller
        return or_(
            in_reach(reach, caller, Alarm.unit_id, Alarm.person_id),
            in_reach(reach, caller, Alarm.escalated_to_unit_id, Alarm.person_id),
        )

    def _conditions(self, wanted: AlarmFilter) -> list[ColumnElement[bool]]:
        conditions = [self._sight()]
        if wanted.statuses:
            conditions.append(Alarm.status.in_(wanted.statuses))
        if wanted.unit_id is not None:
            conditions.append(or_(Alarm.unit_id == wanted.unit_id, Alarm.escalated_to_unit_id == wanted.unit_id))
        if wanted.person_id is not None:
            conditions.append(Alarm.person_id == wanted.person_id)
        if wanted.call_id is not None:
            conditions.append(Alarm.call_id == wanted.call_id)
        if wanted.code is not None:
            conditions.append(Alarm.code == wanted.code)
        if wanted.since is not None:
            conditions.append(Alarm.at >= wanted.since)
        if wanted.until is not None:
            conditions.append(Alarm.at < wanted.until)
        return conditions
