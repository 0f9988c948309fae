"""Agencies: the operator of the platform makes them, suspends them and lets them work again.

The operator's own people work in an agency of their own, the platform; into the others they do not see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from anmi.core.audit_actions import AuditAction
from anmi.core.permissions import Scope
from anmi.core.roles import ADMINISTRATORS, PLATFORM_OPERATOR
from anmi.identity.org_units.service import OrgUnits
from anmi.identity.people.service import GrantAsked, People
from anmi.identity.roles.service import PlatformOnly
from anmi.identity.tenants import repository
from anmi.identity.tenants.events import TenantCreated, TenantResumed, TenantSuspended
from anmi.identity.tenants.models import PLATFORM_CODE, Tenant, TenantState
from anmi.kit.caller import Caller, the_system
from anmi.kit.constraints import refused_as
from anmi.kit.errors import Conflict, NotFound
from anmi.kit.ids import new_id
from anmi.kit.paging import Ask
from anmi.kit.unit_of_work import UnitOfWork, Units

PLATFORM_NAME: Final = "安米平台"


class TenantCodeTaken(Conflict):
    """Another agency has this code."""

    code = "TENANT_CODE_TAKEN"
    zh, en = "租户代码“{tenant_code}”已被使用", "The tenant code {tenant_code} is taken"


class PlatformStays(Conflict):
    """Whoever suspended the platform could never resume anything."""

    code = "PLATFORM_STAYS"
    zh, en = "平台自身不能暂停", "The platform itself cannot be suspended"


@dataclass(frozen=True, slots=True)
class FirstPerson:
    """Somebody who is there from the beginning."""

    employee_no: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class FirstAdministrators:
    """The three who exclude each other; without them an agency could do nothing or everything."""

    system_administrator: FirstPerson
    security_administrator: FirstPerson
    auditor: FirstPerson


@dataclass(frozen=True, slots=True)
class InitialPassword:
    """What somebody comes in with the first time; it is shown once."""

    role: str
    employee_no: str
    initial_password: str


class Tenants:
    """The agencies of an installation, on behalf of somebody who works for the platform."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def page(self, ask: Ask) -> tuple[Sequence[Tenant], str | None, int]:
        """Return one page of agencies, the cursor of the next, and how many there are in all."""
        await self._check_platform()
        async with self._unit.within(self._across()):
            return await repository.page(self._unit.session, ask)

    async def create(
        self, code: str, name: str, administrators: FirstAdministrators
    ) -> tuple[Tenant, list[InitialPassword]]:
        """Make an agency with its root unit and its three administrators; return their initial passwords."""
        await self._check_platform()
        async with self._unit.within(self._across()):
            tenant = await self._insert(code, name)
        async with self._unit.within(self._system_of(tenant.id)):
            self._unit.remember(AuditAction.TENANT_CREATED, ("tenant", tenant.id), code=code, name=name)
            root_id = await OrgUnits(self._unit).plant(name)
            passwords = [
                await self._appoint(getattr(administrators, role.code), role.code, root_id) for role in ADMINISTRATORS
            ]
        self._unit.remember(AuditAction.TENANT_CREATED, ("tenant", tenant.id), code=code, name=name)
        self._unit.announce(TenantCreated(tenant.id), "tenants")
        return tenant, passwords

    async def suspend(self, tenant_id: UUID) -> Tenant:
        """Let nobody of an agency work until it is resumed; whoever is there is thrown out."""
        tenant = await self._set(tenant_id, TenantState.SUSPENDED)
        async with self._unit.within(self._system_of(tenant_id)):
            for session_id, person_id in await repository.end_sessions(self._unit.session, self._unit.now):
                self._unit.tell("session", "SessionEnded", session_id=session_id, person_id=person_id)
            self._unit.remember(AuditAction.TENANT_SUSPENDED, ("tenant", tenant_id))
            self._unit.announce(TenantSuspended(tenant_id), "tenants")
        self._unit.remember(AuditAction.TENANT_SUSPENDED, ("tenant", tenant_id), code=tenant.code)
        self._unit.tell("tenants", TenantSuspended.__name__, tenant_id=tenant_id)
        return tenant

    async def resume(self, tenant_id: UUID) -> Tenant:
        """Let an agency work again."""
        tenant = await self._set(tenant_id, TenantState.ACTIVE)
        async with self._unit.within(self._system_of(tenant_id)):
            self._unit.remember(AuditAction.TENANT_RESUMED, ("tenant", tenant_id))
            self._unit.announce(TenantResumed(tenant_id), "tenants")
        self._unit.remember(AuditAction.TENANT_RESUMED, ("tenant", tenant_id), code=tenant.code)
        self._unit.tell("tenants", TenantResumed.__name__, tenant_id=tenant_id)
        return tenant

    async def platform(self) -> UUID:
        """Return the platform's own agency, making it where there is none yet."""
        async with self._unit.within(self._across()):
            tenant = await repository.by_code(self._unit.session, PLATFORM_CODE)
            if tenant is not None:
                return tenant.id
            tenant = await self._insert(PLATFORM_CODE, PLATFORM_NAME)
        async with self._unit.within(self._system_of(tenant.id)):
            self._unit.remember(AuditAction.TENANT_CREATED, ("tenant", tenant.id), code=tenant.code, name=tenant.name)
            await OrgUnits(self._unit).plant(PLATFORM_NAME)
        return tenant.id

    async def add_operator(self, person: FirstPerson) -> InitialPassword:
        """Give the platform one more operator."""
        await self._check_platform()
        root_id = next(unit for unit, parent in (await OrgUnits(self._unit).parents()).items() if parent is None)
        return await self._appoint(person, PLATFORM_OPERATOR.code, root_id)

    async def _set(self, tenant_id: UUID, state: TenantState) -> Tenant:
        await self._check_platform()
        async with self._unit.within(self._across()):
            tenant = await repository.locked(self._unit.session, tenant_id)
            if tenant is None:
                raise NotFound
            if tenant.code == PLATFORM_CODE:
                raise PlatformStays
            tenant.state = state
            tenant.version += 1
        return tenant

    async def _insert(self, code: str, name: str) -> Tenant:
        tenant = Tenant(
            id=new_id(), code=code, name=name, state=TenantState.ACTIVE, created_at=self._unit.now, version=1
        )
        async with refused_as(self._unit.session, {"uq_tenants_code": TenantCodeTaken(tenant_code=code)}):
            self._unit.session.add(tenant)
        return tenant

    async def _appoint(self, person: FirstPerson, role: str, unit_id: UUID) -> InitialPassword:
        grants = [GrantAsked(role, Scope.TENANT)]
        _, password = await People(self._unit).add(person.employee_no, person.name, person.phone, unit_id, grants)
        return InitialPassword(role, person.employee_no, password)

    async def _check_platform(self) -> None:
        """Refuse everybody whose own agency is not the platform, whatever she was granted there."""
        own = await self._unit.session.get(Tenant, self._unit.tenant_id)
        if own is None or own.code != PLATFORM_CODE:
            raise PlatformOnly

    def _across(self) -> Caller:
        return replace(self._unit.caller, across_tenants=True)

    def _system_of(self, tenant_id: UUID) -> Caller:
        # The agency's log says that the platform did it; who of the platform it was stands in the platform's log.
        return replace(the_system(tenant_id), ip=self._unit.caller.ip, device=self._unit.caller.device)


async def every_tenant(units: Units) -> Sequence[Tenant]:
    """Return all agencies, the platform's own included; for jobs and commands that go from one to the next."""
    async with units.begin(the_system(across_tenants=True)) as unit:
        return await repository.all_of_them(unit.session)
