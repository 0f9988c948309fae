"""What the network said before it cleared a call becomes text, and the text tells of the number."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from anmi.casework.cases.models import Case
from anmi.casework.debtors.models import Phone
from anmi.core.call_events import CallAsked, CallEvent, DialPermitted, LegAnswered, LegCreated, LegEnded, LegsConnected
from anmi.core.call_legs import Ending, Evidence, Leg, Role, Source
from anmi.core.call_stages import DEBTOR
from anmi.core.number_state import NumberState
from anmi.core.ports.speech import Track, Transcript, Utterance
from anmi.entrypoints.wiring import House
from anmi.kit.caller import the_system
from anmi.kit.jobs import Run
from anmi.kit.unit_of_work import Units
from anmi.quality.inspections.models import CallInspection
from anmi.quality.inspections.tasks import INSPECT
from anmi.telephony.calls.keeping import keep
from anmi.telephony.calls.models import Call
from anmi.telephony.calls.service import Calls
from anmi.telephony.transcripts.service import Transcripts
from tests.builders.people import Agency, signed_in_as
from tests.builders.phone import a_recording, tones

AGENT = Leg(Role.AGENT)
UP = (LegCreated(AGENT), LegAnswered(AGENT), DialPermitted(None), LegCreated(DEBTOR))
ANSWERED = (LegAnswered(DEBTOR), LegsConnected((AGENT, DEBTOR)))
VAGUE = LegEnded(DEBTOR, Ending.UNREACHABLE, Evidence(Source.SIP, sip=480))
GONE = LegEnded(AGENT, Ending.RELEASED)
SUSPENDED = "您好您所不打的号码与停机。"

Hear = Callable[..., Awaitable[None]]


@pytest.fixture
async def call(client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID, case: Case, phone: Phone) -> Call:
    await signed_in_as(client, units, agency, mei)
    click = {"case_id": str(case.id), "phone_id": str(phone.id)}
    placed = (await client.post("/api/v1/workbench/calls", json=click)).json()
    async with units.begin(the_system(agency.tenant_id)) as unit:
        return await unit.session.get_one(Call, UUID(placed["call_id"]))


@pytest.fixture
def hear(units: Units, agency: Agency, call: Call) -> Hear:
    """Live the call."""

    async def hear(*events: CallEvent) -> None:
        async with units.begin(the_system(agency.tenant_id)) as unit:
            row = await unit.session.get_one(Call, call.id)
            assert row.agent_id is not None
            kept = await Calls(unit).replay(row)
            for event in (CallAsked(row.agent_id), *events):
                kept, _ = await keep(unit, kept, event, unit.now)

    return hear


@pytest.fixture
def listen(units: Units, house: House, agency: Agency, call: Call, tmp_path: Path) -> Hear:
    """Keep the sound of the call, and write what the recogniser made of it."""

    async def listen(said: str) -> None:
        recording_id = await a_recording(units, house.vault, agency, call, tmp_path / "raw", tones(1.0))
        async with units.begin(the_system(agency.tenant_id)) as unit:
            await Transcripts(unit).ask(recording_id, call.id)
        async with units.begin(the_system(agency.tenant_id)) as unit:
            track = Track(0, (Utterance(0.5, 3.0, said, 0.8),))
            await Transcripts(unit).write(call.id, Transcript((track, Track(1, ())), 4.0, "a stand-in"))

    return listen


async def state_of(units: Units, agency: Agency, phone: Phone) -> tuple[NumberState | None, str | None]:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        row = await unit.session.get_one(Phone, phone.id)
        return row.state, row.state_source


async def test_a_suspended_number_that_only_words_tell_of_is_known_as_suspended(
    units: Units, agency: Agency, phone: Phone, call: Call, hear: Hear, listen: Hear
) -> None:
    await hear(*UP, VAGUE, GONE)
    assert await state_of(units, agency, phone) == (NumberState.UNREACHABLE, "call")
    await listen(SUSPENDED)
    assert await state_of(units, agency, phone) == (NumberState.SUSPENDED, "call")
    async with units.begin(the_system(agency.tenant_id)) as unit:
        row = await unit.session.get_one(Call, call.id)
        assert (row.ending, row.number_state) == (Ending.SUSPENDED, NumberState.SUSPENDED)
        assert row.evidence == {"source": "announcement", "sip": 480, "announcement": "words"}
        told = (await Calls(unit).replay(row)).record
    assert (told.ending, told.number_state, told.ended_at) == (row.ending, row.number_state, row.ended_at)


@pytest.mark.parametrize(("after", "stands"), [(-60, NumberState.SUSPENDED), (60, NumberState.EMPTY)])
async def test_what_a_person_says_of_the_number_after_the_call_stands(
    units: Units, agency: Agency, phone: Phone, hear: Hear, listen: Hear, after: int, stands: NumberState
) -> None:
    await hear(*UP, VAGUE, GONE)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        row = await unit.session.get_one(Phone, phone.id)
        row.state, row.state_source = NumberState.EMPTY, "collector"
        row.state_at = unit.now + timedelta(seconds=after)
    await listen(SUSPENDED)
    assert (await state_of(units, agency, phone))[0] is stands


async def test_a_debtor_who_speaks_like_an_announcement_is_none(
    units: Units, agency: Agency, phone: Phone, hear: Hear, listen: Hear
) -> None:
    await hear(*UP, *ANSWERED, LegEnded(DEBTOR, Ending.HUNG_UP, Evidence(Source.CAUSE, cause=16)), GONE)
    await listen(SUSPENDED)
    assert (await state_of(units, agency, phone))[0] is NumberState.ACTIVE


async def test_while_a_leg_still_goes_the_journal_is_its_engines(
    units: Units, agency: Agency, phone: Phone, hear: Hear, listen: Hear
) -> None:
    await hear(*UP, VAGUE)
    await listen(SUSPENDED)
    assert (await state_of(units, agency, phone))[0] is NumberState.UNREACHABLE


@pytest.mark.parametrize(("events", "inspected"), [((VAGUE,), 0), ((*ANSWERED, VAGUE), 1)])
async def test_an_announcement_is_nobodys_conduct(
    units: Units,
    house: House,
    agency: Agency,
    call: Call,
    hear: Hear,
    listen: Hear,
    events: tuple[CallEvent, ...],
    inspected: int,
) -> None:
    await hear(*UP, *events, GONE)
    await listen(SUSPENDED)
    await INSPECT.work(Run(units, the_system(agency.tenant_id), 0), str(call.id), inspectors=house.inspector)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        assert len((await unit.session.scalars(select(CallInspection))).all()) == inspected
