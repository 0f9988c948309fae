"""The gate with real rows: every fact of the case, the debtor and the caller reaches the rule book."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from anmi.casework.debtors.models import Address, SuppressedNumber
from anmi.casework.holds.models import Hold, SpecialFlagRow
from anmi.casework.placements.models import PlacementState
from anmi.casework.promises.models import PromiseToPay
from anmi.core.case_life import State
from anmi.core.contact_rules.facts import Channel, Effect, HoldReason, Outcome, Purpose, Relation
from anmi.core.contact_rules.verdicts import Reason, Standing
from anmi.core.number_state import NumberState
from anmi.core.permissions import Scope
from anmi.kit.caller import the_system
from anmi.kit.db import Base
from anmi.kit.errors import NotFound
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import Units
from anmi.workbench.contact_gate.models import ContactAttempt
from anmi.workbench.contact_gate.service import AttemptEnded, ContactAsked, ContactGate, WrongChannel
from tests.builders.cases import a_case, a_debtor, a_phone, a_placement
from tests.builders.house import Watch
from tests.builders.people import a_person, an_agency, as_caller
from tests.workbench.contact_gate.asking import Desk, a_desk


@pytest.fixture
async def desk(units: Units) -> Desk:
    return await a_desk(units)


async def put(desk: Desk, row: Base) -> None:
    async with desk.units.begin(the_system(desk.agency.tenant_id)) as unit:
        unit.session.add(row)


def a_hold(desk: Desk, reason: HoldReason, effect: Effect = Effect.STOP, **facts: Any) -> Hold:
    return Hold(
        **{
            "id": new_id(),
            "tenant_id": desk.agency.tenant_id,
            "case_id": desk.case.id,
            "reason": reason,
            "effect": effect,
            "note": "",
            "placed_at": desk.units.clock(),
            "version": 1,
        }
        | facts
    )


async def test_an_allowed_call_is_kept_with_the_facts_it_stood_on(desk: Desk) -> None:
    decision = await desk.ask()
    assert decision.allowed
    async with desk.units.begin(the_system(desk.agency.tenant_id)) as unit:
        kept = await unit.session.get_one(ContactAttempt, decision.id)
    assert (kept.outcome, kept.by, kept.pack_version) == (Outcome.RESERVED, desk.collector_id, "2026-11-1")
    assert kept.facts["case_state"] == "in_collection"
    assert kept.facts["training_valid_until"] == "2027-01-01"
    assert kept.facts["history"] == {
        "contacts": 0,
        "effective_today": 0,
        "on_number_today": 0,
        "written": 0,
        "last_call_at": None,
    }


async def test_a_refused_call_is_kept_too_and_never_counts(desk: Desk, watch: Watch) -> None:
    watch.pass_by(hours=13)  # 23:00
    decision = await desk.ask()
    assert (decision.allowed, decision.rule_id, decision.reason) == (False, "HOURS_BAN", Reason.OUTSIDE_CALLING_WINDOW)
    assert (decision.reason_zh, decision.reason_en) == ("现在是禁催时段", "This is outside the calling window.")
    assert decision.until is not None
    assert decision.until.isoformat() == "2026-03-05T08:00:00+08:00"
    watch.pass_by(hours=9)
    assert (await desk.ask()).allowed


async def test_a_reserved_call_counts_as_the_worst_it_can_become(desk: Desk, watch: Watch) -> None:
    for _ in range(3):
        assert (await desk.ask()).allowed
        watch.pass_by(minutes=61)
    fourth = await desk.ask()
    assert (fourth.rule_id, fourth.until) == ("CALL_EFFECTIVE_CAP", fourth.until)
    assert fourth.until is not None
    assert fourth.until.isoformat() == "2026-03-05T08:00:00+08:00"


async def test_calls_nobody_answered_leave_room_for_more(desk: Desk, watch: Watch) -> None:
    for _ in range(3):
        await desk.end(await desk.ask(), Outcome.UNANSWERED)
        watch.pass_by(minutes=61)
    assert (await desk.ask()).allowed


async def test_calls_in_another_case_of_another_creditor_count_for_the_same_debtor(desk: Desk, watch: Watch) -> None:
    other = await a_case(desk.units, desk.agency, holder=desk.collector_id, debtor=desk.debtor)
    other_phone = await a_phone(desk.units, desk.agency, desk.debtor)
    for _ in range(3):
        await desk.end(await desk.ask(case=other, phone=other_phone), Outcome.EFFECTIVE)
        watch.pass_by(minutes=61)
    assert (await desk.ask()).rule_id == "CALL_EFFECTIVE_CAP"


async def test_a_number_two_debtors_share_is_not_dialed_more_often_for_it(desk: Desk, watch: Watch) -> None:
    other = await a_desk_beside(desk, number="13700009999")
    mine = await a_phone(desk.units, desk.agency, desk.debtor, "137-0000-9999")
    for _ in range(6):
        await other.end(await other.ask(), Outcome.UNANSWERED)
        watch.pass_by(minutes=61)
    assert (await desk.ask(phone=mine)).rule_id == "CALL_ATTEMPT_CAP"
    assert (await desk.ask()).allowed


async def a_desk_beside(desk: Desk, number: str) -> Desk:
    """Set the same collector before another debtor's case."""
    debtor = await a_debtor(desk.units, desk.agency, "李四明")
    case = await a_case(desk.units, desk.agency, holder=desk.collector_id, debtor=debtor)
    phone = await a_phone(desk.units, desk.agency, debtor, number)
    return Desk(desk.units, desk.agency, desk.collector_id, debtor, case, phone)


@pytest.mark.parametrize("until", [None, date(2026, 3, 3)])
async def test_a_collector_without_valid_training_calls_nobody(units: Units, until: date | None) -> None:
    assert (await (await a_desk(units, trained_until=until)).ask()).rule_id == "TRAINING"


async def test_a_third_party_is_asked_only_when_the_debtor_is_out_of_reach_and_never_to_pay(
    desk: Desk, watch: Watch
) -> None:
    aunt = await a_phone(desk.units, desk.agency, desk.debtor, relation=Relation.RELATED_THIRD_PARTY, name="王芳")
    assert (await desk.ask(phone=aunt)).rule_id in {"THIRD_NO_COLLECT", "THIRD_GATE"}
    assert (await desk.ask(phone=aunt, purpose=Purpose.LOCATE)).reason is Reason.DEBTOR_CAN_BE_REACHED
    for _ in range(3):
        await desk.end(await desk.ask(), Outcome.UNANSWERED)
        watch.pass_by(minutes=61)
    watch.pass_by(days=1)
    assert (await desk.ask(phone=aunt, purpose=Purpose.LOCATE)).allowed
    assert (await desk.ask(phone=aunt, purpose=Purpose.COLLECT)).rule_id == "THIRD_NO_COLLECT"


async def test_who_asked_to_stop_is_left_alone_on_all_of_her_numbers(desk: Desk) -> None:
    relation, stopped = Relation.RELATED_THIRD_PARTY, desk.units.clock()
    await a_phone(desk.units, desk.agency, desk.debtor, relation=relation, name="王芳", asked_to_stop_at=stopped)
    second = await a_phone(desk.units, desk.agency, desk.debtor, relation=relation, name="王芳")
    somebody_else = await a_phone(desk.units, desk.agency, desk.debtor, relation=relation, name="王兰")
    assert "THIRD_STOP" in (await desk.ask(phone=second, purpose=Purpose.LOCATE)).rule_ids
    assert "THIRD_STOP" not in (await desk.ask(phone=somebody_else, purpose=Purpose.LOCATE)).rule_ids


@pytest.mark.parametrize(
    ("reason", "effect", "rule_id"),
    [
        (HoldReason.COMPLAINT, Effect.STOP, "HOLD"),
        (HoldReason.DISPUTE, Effect.PAUSE, "DISPUTE_MARK"),
        (HoldReason.HARDSHIP, Effect.WRITTEN_ONLY, "HOLD"),
    ],
)
async def test_a_hold_on_the_case_stays_the_hand(desk: Desk, reason: HoldReason, effect: Effect, rule_id: str) -> None:
    await put(desk, a_hold(desk, reason, effect))
    assert (await desk.ask()).rule_id == rule_id


async def test_a_hold_about_the_person_holds_in_all_of_her_cases_and_one_about_the_debt_does_not(desk: Desk) -> None:
    other = await a_case(desk.units, desk.agency, holder=desk.collector_id, debtor=desk.debtor)
    await put(desk, a_hold(desk, HoldReason.DISPUTE, Effect.PAUSE, case_id=other.id))
    assert (await desk.ask()).allowed
    await put(desk, a_hold(desk, HoldReason.CEASE_REQUEST, Effect.STOP, case_id=other.id))
    assert (await desk.ask()).rule_id == "HOLD"


async def test_a_pause_ends_after_its_last_day(desk: Desk, watch: Watch) -> None:
    await put(desk, a_hold(desk, HoldReason.COMPLAINT, Effect.PAUSE, until=date(2026, 3, 5)))
    refused = await desk.ask()
    assert refused.until is not None
    assert refused.until.isoformat() == "2026-03-06T08:00:00+08:00"
    watch.pass_by(days=2)
    assert (await desk.ask()).allowed


async def test_a_special_group_is_spared(desk: Desk) -> None:
    flag = SpecialFlagRow(
        id=new_id(),
        tenant_id=desk.agency.tenant_id,
        debtor_id=desk.debtor.id,
        flag="severe_illness",
        note="",
        flagged_at=desk.units.clock(),
        version=1,
    )
    await put(desk, flag)
    assert (await desk.ask()).rule_id == "SPECIAL_GROUP"


async def test_a_suppressed_number_is_never_dialed(desk: Desk) -> None:
    await put(
        desk,
        SuppressedNumber(
            id=new_id(),
            tenant_id=desk.agency.tenant_id,
            number_sealed=b"",
            number_index=desk.phone.number_index,
            reason="",
            at=desk.units.clock(),
        ),
    )
    assert (await desk.ask()).rule_id == "SUPPRESSION_LIST"


async def test_a_number_without_a_lawful_source_or_known_to_be_dead_is_not_dialed(desk: Desk) -> None:
    bought = await a_phone(desk.units, desk.agency, desk.debtor, source="bought")
    dead = await a_phone(desk.units, desk.agency, desk.debtor, state=NumberState.EMPTY)
    assert (await desk.ask(phone=bought)).rule_id == "CONTACT_SOURCE"
    assert (await desk.ask(phone=dead)).rule_id == "NUMBER_STATE"


@pytest.mark.parametrize("state", [PlacementState.PAUSED, PlacementState.IMPORTING])
async def test_a_placement_that_is_not_active_is_not_worked(desk: Desk, state: PlacementState) -> None:
    placement = await a_placement(desk.units, desk.agency, state=state)
    case = await a_case(desk.units, desk.agency, holder=desk.collector_id, debtor=desk.debtor, placement=placement)
    assert (await desk.ask(case=case)).rule_id == "PLACEMENT"


async def test_a_case_on_hold_is_not_called(desk: Desk) -> None:
    case = await a_case(
        desk.units, desk.agency, holder=desk.collector_id, debtor=desk.debtor, state=State.COMPLAINT_FROZEN
    )
    assert (await desk.ask(case=case)).rule_id == "CASE_STATE"


async def test_the_day_a_promise_falls_due_opens_the_festival_for_a_reminder(desk: Desk, watch: Watch) -> None:
    watch.now -= timedelta(days=15)  # 17 February 2026 is the new year's day.
    await put(
        desk,
        PromiseToPay(
            id=new_id(),
            tenant_id=desk.agency.tenant_id,
            case_id=desk.case.id,
            amount_fen=100,
            due_on=date(2026, 2, 17),
            state="open",
            taken_at=watch.now,
            version=1,
        ),
    )
    assert (await desk.ask()).rule_id == "FESTIVAL_BAN"
    assert (await desk.ask(purpose=Purpose.REMIND)).allowed


async def test_a_letter_goes_to_an_address_once_a_week_and_a_visit_takes_two(desk: Desk, watch: Watch) -> None:
    address = Address(
        id=new_id(),
        tenant_id=desk.agency.tenant_id,
        debtor_id=desk.debtor.id,
        text_sealed=b"",
        kind="home",
        source="contract",
        created_at=desk.units.clock(),
    )
    await put(desk, address)
    letter = {"address_id": address.id, "channel": Channel.LETTER}
    assert (await desk.ask(**letter)).allowed
    assert (await desk.ask(**letter)).rule_id == "LETTER_CAP"
    visit = {"address_id": address.id, "channel": Channel.VISIT}
    assert (await desk.ask(**visit, visitors=1)).rule_id == "VISIT_TWO"
    assert (await desk.ask(**visit, visitors=2)).allowed
    with pytest.raises(WrongChannel):
        await desk.ask(channel=Channel.LETTER)


async def test_the_outcome_is_told_once_and_tells_of_the_number(desk: Desk) -> None:
    decision = await desk.ask()
    await desk.end(decision, Outcome.UNANSWERED, number_state=NumberState.EMPTY)
    with pytest.raises(AttemptEnded):
        await desk.end(decision, Outcome.EFFECTIVE)
    assert (await desk.ask()).rule_id == "NUMBER_STATE"


async def test_a_refused_attempt_has_no_outcome(desk: Desk, watch: Watch) -> None:
    watch.pass_by(hours=13)
    with pytest.raises(AttemptEnded):
        await desk.end(await desk.ask(), Outcome.UNANSWERED)


async def test_nobody_asks_for_a_case_out_of_her_reach_or_a_number_of_somebody_else(desk: Desk) -> None:
    stranger = await a_person(desk.units, desk.agency, "collector", scope=Scope.OWN)
    other = await a_desk_beside(desk, "13700008888")
    asked = ContactAsked(desk.case.id, Channel.VOICE_INTERACTIVE, Purpose.COLLECT, desk.phone.id)
    async with desk.units.begin(await as_caller(desk.units, desk.agency, stranger)) as unit:
        for refused in (ContactGate(unit).reserve(asked), ContactGate(unit).explain(desk.case.id)):
            with pytest.raises(NotFound):
                await refused
    with pytest.raises(NotFound):
        await desk.ask(phone=other.phone)
    elsewhere = await an_agency(desk.units)
    async with desk.units.begin(the_system(elsewhere.tenant_id)) as unit:
        with pytest.raises(NotFound):
            await ContactGate(unit).reserve(asked)


async def test_the_desk_is_told_for_each_number_why_not_and_from_when(desk: Desk) -> None:
    await a_phone(desk.units, desk.agency, desk.debtor, relation=Relation.RELATED_THIRD_PARTY, name="王芳")
    await desk.ask()
    async with desk.units.begin(await as_caller(desk.units, desk.agency, desk.collector_id)) as unit:
        told = await ContactGate(unit).explain(desk.case.id)
        attempts = len((await unit.session.scalars(select(ContactAttempt))).all())
    assert attempts == 1
    own, aunt = told.points
    call = own.channels[0]
    assert (call.channel, call.allowed, call.rule_id) == (Channel.VOICE_INTERACTIVE, False, "CALL_MIN_GAP")
    assert call.reason_zh == "距上次拨打时间过短"
    assert call.until == told.at + timedelta(minutes=60)
    in_the_way = [verdict for verdict in call.verdicts if verdict.standing is Standing.IN_THE_WAY]
    assert [(each.rule_id, each.zh) for each in in_the_way] == [("CALL_MIN_GAP", "最短拨打间隔")]
    assert own.channels[2].allowed
    assert aunt.channels[0].purpose is Purpose.LOCATE
    assert aunt.channels[0].reason is Reason.DEBTOR_CAN_BE_REACHED
