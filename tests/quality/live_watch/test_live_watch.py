"""What stands of a live call is read by whoever is on it and whoever may monitor it; the agency says how it watches."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from anmi.casework.holds.models import Hold
from anmi.core.alarms import DebtorSignal, Help
from anmi.core.audit_actions import AuditAction
from anmi.core.contact_rules.facts import HoldReason
from anmi.core.inspection.model import Severity
from anmi.core.live_watch import ChecklistChanged, LineSaid
from anmi.core.live_watch_policy import WatchPolicy
from anmi.core.live_watch_views import Check, CheckState, NotHeard, SaidLine, Side, Signalled, Warned
from anmi.core.permissions import Scope
from anmi.core.work_orders import WorkOrderKind
from anmi.kit.audit import AuditEntry
from anmi.kit.caller import the_system
from anmi.kit.errors import NotFound, StaleVersion
from anmi.kit.unit_of_work import Units
from anmi.quality.live_watch.helping import Helping, NoCaseToHelp, NoSignal
from anmi.quality.live_watch.keeping import Keeping
from anmi.quality.live_watch.models import HearingState, Watcher
from anmi.quality.live_watch.policy import NotCritical, WatchPolicies
from anmi.quality.live_watch.service import LiveWatch, Watchers
from anmi.quality.packs.service import Packs
from anmi.telephony.calls.models import Call
from anmi.workbench.work_orders.models import WorkOrder
from tests.builders.cases import a_case, a_debtor
from tests.builders.people import a_person, a_unit
from tests.builders.phone import a_call
from tests.quality.conftest import By, Floor

CARD = "卡号六二二二零二一二三四五六七八九零"


@pytest.fixture
async def call(units: Units, floor: Floor) -> Call:
    """A live call of the collector's about a case, watched, with two lines, a warning and a signal."""
    case = await a_case(units, floor.agency, debtor=await a_debtor(units, floor.agency))
    call = await a_call(
        units, floor.agency, person_id=floor.collector, unit_id=floor.team, is_over=False, subject_id=case.id
    )
    async with units.begin(the_system(floor.agency.tenant_id)) as unit:
        await Watchers(unit).beat("main", "whisper-base", 1)
        await Keeping(unit).take_up(call, await Packs(unit).in_force())
        first, second = SaidLine(Side.AGENT, 0.5, 2.0, CARD), SaidLine(Side.DEBTOR, 2.5, 4.0, "我得了癌症")
        warned = Warned("V09", "私收还款", Severity.CRITICAL, "转到我卡上", 0.5)
        signalled = Signalled(DebtorSignal.ILLNESS, "我得了癌症", 2.5, Help.PAUSE_CASE)
        checklist = ChecklistChanged((Check("P01", CheckState.MISSED), Check("P03", CheckState.MET, 0.5)))
        await Keeping(unit).keep(call, [LineSaid(first), checklist, warned], 1, 60)
        await Keeping(unit).keep(call, [LineSaid(second), signalled], 2, 60)
    return call


async def test_the_agent_and_her_supervisor_read_what_stands_and_others_do_not(
    units: Units, floor: Floor, by: By, call: Call
) -> None:
    for person in (floor.collector, floor.supervisor, floor.inspector):
        async with by(person) as unit:
            view = await LiveWatch(unit).of_call(call.id)
        assert (view.is_heard, view.why_not, len(view.lines)) == (True, None, 2)
        assert [warning["code"] for warning in view.warnings] == ["V09"]
    other_team = await a_unit(units, floor.agency, name="二组")
    stranger = await a_person(units, floor.agency, "supervisor", unit_id=other_team, scope=Scope.TEAM)
    for person in (floor.colleague, stranger, floor.owner):
        async with by(person) as unit:
            with pytest.raises(NotFound):
                await LiveWatch(unit).of_call(call.id)


async def test_long_numbers_are_masked_for_those_without_the_right(floor: Floor, by: By, call: Call) -> None:
    async with by(floor.collector) as unit:
        (line, _) = (await LiveWatch(unit).of_call(call.id)).lines
        assert line.is_masked
        assert CARD not in line.text
    async with by(floor.supervisor) as unit:
        (line, _) = (await LiveWatch(unit).of_call(call.id)).lines
        assert (line.text, line.is_masked) == (CARD, False)


async def test_a_page_asks_for_the_lines_it_has_not_seen(floor: Floor, by: By, call: Call) -> None:
    async with by(floor.collector) as unit:
        assert [line.number for line in (await LiveWatch(unit).of_call(call.id, above=1)).lines] == [2]


@pytest.mark.parametrize(
    ("state", "silent_for", "model", "why_not"),
    [
        (HearingState.HEARD, 0, "whisper-base", None),
        (HearingState.OVERLOADED, 0, "whisper-base", NotHeard.OVERLOADED),
        (HearingState.LOST, 0, "whisper-base", NotHeard.NOT_YET),
        (HearingState.HEARD, 60, "whisper-base", NotHeard.NOT_YET),
        (HearingState.HEARD, 600, "whisper-base", NotHeard.OFF),
        (HearingState.HEARD, 0, None, NotHeard.OFF),
    ],
)
async def test_why_nothing_is_heard_is_said(
    units: Units,
    floor: Floor,
    by: By,
    call: Call,
    state: HearingState,
    silent_for: int,
    model: str | None,
    why_not: NotHeard | None,
) -> None:
    async with units.begin(the_system(floor.agency.tenant_id)) as unit:
        await Keeping(unit).keep_state(call, state)
        await Watchers(unit).beat("main", model, 1)
        for watcher in await unit.session.scalars(select(Watcher)):
            watcher.seen_at = unit.now - timedelta(seconds=silent_for)
    async with by(floor.collector) as unit:
        assert (await LiveWatch(unit).of_call(call.id)).why_not == why_not


# ── help ──


async def test_a_sick_debtors_case_is_paused_by_her_agent_with_one_click(
    units: Units, floor: Floor, by: By, call: Call
) -> None:
    for _ in range(2):
        async with by(floor.collector) as unit:
            await Helping(unit).give(call.id, DebtorSignal.ILLNESS)
    async with units.begin(the_system(floor.agency.tenant_id)) as unit:
        (hold,) = (await unit.session.scalars(select(Hold))).all()
        actions = (await unit.session.scalars(select(AuditEntry.action))).all()
    assert (hold.case_id, hold.reason) == (call.subject_id, HoldReason.HARDSHIP)
    assert AuditAction.SIGNAL_HELPED in actions
    async with by(floor.collector) as unit:
        assert [signal["is_given"] for signal in (await LiveWatch(unit).of_call(call.id)).signals] == [True]


async def test_a_complaint_becomes_a_work_order(units: Units, floor: Floor, by: By, call: Call) -> None:
    async with units.begin(the_system(floor.agency.tenant_id)) as unit:
        signalled = Signalled(DebtorSignal.COMPLAINT, "我要投诉你们", 6.0, Help.WORK_ORDER)
        await Keeping(unit).keep(call, [signalled], 2, 60)
    async with by(floor.supervisor) as unit:
        await Helping(unit).give(call.id, DebtorSignal.COMPLAINT)
    async with units.begin(the_system(floor.agency.tenant_id)) as unit:
        (order,) = (await unit.session.scalars(select(WorkOrder))).all()
    assert (order.kind, order.case_id, order.call_id) == (WorkOrderKind.COMPLAINT, call.subject_id, call.id)


async def test_no_help_is_given_for_what_nobody_said_nor_without_a_case(
    units: Units, floor: Floor, by: By, call: Call
) -> None:
    async with by(floor.collector) as unit:
        with pytest.raises(NoSignal):
            await Helping(unit).give(call.id, DebtorSignal.DESPAIR)
    async with units.begin(the_system(floor.agency.tenant_id)) as unit:
        (await unit.session.get_one(Call, call.id)).subject_id = None
    async with by(floor.collector) as unit:
        with pytest.raises(NoCaseToHelp):
            await Helping(unit).give(call.id, DebtorSignal.ILLNESS)


# ── policy ──


async def test_the_owner_says_what_ends_a_call_and_the_log_remembers(floor: Floor, by: By, units: Units) -> None:
    wanted = WatchPolicy({"V01": 1}, frozenset({DebtorSignal.ILLNESS}), 30, 15, 900)
    async with by(floor.owner) as unit:
        assert await WatchPolicies(unit).current() == (WatchPolicy(), 0)
        assert await WatchPolicies(unit).set(wanted, 0) == (wanted, 1)
    async with by(floor.owner) as unit:
        assert await WatchPolicies(unit).current() == (wanted, 1)
        with pytest.raises(StaleVersion):
            await WatchPolicies(unit).set(WatchPolicy(), 0)
    async with units.begin(the_system(floor.agency.tenant_id)) as unit:
        actions = (await unit.session.scalars(select(AuditEntry.action))).all()
    assert AuditAction.WATCH_POLICY_CHANGED in actions


@pytest.mark.parametrize("code", ["V07", "V13", "V18", "V99"])
async def test_no_call_is_ended_for_what_is_not_critical(floor: Floor, by: By, code: str) -> None:
    async with by(floor.owner) as unit:
        with pytest.raises(NotCritical):
            await WatchPolicies(unit).set(WatchPolicy({code: 1}), 0)
