"""Grants: who may do what, how far. The three administrators stay apart, and nobody serves herself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from anmi.core.audit_actions import AuditAction
from anmi.core.permissions import Permission, Scope
from anmi.core.rights import reach_of
from anmi.core.roles import Role
from anmi.identity.org_units.service import OrgUnits, UnknownUnit
from anmi.identity.people import repository
from anmi.identity.people.events import GrantsChanged
from anmi.identity.people.models import Person, PersonGrant
from anmi.identity.people.views import PersonView, held, view_of
from anmi.identity.roles.service import Roles
from anmi.kit.errors import Forbidden
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import UnitOfWork


class OwnGrants(Forbidden):
    """Nobody changes what she herself may do."""

    code = "OWN_GRANTS"
    zh, en = "不能修改自己的授权", "Nobody changes her own grants"


class GrantsNotPermitted(Forbidden):
    """Whoever makes accounts does not give them rights, unless she may do both."""

    code = "GRANTS_NOT_PERMITTED"
    zh, en = "您没有授权权限，请由安全管理员授予角色", "You may not grant roles; the security administrator does"


class GrantBeyondReach(Forbidden):
    """Nobody gives or takes what reaches further than she does herself."""

    code = "GRANT_BEYOND_REACH"
    zh, en = "授权范围超出您的管理范围", "The grant reaches further than you do"


@dataclass(frozen=True, slots=True, order=True)
class GrantAsked:
    """A role to be given, as far as `scope` from a unit; without one, from the person's own."""

    role: str
    scope: Scope
    unit_id: UUID | None = None


class Granting:
    """Gives and takes roles, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def replace(self, person_id: UUID, version: int, grants: Sequence[GrantAsked]) -> PersonView:
        """Give somebody exactly these grants."""
        person = await held(self._unit, person_id, Permission.GRANTS_WRITE)
        person.edit(version)
        await self.grant(person, grants)
        return await view_of(self._unit, Person.id == person_id)

    async def grant(self, person: Person, grants: Iterable[GrantAsked]) -> None:
        """Give a person exactly these grants; the person is held by the caller's transaction."""
        if not self._unit.rights.may(Permission.GRANTS_WRITE):
            raise GrantsNotPermitted
        if person.id == self._unit.caller.person_id:
            raise OwnGrants
        wanted = {GrantAsked(each.role, each.scope, each.unit_id or person.unit_id) for each in grants}
        rows = [grant for grant, _ in await repository.grants(self._unit.session, person.id)]
        present = {GrantAsked(row.role, row.scope, row.unit_id): row for row in rows}
        roles = await Roles(self._unit).grantable({each.role for each in wanted})
        await self._check_reach(wanted ^ present.keys(), roles)
        await repository.remove_grants(self._unit.session, [present[each].id for each in present.keys() - wanted])
        for each in sorted(wanted - present.keys()):
            self._unit.session.add(
                PersonGrant(
                    id=new_id(),
                    tenant_id=self._unit.tenant_id,
                    person_id=person.id,
                    role=each.role,
                    scope=each.scope,
                    unit_id=each.unit_id,
                )
            )
        self._unit.remember(
            AuditAction.GRANTS_CHANGED, ("person", person.id), before=_lines(present), after=_lines(wanted)
        )
        self._unit.announce(GrantsChanged(person.id), "people")

    async def _check_reach(self, touched: Iterable[GrantAsked], roles: Mapping[str, Role]) -> None:
        parents = await OrgUnits(self._unit).parents()
        mine = self._unit.rights.of(Permission.GRANTS_WRITE)
        for each in touched:
            if each.unit_id is None or each.unit_id not in parents:
                raise UnknownUnit
            if not mine.contains(reach_of(each.scope, each.unit_id, parents)):
                raise GrantBeyondReach


def _lines(grants: Iterable[GrantAsked]) -> list[str]:
    return sorted(f"{each.role}/{each.scope}/{each.unit_id}" for each in grants)
