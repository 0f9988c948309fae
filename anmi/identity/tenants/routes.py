"""Agencies over HTTP, for the operator of the platform."""

from __future__ import annotations

from anmi.core.permissions import Permission
from anmi.identity.tenants.schemas import InitialPasswordSeen, TenantCreatedSeen, TenantSeen, TenantToCreate
from anmi.identity.tenants.service import Tenants
from anmi.kit.paging import Page
from anmi.kit.web import Id, PageAsk, Unit, requires, room

router = room("/platform/tenants")

reads = requires(Permission.TENANTS_READ)
writes = requires(Permission.TENANTS_WRITE)


@router.get("", dependencies=[reads])
async def list_tenants(unit: Unit, ask: PageAsk) -> Page[TenantSeen]:
    """Return the agencies of this installation."""
    tenants, following, total = await Tenants(unit).page(ask)
    return Page(items=[TenantSeen.model_validate(tenant) for tenant in tenants], next=following, total=total)


@router.post("", status_code=201, dependencies=[writes])
async def create_tenant(unit: Unit, body: TenantToCreate) -> TenantCreatedSeen:
    """Make an agency; the passwords of its administrators are in this answer and nowhere else."""
    tenant, passwords = await Tenants(unit).create(body.code, body.name, body.administrators())
    return TenantCreatedSeen(
        tenant=TenantSeen.model_validate(tenant),
        initial_passwords=[InitialPasswordSeen.model_validate(password) for password in passwords],
    )


@router.post("/{id}/suspend", dependencies=[writes])
async def suspend_tenant(unit: Unit, tenant_id: Id) -> TenantSeen:
    """Let nobody of an agency work until it is resumed."""
    return TenantSeen.model_validate(await Tenants(unit).suspend(tenant_id))


@router.post("/{id}/resume", dependencies=[writes])
async def resume_tenant(unit: Unit, tenant_id: Id) -> TenantSeen:
    """Let an agency work again."""
    return TenantSeen.model_validate(await Tenants(unit).resume(tenant_id))
