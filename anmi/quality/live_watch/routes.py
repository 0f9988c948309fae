"""The live watch over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from anmi.core.permissions import Permission
from anmi.kit.web import Id, Unit, requires, room
from anmi.quality.live_watch.helping import Helping
from anmi.quality.live_watch.schemas import HelpAsked, LiveCallSeen, WatchPolicyAsked, WatchPolicySeen
from anmi.quality.live_watch.service import LiveWatch, WatchPolicies

router = room("/quality/live")

calls = requires(Permission.CALLS_READ)


@router.get("/policy", dependencies=[requires(Permission.QUALITY_RULES_READ)])
async def read_watch_policy(unit: Unit) -> WatchPolicySeen:
    """Return how live calls are watched."""
    return WatchPolicySeen.of(*await WatchPolicies(unit).current())


@router.put("/policy", dependencies=[requires(Permission.QUALITY_RULES_APPROVE)])
async def set_watch_policy(unit: Unit, body: WatchPolicyAsked) -> WatchPolicySeen:
    """Change how live calls are watched; calls that are live now are watched as before."""
    return WatchPolicySeen.of(*await WatchPolicies(unit).set(body.policy(), body.version))


@router.get("/{id}", dependencies=[calls])
async def get_live_call(unit: Unit, call_id: Id, above: Annotated[int, Query(ge=0, le=1_000_000)] = 0) -> LiveCallSeen:
    """Return what stands of a call of one's own, or of one that one may monitor; lines after the one of a number."""
    return LiveCallSeen.of(await LiveWatch(unit).of_call(call_id, above))


@router.post("/{id}/help", dependencies=[calls])
async def help_debtor(unit: Unit, call_id: Id, body: HelpAsked) -> LiveCallSeen:
    """Give the help that a signal calls for: the case is paused, or a work order is opened."""
    await Helping(unit).give(call_id, body.signal)
    return LiveCallSeen.of(await LiveWatch(unit).of_call(call_id))
