"""A contact that was reserved is made a little later: the gate is asked once more, on the facts of that moment."""

from __future__ import annotations

from uuid import UUID

import pytest

from anmi.casework.holds.models import Hold
from anmi.core.contact_rules.facts import Channel, Effect, HoldReason, Outcome, Purpose
from anmi.core.contact_rules.verdicts import Reason
from anmi.identity.people.models import Person
from anmi.kit.caller import the_system
from anmi.kit.errors import NotFound
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import Units
from anmi.workbench.contact_gate.models import ContactAttempt
from anmi.workbench.contact_gate.service import AttemptEnded, ContactGate, Decision
from tests.builders.cases import a_phone
from tests.builders.house import Watch
from tests.builders.people import an_agency
from tests.workbench.contact_gate.asking import Desk, a_desk, a_trained_collector


@pytest.fixture
async def desk(units: Units) -> Desk:
    return await a_desk(units)


async def confirm(desk: Desk, reserved: Decision, person_id: UUID | None = None) -> Decision:
    """Ask once more, as the engine does when it is about to dial."""
    async with desk.units.begin(the_system(desk.agency.tenant_id)) as unit:
        return await ContactGate(unit).confirm(reserved.id, person_id or desk.collector_id)


async def kept(desk: Desk, decision: Decision) -> ContactAttempt:
    async with desk.units.begin(the_system(desk.agency.tenant_id)) as unit:
        return await unit.session.get_one(ContactAttempt, decision.id)


async def hold(desk: Desk) -> None:
    async with desk.units.begin(the_system(desk.agency.tenant_id)) as unit:
        unit.session.add(
            Hold(
                id=new_id(),
                tenant_id=desk.agency.tenant_id,
                case_id=desk.case.id,
                reason=HoldReason.CEASE_REQUEST,
                effect=Effect.STOP,
                note="",
                placed_at=desk.units.clock(),
                version=1,
            )
        )


async def test_its_own_reservation_does_not_stand_in_the_way(desk: Desk, watch: Watch) -> None:
    reserved = await desk.ask()
    assert (await desk.ask()).rule_id == "CALL_MIN_GAP"
    watch.pass_by(seconds=20)
    confirmed = await confirm(desk, reserved)
    assert (confirmed.id, confirmed.allowed, confirmed.at) == (reserved.id, True, watch.now)
    attempt = await kept(desk, reserved)
    assert (attempt.allowed, attempt.outcome, attempt.confirmed_at) == (True, Outcome.RESERVED, watch.now)
    assert attempt.confirmation_facts is not None
    assert (attempt.facts["history"]["contacts"], attempt.confirmation_facts["history"]["contacts"]) == (0, 0)


async def test_the_pause_between_two_calls_begins_when_the_first_was_really_made(desk: Desk, watch: Watch) -> None:
    reserved = await desk.ask()
    watch.pass_by(minutes=10)
    confirmed = await confirm(desk, reserved)
    await desk.end(reserved, Outcome.UNANSWERED)
    next_one = await desk.ask()
    assert next_one.until is not None
    assert (next_one.until - confirmed.at).total_seconds() == 60 * 60


async def test_a_hold_placed_meanwhile_ends_it_and_it_counts_for_nothing(desk: Desk, watch: Watch) -> None:
    reserved = await desk.ask()
    await hold(desk)
    refused = await confirm(desk, reserved)
    assert (refused.allowed, refused.rule_id, refused.reason) == (False, "HOLD", Reason.STOPPED)
    assert refused.reason_zh
    attempt = await kept(desk, reserved)
    assert (attempt.allowed, attempt.rule_id, attempt.reason) == (False, "HOLD", Reason.STOPPED)
    assert (attempt.outcome, attempt.confirmed_at, attempt.ended_at) == (None, None, watch.now)
    assert attempt.confirmation_facts is not None
    assert [each[0] for each in attempt.confirmation_facts["holds"]] == ["cease_request"]
    assert attempt.facts["holds"] == []
    with pytest.raises(AttemptEnded):
        await confirm(desk, reserved)
    with pytest.raises(AttemptEnded):
        await desk.end(reserved, Outcome.UNANSWERED)
    assert "CALL_MIN_GAP" not in (await desk.ask()).rule_ids


async def test_when_the_hours_have_ended_meanwhile_nobody_is_called(desk: Desk, watch: Watch) -> None:
    watch.pass_by(hours=11, minutes=59)  # 21:59
    reserved = await desk.ask()
    assert reserved.allowed
    watch.pass_by(minutes=1)
    refused = await confirm(desk, reserved)
    assert (refused.rule_id, refused.reason) == ("HOURS_BAN", Reason.OUTSIDE_CALLING_WINDOW)
    watch.pass_by(hours=10)
    assert (await desk.ask()).allowed


async def test_a_contact_that_came_between_stands_in_the_way(desk: Desk, watch: Watch) -> None:
    reserved = await desk.ask()
    watch.pass_by(minutes=61)
    assert (await desk.ask()).allowed
    assert (await confirm(desk, reserved)).rule_id == "CALL_MIN_GAP"


async def test_nobody_makes_a_contact_that_somebody_else_has_reserved(desk: Desk) -> None:
    colleague = await a_trained_collector(desk.units, desk.agency)
    reserved = await desk.ask()
    with pytest.raises(NotFound):
        await confirm(desk, reserved, colleague)
    assert (await kept(desk, reserved)).confirmed_at is None
    assert (await confirm(desk, reserved)).allowed


async def test_training_that_has_run_out_meanwhile_is_seen(desk: Desk) -> None:
    reserved = await desk.ask()
    async with desk.units.begin(the_system(desk.agency.tenant_id)) as unit:
        (await unit.session.get_one(Person, desk.collector_id)).training_valid_until = None
    assert (await confirm(desk, reserved)).rule_id == "TRAINING"


async def test_what_has_ended_was_refused_or_belongs_to_another_agency_is_not_confirmed(
    desk: Desk, watch: Watch
) -> None:
    ended = await desk.ask()
    await desk.end(ended, Outcome.UNANSWERED)
    refused = await desk.ask()
    for decision in (ended, refused):
        with pytest.raises(AttemptEnded):
            await confirm(desk, decision)
    watch.pass_by(minutes=61)
    reserved = await desk.ask()
    elsewhere = await an_agency(desk.units)
    async with desk.units.begin(the_system(elsewhere.tenant_id)) as unit:
        with pytest.raises(NotFound):
            await ContactGate(unit).confirm(reserved.id)


async def test_what_is_confirmed_is_what_was_reserved(desk: Desk) -> None:
    second = await a_phone(desk.units, desk.agency, desk.debtor)
    reserved = await desk.ask(phone=second, channel=Channel.SMS, purpose=Purpose.REMIND)
    confirmed = await confirm(desk, reserved)
    assert (confirmed.channel, confirmed.purpose, confirmed.phone_id) == (Channel.SMS, Purpose.REMIND, second.id)
