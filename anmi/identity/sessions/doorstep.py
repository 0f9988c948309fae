"""What is told to those who stand before the door."""

from __future__ import annotations

from anmi.identity.sessions import repository
from anmi.identity.tenants.models import Tenant
from anmi.kit.caller import the_system
from anmi.kit.errors import NotFound
from anmi.kit.unit_of_work import UnitOfWork


async def agency_by_code(unit: UnitOfWork, code: str) -> Tenant:
    """Return the agency with this code."""
    await unit.enter(the_system(across_tenants=True))
    tenant = await repository.tenant_by_code(unit.session, code)
    if tenant is None:
        raise NotFound
    return tenant
