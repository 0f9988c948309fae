"""One-click calls over HTTP."""

from __future__ import annotations

from anmi.core.permissions import Permission
from anmi.kit.web import Unit, requires, room
from anmi.workbench.calling.schemas import CallPlaced, CallToPlace, CurrentCall
from anmi.workbench.calling.service import CASE, Calling

router = room("/workbench/calls")


@router.post("", status_code=201, dependencies=[requires(Permission.PHONE_USE)])
async def place_call(unit: Unit, body: CallToPlace) -> CallPlaced:
    """Call a number of a case, if the gate allows it; a refusal is kept, and nobody is rung."""
    placed = await Calling(unit).place(body.case_id, body.phone_id, body.purpose)
    decision = placed.decision
    return CallPlaced(
        allowed=decision.allowed,
        attempt_id=decision.id,
        call_id=placed.call.id if placed.call else None,
        rule_id=decision.rule_id,
        reason=decision.reason,
        reason_zh=decision.reason_zh,
        reason_en=decision.reason_en,
        until=decision.until,
    )


@router.get("/current", dependencies=[requires(Permission.PHONE_USE)])
async def current_call(unit: Unit) -> CurrentCall | None:
    """Return the call the caller is in, or has yet to wrap up."""
    call = await Calling(unit).current()
    if call is None:
        return None
    return CurrentCall(
        call_id=call.id,
        case_id=call.subject_id if call.subject_kind == CASE else None,
        phone_id=call.point_id,
        attempt_id=call.permit_id,
        direction=call.direction,
        phase=call.phase,
        number_masked=call.number_masked,
        asked_at=call.asked_at,
        connected_at=call.connected_at,
        ended_at=call.ended_at,
    )
