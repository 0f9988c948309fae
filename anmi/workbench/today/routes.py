"""The working day over HTTP."""

from __future__ import annotations

from anmi.core.permissions import Permission
from anmi.kit.web import Unit, requires, room
from anmi.workbench.today.schemas import TodaySeen
from anmi.workbench.today.service import Today

router = room("/workbench/today")


@router.get("", dependencies=[requires(Permission.CASES_WORK)])
async def get_today(unit: Unit) -> TodaySeen:
    """Return the lists that wait, and what the caller has done today."""
    return TodaySeen.of(await Today(unit).seen())
