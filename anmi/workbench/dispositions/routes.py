"""Dispositions over HTTP."""

from __future__ import annotations

from anmi.core.permissions import Permission
from anmi.kit.web import Unit, requires, room
from anmi.workbench.dispositions.schemas import DispositionSeen, DispositionToMake
from anmi.workbench.dispositions.service import Dispositions

router = room("/workbench/dispositions")


@router.post("", status_code=201, dependencies=[requires(Permission.CASES_WORK)])
async def make_disposition(unit: Unit, body: DispositionToMake) -> DispositionSeen:
    """Tell the gate how a contact ended and write the entry, both or neither; the same contact is told once."""
    return DispositionSeen.of(await Dispositions(unit).dispose(body.told()))
