"""The live floor over HTTP."""

from __future__ import annotations

from anmi.core.call_views import CallPhase
from anmi.core.permissions import Permission
from anmi.kit.web import Unit, requires, room
from anmi.telephony.agents.service import Agents
from anmi.telephony.calls.service import Calls
from anmi.telephony.engines.service import Engines
from anmi.telephony.floor.schemas import AgentOnFloor, CallOnFloor, EngineOnFloor, FloorSeen

router = room("/telephony/floor")


@router.get("", dependencies=[requires(Permission.FLOOR_READ)])
async def see_floor(unit: Unit) -> FloorSeen:
    """Return the live floor within reach."""
    calls = await Calls(unit).live()
    return FloorSeen(
        at=unit.now,
        agents=[AgentOnFloor.of(view) for view in await Agents(unit).on_floor()],
        calls=[CallOnFloor.model_validate(call) for call in calls],
        waiting=sum(call.phase is CallPhase.WAITING for call in calls),
        engine=EngineOnFloor.model_validate(await Engines(unit).standing()),
    )
