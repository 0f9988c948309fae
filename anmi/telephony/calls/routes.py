"""Calls over HTTP. What is asked of a call is carried out by its engine a moment later."""

from __future__ import annotations

from anmi.core.permissions import Permission
from anmi.kit.web import Id, NotPermitted, Unit, requires, room
from anmi.telephony.calls.schemas import (
    CallSeen,
    GuestSeen,
    KeysToPress,
    MonitoringAsked,
    ReleaseAsked,
    TransferToMake,
)
from anmi.telephony.calls.service import MONITORING, Calls

router = room("/telephony/calls")

phones = requires(Permission.PHONE_USE)


@router.get("/{id}", dependencies=[requires(Permission.CALLS_READ)])
async def get_call(unit: Unit, call_id: Id) -> CallSeen:
    """Return a call."""
    calls = Calls(unit)
    call = await calls.seen(call_id)
    guest = await calls.guest_of(call)
    seen = CallSeen.model_validate(call)
    return seen if guest is None else seen.model_copy(update={"guest": GuestSeen.model_validate(guest)})


@router.post("/{id}/hang-up", status_code=202, dependencies=[phones])
async def hang_up(unit: Unit, call_id: Id) -> None:
    """End one's own call."""
    await Calls(unit).hang_up(call_id)


@router.post("/{id}/hold", status_code=202, dependencies=[phones])
async def hold_call(unit: Unit, call_id: Id) -> None:
    """Let the debtor hear music."""
    await Calls(unit).hold(call_id)


@router.post("/{id}/resume", status_code=202, dependencies=[phones])
async def resume_call(unit: Unit, call_id: Id) -> None:
    """Let the talk go on."""
    await Calls(unit).resume(call_id)


@router.post("/{id}/keys", status_code=202, dependencies=[phones])
async def press_keys(unit: Unit, call_id: Id, body: KeysToPress) -> None:
    """Press keys towards the debtor."""
    await Calls(unit).press(call_id, body.keys)


@router.post("/{id}/transfer", status_code=202, dependencies=[phones])
async def transfer_call(unit: Unit, call_id: Id, body: TransferToMake) -> None:
    """Send one's call to another agent: at once, or after a word."""
    await Calls(unit).transfer(call_id, body.to_agent_id, is_attended=body.is_attended)


@router.post("/{id}/transfer/confirm", status_code=202, dependencies=[phones])
async def confirm_transfer(unit: Unit, call_id: Id) -> None:
    """Hand over, and leave."""
    await Calls(unit).confirm_transfer(call_id)


@router.post("/{id}/transfer/withdraw", status_code=202, dependencies=[phones])
async def withdraw_transfer(unit: Unit, call_id: Id) -> None:
    """Take the debtor back."""
    await Calls(unit).withdraw_transfer(call_id)


@router.post("/{id}/conference", status_code=202, dependencies=[phones])
async def confer(unit: Unit, call_id: Id) -> None:
    """Let all three speak."""
    await Calls(unit).confer(call_id)


@router.post("/{id}/monitor", status_code=202, dependencies=[requires(Permission.CALLS_MONITOR)])
async def monitor_call(unit: Unit, call_id: Id, body: MonitoringAsked) -> None:
    """Take part in somebody's call; to whisper and to barge in need rights of their own."""
    if not unit.rights.may(MONITORING[body.mode]):
        raise NotPermitted(permission=MONITORING[body.mode])
    await Calls(unit).monitor(call_id, body.mode)


@router.delete("/{id}/monitor", status_code=202, dependencies=[requires(Permission.CALLS_MONITOR)])
async def end_monitoring(unit: Unit, call_id: Id) -> None:
    """Leave somebody's call."""
    await Calls(unit).end_monitoring(call_id)


@router.post("/{id}/take-over", status_code=202, dependencies=[requires(Permission.CALLS_TAKE_OVER)])
async def take_over_call(unit: Unit, call_id: Id) -> None:
    """Take the agent's place."""
    await Calls(unit).take_over(call_id)


@router.post("/{id}/release", status_code=202, dependencies=[requires(Permission.CALLS_RELEASE)])
async def release_call(unit: Unit, call_id: Id, body: ReleaseAsked) -> None:
    """End somebody's call by force."""
    await Calls(unit).release(call_id, body.reason)
