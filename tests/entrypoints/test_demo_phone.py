"""The demo's phone floor: extensions, one line that leads nowhere real, and numbers that are nobody's."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from anmi.core.caller_id_choice import Place
from anmi.entrypoints.demo_phone import AREAS, WHOLE_COUNTRY, seed_phone_floor
from anmi.entrypoints.wiring import House
from anmi.kit.caller import the_system
from anmi.kit.unit_of_work import Units
from anmi.telephony.agents.models import Agent
from anmi.telephony.caller_ids.models import CallerId
from anmi.telephony.caller_ids.service import CallerIds
from anmi.telephony.trunks.models import Trunk
from tests.builders.people import Agency, a_person, an_agency


@pytest.fixture
async def agency(units: Units, house: House) -> Agency:
    agency = await an_agency(units)
    for role in ("collector", "supervisor", "auditor"):
        await a_person(units, agency, role)
    for _ in range(2):
        async with units.begin(the_system(agency.tenant_id)) as unit:
            await seed_phone_floor(unit, house.settings)
    return agency


async def test_it_is_laid_out_once_however_often_the_demo_begins(units: Units, agency: Agency) -> None:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        counts = [
            await unit.session.scalar(select(func.count()).select_from(each)) for each in (Agent, Trunk, CallerId)
        ]
        assert counts == [2, 1, len(AREAS) + len(WHOLE_COUNTRY)]
        assert await unit.session.scalar(select(Trunk.is_rehearsal))


@pytest.mark.parametrize(
    ("place", "number"),
    [
        (Place("浙江", "杭州"), "057100000001"),
        (Place("广东", "深圳"), "075500000001"),
        (Place("西藏", "拉萨"), "95000001"),
        (Place(), "95000001"),
    ],
)
async def test_a_debtor_is_shown_a_number_of_her_city_or_of_the_whole_country(
    units: Units, agency: Agency, place: Place, number: str
) -> None:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        assert (await CallerIds(unit).choose(place, agency.root_id)).number == number


def test_behind_an_area_code_no_number_of_the_demo_could_be_anybodys() -> None:
    assert all(f"{area}00000001".removeprefix(area).startswith("0") for area in AREAS)
