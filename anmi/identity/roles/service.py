"""Roles: those every agency has and those it makes for itself, behind the same wall between administrators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anmi.core.audit_actions import AuditAction
from anmi.core.permissions import PERMISSION_WORDS, FieldRight, Permission, Words
from anmi.core.roles import BUILT_IN_ROLES, PLATFORM, PLATFORM_OPERATOR, Role, excluding_pair, forbidden_together
from anmi.core.security_policy import owes_second_factor
from anmi.identity.policy.service import policy_of
from anmi.identity.roles import repository
from anmi.identity.roles.events import RoleAdded, RoleChanged, RoleRemoved
from anmi.identity.roles.models import CustomRole
from anmi.identity.tenants.models import PLATFORM_CODE
from anmi.kit.audit import difference
from anmi.kit.constraints import refused_as
from anmi.kit.errors import Conflict, Forbidden, Invalid, NotFound
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import UnitOfWork


class UnknownRole(Invalid):
    """A role that is named does not exist here."""

    code = "UNKNOWN_ROLE"
    zh, en = "角色“{role}”不存在", "There is no role {role}"


class RoleCodeTaken(Conflict):
    """A role has this code already."""

    code = "ROLE_CODE_TAKEN"
    zh, en = "角色代码“{role}”已被使用", "The role code {role} is taken"


class RoleInUse(Conflict):
    """Somebody holds the role."""

    code = "ROLE_IN_USE"
    zh, en = "仍有 {people} 人拥有该角色，请先收回", "{people} people still hold this role; take it back first"


class BuiltInRole(Conflict):
    """Built-in roles are the same in every agency."""

    code = "BUILT_IN_ROLE"
    zh, en = "内置角色不能修改或删除", "Built-in roles can be neither changed nor removed"


class OwnRole(Forbidden):
    """Nobody changes what she herself may do."""

    code = "OWN_ROLE"
    zh, en = "不能修改自己拥有的角色", "Nobody changes a role of her own"


class PlatformOnly(Forbidden):
    """What concerns other agencies belongs to the operator of the platform."""

    code = "PLATFORM_ONLY"
    zh, en = "该权限仅限平台运营方", "This is for the operator of the platform only"


class PermissionsExcludeEachOther(Conflict):
    """The three administrators are kept apart within a role, too."""

    code = "PERMISSIONS_EXCLUDE_EACH_OTHER"
    zh = "“{one_zh}”与“{other_zh}”不能由同一角色拥有（三员分立）"
    en = "No role may hold both “{one_en}” and “{other_en}” (separation of administrators)"

    @classmethod
    def of(cls, one: Permission, other: Permission) -> PermissionsExcludeEachOther:
        """Name the two permissions."""
        words = _named("one", one, PERMISSION_WORDS[one]) | _named("other", other, PERMISSION_WORDS[other])
        return cls(**words)


class RolesExcludeEachOther(Conflict):
    """The three administrators exclude each other, and casework excludes all three."""

    code = "ROLES_EXCLUDE_EACH_OTHER"
    zh = "“{one_zh}”与“{other_zh}”不能由同一人担任（三员分立）"
    en = "Nobody may be both {one_en} and {other_en} (separation of administrators)"

    @classmethod
    def of(cls, one: Role, other: Role) -> RolesExcludeEachOther:
        """Name the two roles."""
        return cls(**_named("one", one.code, one.words), **_named("other", other.code, other.words))


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role, and how many people at work hold it."""

    code: str
    name_zh: str
    name_en: str
    built_in: bool
    permissions: tuple[Permission, ...]
    field_rights: tuple[FieldRight, ...]
    totp_required: bool
    people_count: int
    version: int


class Roles:
    """The roles of one agency."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def all(self) -> Sequence[RoleView]:
        """Return every role somebody here can be given."""
        on_platform = await self._on_platform()
        built_in = [role for role in BUILT_IN_ROLES.values() if on_platform or role is not PLATFORM_OPERATOR]
        own = await repository.custom(self._unit.session)
        return await self._views([*built_in, *map(role_of, own)], {row.code: row.version for row in own})

    async def get(self, code: str) -> RoleView:
        """Return one role."""
        for view in await self.all():
            if view.code == code:
                return view
        raise NotFound

    async def named(self, codes: Iterable[str]) -> dict[str, Role]:
        """Return roles by code; what is built in asks no database."""
        return await self._named(codes, held=False)

    async def grantable(self, codes: Iterable[str]) -> dict[str, Role]:
        """Return roles that are about to be given to one person, held as they are until that is done."""
        wanted = set(codes)
        found = await self._named(wanted, held=True)
        for code in sorted(wanted - found.keys()):
            raise UnknownRole(role=code)
        if any(role.permissions & PLATFORM for role in found.values()) and not await self._on_platform():
            raise PlatformOnly
        pair = excluding_pair(found.values())
        if pair is not None:
            raise RolesExcludeEachOther.of(*pair)
        return found

    async def add(
        self, code: str, words: Words, permissions: Iterable[Permission], field_rights: Iterable[FieldRight]
    ) -> RoleView:
        """Make a role of the agency's own."""
        role = Role(code, words, frozenset(permissions), frozenset(field_rights))
        _check_wall(role)
        if code in BUILT_IN_ROLES:
            raise RoleCodeTaken(role=code)
        row = CustomRole(id=new_id(), tenant_id=self._unit.tenant_id, code=code)
        _write(row, role)
        async with refused_as(self._unit.session, {"uq_roles_tenant_id_code": RoleCodeTaken(role=code)}):
            self._unit.session.add(row)
        self._unit.remember(AuditAction.ROLE_ADDED, ("role", code), **_facts(role))
        self._unit.announce(RoleAdded(code), "roles")
        return await self._view(role, row)

    async def change(
        self,
        code: str,
        version: int,
        name_zh: str | None = None,
        name_en: str | None = None,
        permissions: Iterable[Permission] | None = None,
        field_rights: Iterable[FieldRight] | None = None,
    ) -> RoleView:
        """Change a role for all who hold it."""
        row = await self._own(code)
        row.edit(version)
        before = role_of(row)
        after = Role(
            code,
            Words(name_zh or before.words.zh, name_en or before.words.en),
            before.permissions if permissions is None else frozenset(permissions),
            before.field_rights if field_rights is None else frozenset(field_rights),
        )
        _check_wall(after)
        await self._check_holders(after)
        _write(row, after)
        facts = difference(_facts(before), _facts(after))
        self._unit.remember(AuditAction.ROLE_CHANGED, ("role", code), **facts)
        self._unit.announce(RoleChanged(code), "roles")
        return await self._view(after, row)

    async def remove(self, code: str) -> None:
        """Remove a role that nobody holds."""
        row = await self._own(code)
        holders = await repository.roles_of_holders(self._unit.session, code)
        if holders:
            raise RoleInUse(people=len(holders))
        await self._unit.session.delete(row)
        self._unit.remember(AuditAction.ROLE_REMOVED, ("role", code), **_facts(role_of(row)))
        self._unit.announce(RoleRemoved(code), "roles")

    async def _named(self, codes: Iterable[str], *, held: bool) -> dict[str, Role]:
        wanted = set(codes)
        found = {code: BUILT_IN_ROLES[code] for code in wanted if code in BUILT_IN_ROLES}
        if own := wanted - found.keys():
            rows = await repository.custom_named(self._unit.session, own, held=held)
            found |= {row.code: role_of(row) for row in rows}
        return found

    async def _own(self, code: str) -> CustomRole:
        if code in BUILT_IN_ROLES:
            raise BuiltInRole
        row = await repository.locked(self._unit.session, code)
        if row is None:
            raise NotFound
        return row

    async def _check_holders(self, role: Role) -> None:
        """Refuse a change that would break the wall for somebody who holds the role, or that is the caller's own."""
        holders = await repository.roles_of_holders(self._unit.session, role.code)
        if self._unit.caller.person_id in holders:
            raise OwnRole
        others = await self.named({code for codes in holders.values() for code in codes} - {role.code})
        for codes in holders.values():
            pair = excluding_pair([role, *(others[code] for code in codes & others.keys())])
            if pair is not None:
                raise RolesExcludeEachOther.of(*pair)

    async def _view(self, role: Role, row: CustomRole) -> RoleView:
        (view,) = await self._views([role], {role.code: row.version})
        return view

    async def _views(self, roles: Sequence[Role], versions: Mapping[str, int]) -> list[RoleView]:
        counts = await repository.people_counts(self._unit.session)
        policy = await policy_of(self._unit.session)
        return [
            RoleView(
                code=role.code,
                name_zh=role.words.zh,
                name_en=role.words.en,
                built_in=role.code in BUILT_IN_ROLES,
                permissions=tuple(sorted(role.permissions)),
                field_rights=tuple(sorted(role.field_rights)),
                totp_required=owes_second_factor(role, policy),
                people_count=counts.get(role.code, 0),
                version=versions.get(role.code, 1),
            )
            for role in roles
        ]

    async def _on_platform(self) -> bool:
        return await repository.tenant_code(self._unit.session, self._unit.tenant_id) == PLATFORM_CODE


def _check_wall(role: Role) -> None:
    if role.permissions & PLATFORM:
        raise PlatformOnly
    pair = forbidden_together(role.permissions)
    if pair is not None:
        raise PermissionsExcludeEachOther.of(*pair)


def role_of(row: CustomRole) -> Role:
    """Return what a row says; a code that this version no longer knows permits nothing."""
    return Role(
        row.code,
        Words(row.name_zh, row.name_en),
        frozenset(permission for permission in Permission if permission in row.permissions),
        frozenset(right for right in FieldRight if right in row.field_rights),
    )


def _write(row: CustomRole, role: Role) -> None:
    row.name_zh, row.name_en = role.words.zh, role.words.en
    row.permissions, row.field_rights = sorted(role.permissions), sorted(role.field_rights)


def _facts(role: Role) -> dict[str, Any]:
    return {
        "name_zh": role.words.zh,
        "name_en": role.words.en,
        "permissions": sorted(role.permissions),
        "field_rights": sorted(role.field_rights),
    }


def _named(place: str, code: str, words: Words) -> dict[str, str]:
    return {place: code, f"{place}_zh": words.zh, f"{place}_en": words.en}
