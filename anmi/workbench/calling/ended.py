"""What follows when a call has ended: the gate hears the outcome, and somebody may have to see to it."""

from __future__ import annotations

from anmi.core.call_outcomes import FAILURES, has_failed_again, outcome_of
from anmi.core.call_views import Direction
from anmi.core.contact_rules.facts import Outcome
from anmi.core.work_orders import WorkOrderKind
from anmi.kit.unit_of_work import UnitOfWork
from anmi.telephony.calls.events import CallEnded, NumberLearnt
from anmi.workbench.calling import repository
from anmi.workbench.calling.service import CASE
from anmi.workbench.contact_gate.service import AttemptEnded, ContactGate
from anmi.workbench.work_orders.service import WorkOrders


async def write_outcome(unit: UnitOfWork, event: CallEnded) -> None:
    """Tell the gate what became of the contact, and what was learnt of the number."""
    if event.direction is Direction.INBOUND:
        await _see_to_missed(unit, event)
        return
    if event.subject_kind != CASE or event.permit_id is None or event.refused_rule is not None:
        return
    outcome = outcome_of(was_answered=event.was_answered, talked_seconds=event.talked_seconds)
    try:
        await ContactGate(unit).end(event.permit_id, outcome, event.number_state)
    except AttemptEnded:
        # Who spoke was quicker than the switch: her own word on the contact stands.
        return
    if outcome is Outcome.UNANSWERED:
        await _see_to_failures(unit, event)


async def write_number(unit: UnitOfWork, event: NumberLearnt) -> None:
    """Write down what was learnt of the number when its contact had ended already."""
    if event.subject_kind == CASE and event.permit_id is not None:
        await ContactGate(unit).learn(event.permit_id, event.number_state)


async def _see_to_missed(unit: UnitOfWork, event: CallEnded) -> None:
    """A debtor called us and spoke with nobody: whose case it is calls back."""
    if event.subject_kind == CASE and event.subject_id is not None and event.talked_seconds == 0:
        note = "客户来电未能接通，请尽快回电"
        await WorkOrders(unit).open_for(WorkOrderKind.CALL_BACK, event.subject_id, note, call_id=event.call_id)


async def _see_to_failures(unit: UnitOfWork, event: CallEnded) -> None:
    if event.subject_id is None or event.point_id is None:
        return
    latest = await repository.last_outcomes(unit.session, event.subject_id, event.point_id, FAILURES + 1)
    if has_failed_again(latest):
        note = f"同一号码连续{FAILURES}次未接通，请核实号码或更换联系方式"
        await WorkOrders(unit).open_for(WorkOrderKind.OTHER, event.subject_id, note, call_id=event.call_id)
