"""A collector at her phone, and a case of hers with a number to call."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from anmi.casework.cases.models import Case
from anmi.casework.debtors.models import Debtor, Phone
from anmi.core.permissions import Scope
from anmi.identity.people.models import Person
from anmi.kit.caller import the_system
from anmi.kit.unit_of_work import Units
from tests.builders.cases import a_case, a_debtor, a_phone
from tests.builders.people import Agency, a_person, an_agency
from tests.builders.phone_floor import a_line, a_well_engine, an_agent


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


@pytest.fixture
async def engine_id(units: Units, agency: Agency) -> UUID:
    await a_line(units, agency)
    return await a_well_engine(units)


@pytest.fixture
async def mei(units: Units, agency: Agency, engine_id: UUID) -> UUID:
    mei = await a_person(units, agency, "collector", scope=Scope.OWN)
    await an_agent(units, agency, mei, engine_id)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        person = await unit.session.get_one(Person, mei)
        person.training_valid_until = (unit.now + timedelta(days=300)).date()
    return mei


@pytest.fixture
async def phone(units: Units, agency: Agency) -> Phone:
    return await a_phone(units, agency, await a_debtor(units, agency))


@pytest.fixture
async def case(units: Units, agency: Agency, mei: UUID, phone: Phone) -> Case:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        debtor = await unit.session.get_one(Debtor, phone.debtor_id)
    return await a_case(units, agency, holder=mei, debtor=debtor)
