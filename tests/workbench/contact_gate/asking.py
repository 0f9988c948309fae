"""Asking the gate, in tests: a collector with valid training, her case, and one attempt after the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from anmi.casework.cases.models import Case
from anmi.casework.debtors.models import Debtor, Phone
from anmi.core.contact_rules.facts import Channel, Outcome, Purpose
from anmi.identity.people.models import Person
from anmi.kit.caller import the_system
from anmi.kit.unit_of_work import Units
from anmi.workbench.contact_gate.service import ContactAsked, ContactGate, Decision
from tests.builders.cases import a_case, a_debtor, a_phone
from tests.builders.people import Agency, a_person, an_agency, as_caller


@dataclass(frozen=True, slots=True)
class Desk:
    """A collector at her desk, with one case before her."""

    units: Units
    agency: Agency
    collector_id: UUID
    debtor: Debtor
    case: Case
    phone: Phone

    async def ask(self, phone: Phone | None = None, case: Case | None = None, **asked: Any) -> Decision:
        """Ask for a contact, by default a call to the debtor's own number."""
        facts = {"channel": Channel.VOICE_INTERACTIVE, "purpose": Purpose.COLLECT} | asked
        if "address_id" not in facts:
            facts["phone_id"] = (phone or self.phone).id
        async with self.units.begin(await as_caller(self.units, self.agency, self.collector_id)) as unit:
            return await ContactGate(unit).reserve(ContactAsked((case or self.case).id, **facts))

    async def end(self, decision: Decision, outcome: Outcome, **told: Any) -> None:
        """Tell the outcome of an attempt."""
        async with self.units.begin(await as_caller(self.units, self.agency, self.collector_id)) as unit:
            await ContactGate(unit).end(decision.id, outcome, **told)


async def a_trained_collector(units: Units, agency: Agency, until: date | None = date(2027, 1, 1)) -> UUID:
    """Make a collector who was trained, and may work until a day."""
    person_id = await a_person(units, agency, "collector")
    async with units.begin(the_system(agency.tenant_id)) as unit:
        (await unit.session.get_one(Person, person_id)).training_valid_until = until
    return person_id


async def a_desk(units: Units, trained_until: date | None = date(2027, 1, 1)) -> Desk:
    """Set a collector before a case that may be called."""
    agency = await an_agency(units)
    collector_id = await a_trained_collector(units, agency, trained_until)
    debtor = await a_debtor(units, agency)
    case = await a_case(units, agency, holder=collector_id, debtor=debtor)
    return Desk(units, agency, collector_id, debtor, case, await a_phone(units, agency, debtor))
