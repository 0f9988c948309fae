"""An alarm is answered by somebody, or goes to the unit above; who has answered, and what, is remembered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from anmi.core.alarms import AlarmAnswer, AlarmKind, AlarmStatus
from anmi.core.audit_actions import AuditAction
from anmi.core.inspection.model import Severity
from anmi.core.permissions import Scope
from anmi.kit.audit import AuditEntry
from anmi.kit.caller import the_system
from anmi.kit.errors import NotFound, StaleVersion
from anmi.kit.live import LiveEvent
from anmi.kit.paging import Ask
from anmi.kit.unit_of_work import Units
from anmi.quality.alarms.models import Alarm
from anmi.quality.alarms.service import AlarmAnswered, AlarmFilter, Alarms, AlarmToRaise, NobodyAbove, OwnAlarm
from tests.builders.people import a_person, a_unit
from tests.builders.phone import a_call
from tests.quality.conftest import By, Floor

Raise = Callable[..., Awaitable[UUID]]


@pytest.fixture
def alarmed(units: Units, floor: Floor) -> Raise:
    """Raise an alarm about a call of the collector's, so many seconds ago."""

    async def alarmed(code: str = "V01", person_id: UUID | None = None, patience: int = 60) -> UUID:
        person_id = person_id or floor.collector
        call = await a_call(units, floor.agency, person_id=person_id, unit_id=floor.team, is_over=False)
        asked = AlarmToRaise(
            call.id, person_id, floor.team, AlarmKind.VIOLATION, code, Severity.CRITICAL, "威胁", "堵着你", 3000
        )
        async with units.begin(the_system(floor.agency.tenant_id)) as unit:
            return (await Alarms(unit).raise_one(asked, patience)).id

    return alarmed


async def late(units: Units, floor: Floor, *alarm_ids: UUID) -> int:
    """Let the time of alarms run out."""
    async with units.begin(the_system(floor.agency.tenant_id)) as unit:
        for alarm_id in alarm_ids:
            (await unit.session.get_one(Alarm, alarm_id)).deadline = unit.now - timedelta(seconds=1)
        await unit.session.flush()
        return await Alarms(unit).escalate_overdue()


async def test_a_supervisor_sees_the_alarm_of_her_team_and_answers_it(floor: Floor, by: By, alarmed: Raise) -> None:
    alarm_id = await alarmed()
    async with by(floor.supervisor) as unit:
        (view,), _ = await Alarms(unit).page(AlarmFilter(frozenset({AlarmStatus.OPEN})), Ask())
        assert (view.row.alarm.id, view.row.is_live, view.row.alarm.words) == (alarm_id, True, "堵着你")
        answered = await Alarms(unit).answer(alarm_id, 1, AlarmAnswer.TALKED_TO, "已当面提醒，电话13800138000")
        alarm = answered.row.alarm
        assert (alarm.status, alarm.answer, alarm.deadline) == (AlarmStatus.ANSWERED, AlarmAnswer.TALKED_TO, None)
        assert "13800138000" not in (alarm.note or "")
        assert answered.answered_by_name
    async with by(floor.supervisor) as unit:
        with pytest.raises(AlarmAnswered):
            await Alarms(unit).answer(alarm_id, 2, AlarmAnswer.LISTENED, None)


async def test_two_who_answer_at_once_do_not_overwrite_one_another(floor: Floor, by: By, alarmed: Raise) -> None:
    alarm_id = await alarmed()
    async with by(floor.supervisor) as unit:
        with pytest.raises(StaleVersion):
            await Alarms(unit).answer(alarm_id, 0, AlarmAnswer.LISTENED, None)


async def test_who_does_not_reach_the_team_does_not_see_its_alarms(
    units: Units, floor: Floor, by: By, alarmed: Raise
) -> None:
    alarm_id = await alarmed()
    other_team = await a_unit(units, floor.agency, name="二组")
    stranger = await a_person(units, floor.agency, "supervisor", unit_id=other_team, scope=Scope.TEAM)
    async with by(stranger) as unit:
        assert (await Alarms(unit).page(AlarmFilter(), Ask()))[0] == []
        with pytest.raises(NotFound):
            await Alarms(unit).answer(alarm_id, 1, AlarmAnswer.LISTENED, None)


async def test_nobody_answers_an_alarm_about_herself(floor: Floor, by: By, alarmed: Raise) -> None:
    alarm_id = await alarmed(person_id=floor.supervisor)
    async with by(floor.supervisor) as unit:
        with pytest.raises(OwnAlarm):
            await Alarms(unit).answer(alarm_id, 1, AlarmAnswer.UNFOUNDED, None)


async def test_an_alarm_nobody_answers_goes_to_the_unit_above_and_stays_at_the_top(
    units: Units, floor: Floor, by: By, alarmed: Raise
) -> None:
    alarm_id = await alarmed()
    head = await a_person(units, floor.agency, "supervisor", unit_id=floor.agency.root_id, scope=Scope.TEAM)
    async with by(head) as unit:
        with pytest.raises(NotFound):
            await Alarms(unit).get(alarm_id)
    assert await late(units, floor, alarm_id) == 1
    async with by(head) as unit:
        alarm = (await Alarms(unit).get(alarm_id)).row.alarm
        assert (alarm.status, alarm.escalated_to_unit_id) == (AlarmStatus.ESCALATED, floor.agency.root_id)
    assert await late(units, floor, alarm_id) == 1
    async with by(head) as unit:
        assert (await Alarms(unit).get(alarm_id)).row.alarm.deadline is None
        with pytest.raises(NobodyAbove):
            await Alarms(unit).escalate(alarm_id)
        answered = await Alarms(unit).answer(alarm_id, 3, AlarmAnswer.LISTENED, None)
        assert answered.row.alarm.status is AlarmStatus.ANSWERED


async def test_an_answered_alarm_is_not_handed_up(units: Units, floor: Floor, by: By, alarmed: Raise) -> None:
    alarm_id = await alarmed()
    async with by(floor.supervisor) as unit:
        await Alarms(unit).answer(alarm_id, 1, AlarmAnswer.LISTENED, None)
    async with units.begin(the_system(floor.agency.tenant_id)) as unit:
        assert await Alarms(unit).escalate_overdue() == 0


async def test_figures_say_how_many_were_answered_how_fast_and_what_was_unfounded(
    units: Units, floor: Floor, by: By, alarmed: Raise
) -> None:
    first, _, third = await alarmed(), await alarmed(), await alarmed("V02")
    async with by(floor.supervisor) as unit:
        await Alarms(unit).answer(first, 1, AlarmAnswer.UNFOUNDED, None)
        await Alarms(unit).escalate(third, "请经理处理")
    async with by(floor.supervisor) as unit:
        figures, by_code = await Alarms(unit).figures(AlarmFilter())
    assert (figures.alarms, figures.unanswered, figures.escalated) == (3, 2, 1)
    assert figures.median_seconds == 0
    assert [(each.code, each.alarms, each.unanswered, each.unfounded) for each in by_code] == [
        ("V01", 2, 1, 1),
        ("V02", 1, 1, 0),
    ]


async def test_the_wall_and_the_log_hear_of_it(units: Units, floor: Floor, by: By, alarmed: Raise) -> None:
    alarm_id = await alarmed()
    async with by(floor.supervisor) as unit:
        await Alarms(unit).answer(alarm_id, 1, AlarmAnswer.RELEASED, None)
    async with units.begin(the_system(floor.agency.tenant_id)) as unit:
        news = (await unit.session.scalars(select(LiveEvent).where(LiveEvent.topic == "alarms"))).all()
        actions = set((await unit.session.scalars(select(AuditEntry.action))).all())
    assert [event.about["status"] for event in news] == ["open", "answered"]
    assert all(
        event.about.keys() <= {"alarm_id", "call_id", "unit_id", "alarm_kind", "code", "severity", "status"}
        for event in news
    )
    assert AuditAction.ALARM_ANSWERED in actions
