"""The tree of an agency: branches grow, move and fall, and rights follow because they are derived from it."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from uuid import UUID

from anmi.core.audit_actions import AuditAction
from anmi.core.permissions import Permission
from anmi.core.rights import Reach, units_below
from anmi.identity.org_units import repository
from anmi.identity.org_units.events import OrgUnitAdded, OrgUnitChanged, OrgUnitMoved, OrgUnitRemoved
from anmi.identity.org_units.models import OrgUnit, UnitKind
from anmi.kit.audit import difference
from anmi.kit.constraints import refused_as
from anmi.kit.errors import Conflict, Invalid, NotFound
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import UnitOfWork


class UnknownUnit(Invalid):
    """A unit that is named does not exist, or lies out of reach."""

    code = "UNKNOWN_UNIT"
    zh, en = "所选部门不存在或不在您的权限范围内", "The unit does not exist or is out of your reach"


class UnitNameTaken(Conflict):
    """A sister unit has this name."""

    code = "UNIT_NAME_TAKEN"
    zh, en = "同级已有名为“{name}”的部门", "There is a unit named {name} at this place"


class UnitNotEmpty(Conflict):
    """People, grants or other units still hang on the unit."""

    code = "UNIT_NOT_EMPTY"
    zh, en = (
        "部门下仍有下级、人员（含已停用）或授权，请先移走",
        "Units, people (leavers included) or grants still belong to it; move them first",
    )


class UnitBelowItself(Conflict):
    """A unit cannot hang beneath itself."""

    code = "UNIT_BELOW_ITSELF"
    zh, en = "部门不能移到自己或其下级之下", "A unit cannot be moved beneath itself"


class RootUnitStays(Conflict):
    """The root is the agency itself: it is neither moved nor removed."""

    code = "ROOT_UNIT_STAYS"
    zh, en = "顶级部门代表机构本身，不能移动或删除", "The root unit is the agency; it cannot be moved or removed"


@dataclass(frozen=True, slots=True)
class OrgUnitView:
    """A unit as a caller sees it: one whose parent is out of her sight stands at the top."""

    id: UUID
    parent_id: UUID | None
    name: str
    kind: UnitKind
    people_count: int
    version: int


class OrgUnits:
    """The units of one agency, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def all(self) -> Sequence[OrgUnitView]:
        """Return the units within the caller's sight."""
        rows = await repository.with_people(self._unit.session)
        reach = self._reach(Permission.ORG_UNITS_READ)
        seen = [(node, count) for node, count in rows if reach.covers(node.id)]
        visible = {node.id for node, _ in seen}
        return [self._view(node, count, visible) for node, count in seen]

    async def parents(self) -> Mapping[UUID, UUID | None]:
        """Map every unit of the agency to the one above it."""
        return await repository.parents(self._unit.session)

    async def plant(self, name: str) -> UUID:
        """Make the root of a new agency's tree."""
        node = await self._insert(None, name, UnitKind.COMPANY)
        return node.id

    async def add(self, parent_id: UUID, name: str, kind: UnitKind) -> OrgUnitView:
        """Add a unit beneath another."""
        if not self._reach(Permission.ORG_UNITS_WRITE).covers(parent_id):
            raise UnknownUnit
        if await repository.locked(self._unit.session, parent_id) is None:
            raise UnknownUnit
        return await self._seen(await self._insert(parent_id, name, kind))

    async def change(
        self, unit_id: UUID, version: int, name: str | None = None, kind: UnitKind | None = None
    ) -> OrgUnitView:
        """Give a unit another name or kind."""
        node = await self._mine(unit_id)
        node.edit(version)
        before = {"name": node.name, "kind": node.kind}
        async with self._naming(name or node.name):
            node.name, node.kind = name or node.name, kind or node.kind
        facts = difference(before, {"name": node.name, "kind": node.kind})
        self._unit.remember(AuditAction.ORG_UNIT_CHANGED, ("org_unit", unit_id), **facts)
        self._unit.announce(OrgUnitChanged(unit_id), "org_units")
        return await self._seen(node)

    async def move(self, unit_id: UUID, version: int, parent_id: UUID) -> OrgUnitView:
        """Hang a unit, with all beneath it, under another one."""
        reach = self._reach(Permission.ORG_UNITS_WRITE)
        tree = await repository.locked_tree(self._unit.session)
        node = tree.get(unit_id)
        if node is None or not reach.covers(unit_id):
            raise NotFound
        if parent_id not in tree or not reach.covers(parent_id):
            raise UnknownUnit
        if node.parent_id is None:
            raise RootUnitStays
        if parent_id in units_below(unit_id, {each.id: each.parent_id for each in tree.values()}):
            raise UnitBelowItself
        node.edit(version)
        before = {"parent_id": node.parent_id}
        async with self._naming(node.name):
            node.parent_id = parent_id
        self._unit.remember(
            AuditAction.ORG_UNIT_MOVED, ("org_unit", unit_id), **difference(before, {"parent_id": parent_id})
        )
        self._unit.announce(OrgUnitMoved(unit_id), "org_units")
        return await self._seen(node)

    async def remove(self, unit_id: UUID) -> None:
        """Remove a unit that nothing belongs to."""
        node = await self._mine(unit_id)
        if node.parent_id is None:
            raise RootUnitStays
        # Whatever still belongs to it, today or in rooms yet to be built, holds a foreign key.
        async with refused_as(self._unit.session, {}, otherwise=UnitNotEmpty()):
            await self._unit.session.delete(node)
        self._unit.remember(
            AuditAction.ORG_UNIT_REMOVED, ("org_unit", unit_id), name=node.name, parent_id=node.parent_id
        )
        self._unit.announce(OrgUnitRemoved(unit_id), "org_units")

    async def _insert(self, parent_id: UUID | None, name: str, kind: UnitKind) -> OrgUnit:
        node = OrgUnit(id=new_id(), tenant_id=self._unit.tenant_id, parent_id=parent_id, name=name, kind=kind)
        async with self._naming(name):
            self._unit.session.add(node)
        self._unit.remember(
            AuditAction.ORG_UNIT_ADDED, ("org_unit", node.id), name=name, kind=kind, parent_id=parent_id
        )
        self._unit.announce(OrgUnitAdded(node.id), "org_units")
        return node

    async def _mine(self, unit_id: UUID) -> OrgUnit:
        if not self._reach(Permission.ORG_UNITS_WRITE).covers(unit_id):
            raise NotFound
        node = await repository.locked(self._unit.session, unit_id)
        if node is None:
            raise NotFound
        return node

    def _naming(self, name: str) -> AbstractAsyncContextManager[None]:
        return refused_as(self._unit.session, {"uq_org_units_tenant_id_parent_id_name": UnitNameTaken(name=name)})

    def _reach(self, permission: Permission) -> Reach:
        """Return how far a permission reaches; to those who reach only their own, their own unit is open."""
        reach = self._unit.rights.of(permission)
        own = self._unit.caller.unit_id
        return Reach(unit_ids=reach.unit_ids | {own}, everything=reach.everything) if reach.own and own else reach

    async def _seen(self, node: OrgUnit) -> OrgUnitView:
        count = await repository.people_at_work(self._unit.session, node.id)
        reach = self._reach(Permission.ORG_UNITS_READ)
        return self._view(node, count, {node.parent_id} if reach.covers(node.parent_id) else set())

    def _view(self, node: OrgUnit, people_count: int, visible: Container[UUID | None]) -> OrgUnitView:
        parent_id = node.parent_id if node.parent_id in visible else None
        return OrgUnitView(node.id, parent_id, node.name, node.kind, people_count, node.version)
