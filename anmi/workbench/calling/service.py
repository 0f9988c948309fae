"""Calling: one click makes a call out of a case and a number. Asked at the gate at the click, and again at the dial."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anmi.casework.debtors.models import PHONE, Phone
from anmi.core.caller_id_choice import Place
from anmi.core.contact_rules.facts import Channel, Purpose
from anmi.core.masking import mask_phone
from anmi.core.number_origin import origin_of
from anmi.core.phone_number import PhoneNumber
from anmi.kit.errors import NotFound
from anmi.kit.unit_of_work import UnitOfWork
from anmi.telephony.agents.models import Agent, PhoneKind
from anmi.telephony.agents.service import Agents
from anmi.telephony.caller_ids.service import CallerIds
from anmi.telephony.calls.models import Call
from anmi.telephony.calls.service import Calls, CallToMake
from anmi.telephony.engines.service import Engines
from anmi.workbench.calling import repository
from anmi.workbench.calling.repository import Line
from anmi.workbench.contact_gate.service import ContactAsked, ContactGate, Decision, default_purpose

__all__ = ["CASE", "Calling", "Placed"]

CASE = "case"
"""What calls of the workbench are about."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The gate's answer, and the call where it allows one."""

    decision: Decision
    call: Call | None


class Calling:
    """One-click calls of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def place(self, case_id: UUID, phone_id: UUID, purpose: Purpose | None) -> Placed:
        """Ask the gate for a call to a number, and for the call itself where it allows one."""
        phone = await repository.phone_of_case(self._unit.session, case_id, phone_id)
        if phone is None:
            raise NotFound
        agent = await Agents(self._unit).require_free()
        purpose = purpose or default_purpose(phone.relation)
        asked = ContactAsked(case_id, Channel.VOICE_INTERACTIVE, purpose, phone_id)
        decision = await ContactGate(self._unit).reserve(asked)
        if not decision.allowed:
            return Placed(decision, None)
        return Placed(decision, await self._call(agent, case_id, phone, decision))

    async def current(self) -> Call | None:
        """Return the call the caller is in, or has to wrap up."""
        return await Calls(self._unit).current()

    async def _call(self, agent: Agent, case_id: UUID, phone: Phone, decision: Decision) -> Call:
        number = number_of(self._unit, phone)
        origin = origin_of(number)
        engine = await Engines(self._unit).one_that_is_well(agent.engine_id)
        # Her own mobile is rung over the same trunk.
        lines = 2 if agent.phone_kind is PhoneKind.MOBILE else 1
        place = Place(origin.province, origin.city)
        shown = await CallerIds(self._unit).choose(place, agent.unit_id, engine.id, lines)
        asked = CallToMake(
            CASE,
            case_id,
            phone.id,
            decision.id,
            mask_phone(number.digits),
            phone.number_index,
            shown.trunk_id,
            shown.caller_id_id,
        )
        return await Calls(self._unit).ask(asked, agent, engine)


def number_of(unit: UnitOfWork, phone: Phone | Line) -> PhoneNumber:
    """Open a number."""
    read = PhoneNumber.read(unit.open(PHONE, phone.number_sealed))
    if read is None:
        raise NotFound
    return read
