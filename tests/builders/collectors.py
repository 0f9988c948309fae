"""Collectors for tests: each at her phone with a case that may be called, and the motions of a call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from anmi.casework.cases.models import Case
from anmi.casework.debtors.models import Phone
from anmi.core.agent_life import AgentState
from anmi.core.call_views import CallPhase
from anmi.core.rights import EVERYTHING
from anmi.identity.people.models import Person
from anmi.kit.caller import Caller, the_system
from anmi.kit.unit_of_work import Units
from anmi.telephony.agents.models import Agent
from anmi.telephony.calls.models import Call
from anmi.workbench.calling.service import Calling, Placed, number_of
from tests.builders.cases import a_case, a_debtor, a_phone
from tests.builders.people import Agency, a_person
from tests.builders.phone_floor import WITHIN, an_agent, as_person, the_call, until


@dataclass
class Desk:
    """A collector at her phone, with a case."""

    units: Units
    agency: Agency
    person_id: UUID
    agent: Agent
    case: Case
    phone: Phone

    @property
    def caller(self) -> Caller:
        return as_person(self.agency, self.person_id, EVERYTHING)

    async def dial(self) -> Placed:
        """Click."""
        async with self.units.begin(self.caller) as unit:
            return await Calling(unit).place(self.case.id, self.phone.id, None)

    async def call(self) -> UUID:
        """Click, and be allowed."""
        placed = await self.dial()
        assert placed.call is not None, placed.decision
        return placed.call.id

    async def digits(self) -> str:
        """Return the debtor's number."""
        async with self.units.begin(the_system(self.agency.tenant_id)) as unit:
            return number_of(unit, self.phone).digits

    async def in_phase(self, call_id: UUID, *phases: CallPhase, within: float = WITHIN) -> Call:
        """Wait until a call has come so far."""

        async def there() -> Call | None:
            call = await the_call(self.units, self.agency, call_id)
            return call if call.phase in phases else None

        found: Call = await until(there, within)
        return found

    async def in_state(self, state: AgentState) -> None:
        """Wait until the agent stands there."""

        async def there() -> bool:
            async with self.units.begin(the_system(self.agency.tenant_id)) as unit:
                return (await unit.session.get_one(Agent, self.agent.id)).state is state

        await until(there)


async def a_desk(units: Units, agency: Agency, engine_id: UUID, mobile: str | None = None) -> Desk:
    """Seat a collector at her phone, or at her own mobile, with a case of one number."""
    person_id = await a_person(units, agency, "collector")
    agent = await an_agent(units, agency, person_id, engine_id, mobile=mobile)
    debtor = await a_debtor(units, agency)
    phone = await a_phone(units, agency, debtor)
    case = await a_case(units, agency, holder=person_id, debtor=debtor)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        person = await unit.session.get_one(Person, person_id)
        person.training_valid_until = (unit.now + timedelta(days=300)).date()
    return Desk(units, agency, person_id, agent, case, phone)
