"""Ending a call that cannot go on: its engine is gone, its owner has failed, or nobody can read its journal any more.

Whoever it held is free again, whatever her part in it was.
"""

from __future__ import annotations

from anmi.core.call_events import EngineLost, OwnerFailed
from anmi.core.call_legs import Ending
from anmi.core.call_stages import EndedBy
from anmi.kit.unit_of_work import UnitOfWork
from anmi.telephony.agents.service import Agents
from anmi.telephony.calls.keeping import KeptCall, keep
from anmi.telephony.calls.models import Call, CallPhase


async def break_off(
    unit: UnitOfWork, kept: KeptCall, why: EngineLost | OwnerFailed, *, quietly: bool = False
) -> KeptCall:
    """End a call with a line that says why."""
    after, _ = await keep(unit, kept, why, unit.now, quietly=quietly)
    await Agents(unit).let_go(kept.facts.call_id)
    return after


async def close_unreadable(unit: UnitOfWork, row: Call) -> None:
    """End a call whose journal says what this version does not understand; the journal stays as it is."""
    row.phase, row.ended_at, row.ended_by, row.ending = CallPhase.ENDED, unit.now, EndedBy.ENGINE, Ending.FAILED
    await unit.session.flush()
    await Agents(unit).let_go(row.id)
