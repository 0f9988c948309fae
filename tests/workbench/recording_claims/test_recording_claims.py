"""What a case says of how long the recordings of its calls are kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from anmi.casework.cases.models import Case
from anmi.casework.concessions.models import PaymentPlan
from anmi.casework.creditors.models import CreditorTerms
from anmi.casework.holds.models import Hold
from anmi.core.contact_rules.facts import Effect, HoldReason
from anmi.core.keep_for import Claim, Ground
from anmi.entrypoints.job_kinds import job_kinds
from anmi.entrypoints.wiring import House
from anmi.kit.caller import the_system
from anmi.kit.db import Base
from anmi.kit.ids import new_id
from anmi.kit.jobs import Run
from anmi.kit.unit_of_work import Units
from anmi.telephony.recordings.models import Recording, RecordingState
from anmi.workbench.recording_claims.service import CASE, CaseClaims
from tests.builders.cases import a_case
from tests.builders.house import Watch
from tests.builders.people import Agency, an_agency
from tests.builders.phone import a_call, a_recording, tones


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


@pytest.fixture
async def case(units: Units, agency: Agency) -> Case:
    return await a_case(units, agency)


async def written(units: Units, agency: Agency, row: Base) -> None:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        unit.session.add(row)


async def claim_of(units: Units, agency: Agency, case: Case) -> Claim:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        return (await CaseClaims().on(unit, CASE, [case.id]))[case.id]


def a_hold(units: Units, agency: Agency, case: Case, reason: HoldReason) -> Hold:
    return Hold(
        id=new_id(),
        tenant_id=agency.tenant_id,
        case_id=case.id,
        reason=reason,
        effect=next(iter(Effect)),
        note="",
        placed_at=units.clock(),
        version=1,
    )


async def test_a_contract_may_ask_for_longer(units: Units, agency: Agency, case: Case) -> None:
    assert await claim_of(units, agency, case) == Claim(60)
    terms = CreditorTerms(
        id=new_id(),
        tenant_id=agency.tenant_id,
        creditor_id=case.creditor_id,
        effective_from=date(2026, 1, 1),
        body={"keep_for_months": 120},
        version=1,
    )
    await written(units, agency, terms)
    assert await claim_of(units, agency, case) == Claim(120)


@pytest.mark.parametrize(
    ("reason", "grounds"),
    [
        (HoldReason.COMPLAINT, {Ground.COMPLAINT}),
        (HoldReason.DISPUTE, {Ground.DISPUTE}),
        (HoldReason.HARDSHIP, set[Ground]()),
    ],
)
async def test_a_complaint_and_a_dispute_keep_them_for_as_long_as_they_last(
    units: Units, agency: Agency, case: Case, reason: HoldReason, grounds: set[Ground]
) -> None:
    await written(units, agency, a_hold(units, agency, case, reason))
    assert (await claim_of(units, agency, case)).grounds == grounds


async def test_an_agreement_by_word_of_mouth_keeps_them_until_the_debt_is_settled(
    units: Units, agency: Agency, case: Case
) -> None:
    plan = PaymentPlan(
        id=new_id(),
        tenant_id=agency.tenant_id,
        case_id=case.id,
        total_fen=100,
        state="open",
        signed_on=date(2026, 3, 1),
        is_oral=True,
        version=1,
    )
    await written(units, agency, plan)
    assert (await claim_of(units, agency, case)).grounds == {Ground.ORAL_AGREEMENT}
    async with units.begin(the_system(agency.tenant_id)) as unit:
        (await unit.session.get_one(Case, case.id)).owing_fen = 0
    assert (await claim_of(units, agency, case)).grounds == set()


async def test_of_anything_but_a_case_nothing_is_claimed(units: Units, agency: Agency, case: Case) -> None:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        assert await CaseClaims().on(unit, "other", [case.id]) == {}
        assert await CaseClaims().on(unit, CASE, [new_id()]) == {}


async def recording_of(units: Units, agency: Agency, recording_id: UUID) -> Recording:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        return await unit.session.get_one(Recording, recording_id)


async def test_after_five_years_a_recording_in_dispute_stays_and_goes_once_it_is_over(
    units: Units, house: House, agency: Agency, case: Case, watch: Watch, tmp_path: Path
) -> None:
    call = await a_call(units, agency, subject_id=case.id)
    recording_id = await a_recording(units, house.vault, agency, call, tmp_path, tones(0.1))
    hold = a_hold(units, agency, case, HoldReason.DISPUTE)
    await written(units, agency, hold)
    (delete,) = [kind for kind in job_kinds(house) if kind.name == "recordings.delete"]
    watch.pass_by(days=5 * 366)
    await delete.work(Run(units, the_system(agency.tenant_id), 0))
    assert (await recording_of(units, agency, recording_id)).state is RecordingState.WAITING
    async with units.begin(the_system(agency.tenant_id)) as unit:
        (await unit.session.get_one(Hold, hold.id)).lifted_at = unit.now
    await delete.work(Run(units, the_system(agency.tenant_id), 0))
    assert (await recording_of(units, agency, recording_id)).state is RecordingState.DELETED
