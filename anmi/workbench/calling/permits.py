"""What calls ask of the workbench: may the debtor be dialled now, and who is it that calls us."""

from __future__ import annotations

from uuid import UUID

from anmi.casework.debtors.models import PHONE
from anmi.core.masking import mask_phone
from anmi.core.phone_number import PhoneNumber
from anmi.core.ports.switch import Arrived, ToNumber
from anmi.identity.tenants.service import every_tenant
from anmi.kit.caller import the_system
from anmi.kit.unit_of_work import UnitOfWork, Units
from anmi.telephony.agents.service import Agents
from anmi.telephony.caller_ids.models import CallerId
from anmi.telephony.calls.models import Call
from anmi.telephony.calls.service import CallFacts, Permitted, Recognised, Refused
from anmi.telephony.trunks.models import Trunk
from anmi.telephony.trunks.service import Trunks, switch_name, trunk_id_of
from anmi.workbench.calling import repository
from anmi.workbench.calling.service import CASE, number_of
from anmi.workbench.contact_gate.service import ContactGate

__all__ = ["Workbench"]


class Workbench:
    """Permission and recognition, as `telephony.calls.permits` asks for them."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def permit(self, unit: UnitOfWork, call: CallFacts) -> Permitted | Refused:
        """Ask the gate once more, on the facts of now; only then is the number opened."""
        if call.permit_id is None or call.point_id is None:
            return Refused("NO_PERMIT", "no_permit")
        decision = await ContactGate(unit).confirm(call.permit_id, call.person_id)
        if not decision.allowed:
            return Refused(decision.rule_id or "", decision.reason or "")
        line = await repository.line(unit.driver, call.point_id, call.caller_id_id)
        if line is None or call.trunk_id is None:
            return Refused("NO_LINE", "no_line")
        return Permitted(ToNumber(switch_name(call.trunk_id), number_of(unit, line).digits, line.shown or ""))

    async def reach_mobile(self, unit: UnitOfWork, call_id: UUID, digits: str) -> ToNumber:
        """Return the way to an agent's own mobile: over the call's own trunk, else the first that is well."""
        call = await unit.session.get_one(Call, call_id)
        trunk_id = call.trunk_id or (await Trunks(unit).choose(call.engine_id)).id
        own = await unit.session.get(CallerId, call.caller_id_id) if call.caller_id_id else None
        shown = own or await repository.number_on(unit.session, trunk_id)
        return ToNumber(switch_name(trunk_id), digits, shown.number if shown is not None else "")

    async def tenant_of(self, arrived: Arrived) -> UUID | None:
        """Return the agency whose trunk a call came over."""
        trunk_id = trunk_id_of(arrived.trunk)
        if trunk_id is None:
            return None
        for tenant in await every_tenant(self._units):
            async with self._units.begin(the_system(tenant.id)) as unit:
                if await unit.session.get(Trunk, trunk_id) is not None:
                    return tenant.id
        return None

    async def recognise(self, unit: UnitOfWork, arrived: Arrived) -> Recognised:
        """Say who calls: the debtor known under the number, and the one who works her case."""
        read = PhoneNumber.read(arrived.caller)
        if read is None:
            return Recognised(mask_phone(arrived.caller))
        masked, index = mask_phone(read.digits), unit.index(PHONE, read.digits)
        known = await repository.known_under(unit.session, index)
        if known is None:
            return Recognised(masked, index)
        case, phone = known
        agent = await Agents(unit).of_person(case.holder_id) if case.holder_id else None
        is_there = agent is not None and agent.is_there and agent.state == "ready"
        return Recognised(
            masked, index, CASE, case.id, phone.id, case.unit_id, agent.id if agent is not None and is_there else None
        )
