"""Trunks over HTTP."""

from __future__ import annotations

from anmi.core.permissions import Permission
from anmi.kit.web import Id, Unit, requires, room
from anmi.telephony.trunks.schemas import TrunkChange, TrunkSeen, TrunkToAdd
from anmi.telephony.trunks.service import Trunks

router = room("/telephony/trunks")

reads = requires(Permission.TRUNKS_READ)
writes = requires(Permission.TRUNKS_WRITE)


@router.get("", dependencies=[reads])
async def list_trunks(unit: Unit) -> list[TrunkSeen]:
    """Return every trunk with its calls at this moment and its health."""
    return [TrunkSeen.of(view) for view in await Trunks(unit).all()]


@router.post("", status_code=201, dependencies=[writes])
async def add_trunk(unit: Unit, body: TrunkToAdd) -> TrunkSeen:
    """Take a line into use."""
    trunk = await Trunks(unit).add(body.facts())
    return await get_trunk(unit, trunk.id)


@router.get("/{id}", dependencies=[reads])
async def get_trunk(unit: Unit, trunk_id: Id) -> TrunkSeen:
    """Return a trunk."""
    return TrunkSeen.of(await Trunks(unit).get(trunk_id))


@router.patch("/{id}", dependencies=[writes])
async def change_trunk(unit: Unit, trunk_id: Id, body: TrunkChange) -> TrunkSeen:
    """Change a trunk, pause it, take it up again, or end it for good."""
    await Trunks(unit).change(trunk_id, body.version, body.changes())
    return await get_trunk(unit, trunk_id)
