"""People for tests: an agency with a root unit, persons with grants, and a browser signed in as one of them.

They are written straight into the tables: a test of a room begins where the rooms before it left off.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from uuid import UUID

import httpx
from fastapi import FastAPI, Request
from typing_extensions import override

from anmi.core.permissions import Scope
from anmi.core.rights import EVERYTHING, Rights
from anmi.identity.org_units.models import OrgUnit, UnitKind
from anmi.identity.org_units.service import OrgUnits
from anmi.identity.people.models import NAME, PHONE, PHONE_TAIL, Person, PersonGrant, PersonState
from anmi.identity.sessions.gate import SessionGate
from anmi.identity.sessions.standing import agency_of, standing_of
from anmi.identity.tenants.models import PLATFORM_CODE, Tenant, TenantState
from anmi.identity.tenants.service import Tenants
from anmi.kit.caller import Caller, CallerKind, the_system
from anmi.kit.errors import NotSignedIn
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import Units
from anmi.kit.web import Requirement

_NUMBERS = itertools.count(1)

# Nobody logs in with it: tests that do set a password of their own.
NO_PASSWORD = "$argon2id$none"


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency and the root of its tree."""

    tenant_id: UUID
    code: str
    root_id: UUID


async def an_agency(units: Units, code: str | None = None, name: str = "演示催收公司", state: str = "active") -> Agency:
    """Make an agency of one unit."""
    tenant_id, root_id = new_id(), new_id()
    code = code or f"demo-{next(_NUMBERS)}-{tenant_id.hex[-6:]}"
    async with units.begin(the_system(tenant_id, across_tenants=True)) as unit:
        unit.session.add(
            Tenant(id=tenant_id, code=code, name=name, state=TenantState(state), created_at=unit.now, version=1)
        )
        await unit.session.flush()
        unit.session.add(
            OrgUnit(id=root_id, tenant_id=tenant_id, parent_id=None, name=name, kind=UnitKind.COMPANY, version=1)
        )
    return Agency(tenant_id, code, root_id)


async def the_platform(units: Units) -> Agency:
    """Return the operator's own agency, made where there is none."""
    async with units.begin(the_system()) as unit:
        tenant_id = await Tenants(unit).platform()
    async with units.begin(the_system(tenant_id)) as unit:
        parents = await OrgUnits(unit).parents()
    return Agency(tenant_id, PLATFORM_CODE, next(unit for unit, parent in parents.items() if parent is None))


async def a_unit(
    units: Units, agency: Agency, name: str = "一组", parent_id: UUID | None = None, kind: UnitKind = UnitKind.TEAM
) -> UUID:
    """Hang a unit under another, or under the root."""
    unit_id = new_id()
    async with units.begin(the_system(agency.tenant_id)) as unit:
        unit.session.add(
            OrgUnit(
                id=unit_id,
                tenant_id=agency.tenant_id,
                parent_id=parent_id or agency.root_id,
                name=name,
                kind=kind,
                version=1,
            )
        )
    return unit_id


async def a_person(
    units: Units,
    agency: Agency,
    *roles: str,
    unit_id: UUID | None = None,
    scope: Scope = Scope.TENANT,
    name: str = "测试员",
    phone: str | None = None,
    employee_no: str | None = None,
    state: PersonState = PersonState.ACTIVE,
    password_hash: str = NO_PASSWORD,
    must_change_password: bool = False,
) -> UUID:
    """Give somebody an account, with `roles` as far as `scope` from her unit."""
    number = next(_NUMBERS)
    phone = phone or f"139{number:08d}"
    person_id, unit_id = new_id(), unit_id or agency.root_id
    async with units.begin(the_system(agency.tenant_id)) as unit:
        unit.session.add(
            Person(
                id=person_id,
                tenant_id=agency.tenant_id,
                employee_no=employee_no or f"T{number:05d}",
                name_sealed=unit.seal(NAME, name),
                name_index=unit.index(NAME, name),
                phone_sealed=unit.seal(PHONE, phone),
                phone_index=unit.index(PHONE, phone),
                phone_tail_index=unit.index(PHONE_TAIL, phone[-4:]),
                unit_id=unit_id,
                state=state,
                created_at=unit.now,
                password_hash=password_hash,
                password_changed_at=unit.now,
                must_change_password=must_change_password,
                version=1,
            )
        )
    for role in roles:
        await a_grant(units, agency, person_id, role, scope, unit_id)
    return person_id


async def a_grant(
    units: Units, agency: Agency, person_id: UUID, role: str, scope: Scope = Scope.TENANT, unit_id: UUID | None = None
) -> None:
    """Give somebody a role."""
    async with units.begin(the_system(agency.tenant_id)) as unit:
        unit.session.add(
            PersonGrant(
                id=new_id(),
                tenant_id=agency.tenant_id,
                person_id=person_id,
                role=role,
                scope=scope,
                unit_id=unit_id or agency.root_id,
            )
        )


async def as_caller(units: Units, agency: Agency, person_id: UUID) -> Caller:
    """Return somebody as a unit of work knows her, with the rights her grants come to."""
    async with units.begin(the_system(agency.tenant_id)) as unit:
        person = await unit.session.get_one(Person, person_id)
        found = await agency_of(unit.session, agency.tenant_id)
        assert found is not None
        standing = await standing_of(unit.session, found, person_id)
        return Caller(
            CallerKind.PERSON,
            agency.tenant_id,
            person_id=person_id,
            unit_id=person.unit_id,
            ip="192.0.2.7",
            device="tests",
            rights=standing.rights,
        )


def somebody(agency: Agency, rights: Rights = EVERYTHING, person_id: UUID | None = None) -> Caller:
    """Return a caller with rights of the test's choosing, who need not stand in the tables."""
    return Caller(CallerKind.PERSON, agency.tenant_id, person_id or new_id(), agency.root_id, rights=rights)


class OpenGate(SessionGate):
    """Stands in for the gate: whoever comes is the one it was told of. Sessions have tests of their own."""

    def __init__(self, units: Units) -> None:
        super().__init__(units)
        self.caller = Caller(CallerKind.STRANGER)

    @override
    async def admit(self, request: Request, requirement: Requirement) -> Caller:
        """Return whom it was told of; on public routes everybody is a stranger."""
        if requirement.level == "public":
            return Caller(CallerKind.STRANGER)
        if self.caller.kind is CallerKind.STRANGER:
            raise NotSignedIn
        return self.caller


def app_of(client: httpx.AsyncClient) -> FastAPI:
    """Return the application behind a client."""
    transport = client._transport
    assert isinstance(transport, httpx.ASGITransport)
    return transport.app  # type: ignore[return-value]


async def signed_in_as(client: httpx.AsyncClient, units: Units, agency: Agency, person_id: UUID) -> None:
    """From now on the client's requests come from this person, with the rights she has at this moment."""
    comes_in(client, await as_caller(units, agency, person_id))


def comes_in(client: httpx.AsyncClient, caller: Caller) -> None:
    """From now on the client's requests come from this caller."""
    gate = app_of(client).state.gate
    if not isinstance(gate, OpenGate):
        gate = app_of(client).state.gate = OpenGate(app_of(client).state.units)
    gate.caller = caller
