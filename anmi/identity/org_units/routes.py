"""The tree over HTTP."""

from __future__ import annotations

from anmi.core.permissions import Permission
from anmi.identity.org_units.schemas import OrgUnitChange, OrgUnitMove, OrgUnitSeen, OrgUnitToAdd
from anmi.identity.org_units.service import OrgUnits
from anmi.kit.paging import Page
from anmi.kit.web import Id, Unit, requires, room

router = room("/identity/org-units")

reads = requires(Permission.ORG_UNITS_READ)
writes = requires(Permission.ORG_UNITS_WRITE)


@router.get("", dependencies=[reads])
async def list_org_units(unit: Unit) -> Page[OrgUnitSeen]:
    """Return every unit within sight; it is a tree, so there are no pages."""
    seen = await OrgUnits(unit).all()
    return Page(items=[OrgUnitSeen.model_validate(view) for view in seen], total=len(seen))


@router.post("", status_code=201, dependencies=[writes])
async def add_org_unit(unit: Unit, body: OrgUnitToAdd) -> OrgUnitSeen:
    """Add a unit beneath another."""
    return OrgUnitSeen.model_validate(await OrgUnits(unit).add(body.parent_id, body.name, body.kind))


@router.patch("/{id}", dependencies=[writes])
async def change_org_unit(unit: Unit, unit_id: Id, body: OrgUnitChange) -> OrgUnitSeen:
    """Give a unit another name or kind."""
    return OrgUnitSeen.model_validate(await OrgUnits(unit).change(unit_id, body.version, body.name, body.kind))


@router.post("/{id}/move", dependencies=[writes])
async def move_org_unit(unit: Unit, unit_id: Id, body: OrgUnitMove) -> OrgUnitSeen:
    """Hang a unit, with all beneath it, under another one."""
    return OrgUnitSeen.model_validate(await OrgUnits(unit).move(unit_id, body.version, body.parent_id))


@router.delete("/{id}", status_code=204, dependencies=[writes])
async def remove_org_unit(unit: Unit, unit_id: Id) -> None:
    """Remove a unit that nothing belongs to."""
    await OrgUnits(unit).remove(unit_id)
